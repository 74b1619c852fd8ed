"""What became of every account of a handover, as a file (HND-04)."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tenantry.channel.handovers import queries
from tenantry.channel.handovers.queries import STAYED, RecordResult
from tenantry.database import Database, Work
from tenantry.tenancy.listing.export import FORMULA
from tenantry.web.http.access import may
from tenantry.web.ui.channel import handover_views as views, result_views
from tenantry.web.ui.ids import Id

AT_ONCE = 1_000
HEAD = ("Number", "Account", "Plan", "Result", "Why", "Id")

router = APIRouter()


@router.get("/handovers/{id}/results.csv")
@may("handover:view")
def results(work: Work, request: Request, id: Id, outcome: str = "", q: str = "") -> Response:
    """Give the results as CSV, without holding them in memory."""
    view = queries.handover_(work, id)
    wanted = outcome if outcome in result_views.OUTCOMES else None
    database: Database = request.app.state.database
    return StreamingResponse(
        _lines(database, work, id, wanted, q),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="handover-{view.number}-results.csv"',
            "cache-control": "no-store",
        },
    )


def _lines(database: Database, work: Work, id_: UUID, outcome: str | None, search: str) -> Iterator[bytes]:
    # The request's own unit of work has ended when the file is sent.
    with database.work(work.tenant_id, work.actor) as reading:
        yield "\ufeff".encode() + _line(HEAD)
        cursor: str | None = None
        while True:
            found = queries.results(reading, id_, cursor=cursor, limit=AT_ONCE, outcome=outcome, search=search)
            yield b"".join(_line(_cells(one)) for one in found)
            if len(found) < AT_ONCE:
                return
            cursor = str(found[-1].id)


def _cells(one: RecordResult) -> tuple[str, ...]:
    label, _ = result_views.OUTCOMES[one.outcome or STAYED]
    number = "" if one.number is None else str(one.number)
    return (number, one.name, views.VERDICTS[one.verdict], label, result_views.why(one), str(one.id))


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    # What a spreadsheet would take for a formula gets a quote before it.
    csv.writer(text).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return text.getvalue().encode()
