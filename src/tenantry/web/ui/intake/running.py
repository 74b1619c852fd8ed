"""Confirm an import by the digest that was seen, cancel it, and give the refused rows back as a file."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tenantry.database import Database, Work
from tenantry.intake import actions, queries
from tenantry.kernel.problems import Conflict
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.views import Flash

router = APIRouter()
STALE = frozenset({"stale-digest", "stale-plan"})


@router.post("/imports/{id}/confirmation")
@may("imports:edit")
def confirm(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Bring in what is ready; when the plan has changed, show the new one and say so."""
    here = f"/imports/{id}"
    try:
        with work.connection.begin_nested():
            actions.confirm(work, id, text(form, "digest"))
    except Conflict as problem:
        if problem.code == "stale-plan":
            actions.plan(work, id)
        if problem.code in STALE:
            again = "Nothing was imported: every row was judged anew. Look at it and confirm again."
            return goto(request, here, Flash(f"{problem.message} {again}", "warn", problem.rule))
        return goto(request, here, Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    done = queries.import_(work, id)
    if done.status == "running":
        return goto(request, here, said("Confirmed. You may leave this page; the import goes on."))
    many = f"{done.done:,} {done.kind.removesuffix('s') if done.done == 1 else done.kind}"
    return goto(request, here, said(f"{many} {'was' if done.done == 1 else 'were'} imported."))


@router.post("/imports/{id}/cancellation")
@may("imports:edit")
def cancel(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Withdraw a plan, or stop a run; batches that were brought in stay."""
    try:
        actions.cancel(work, id)
    except Conflict as problem:
        return goto(request, f"/imports/{id}", Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    return goto(request, f"/imports/{id}", said("The import was cancelled."))


@router.get("/imports/{id}/refused.csv")
@may("imports:view")
def refused(work: Work, request: Request, id: Id) -> Response:
    """Give the refused rows with their reasons: to be mended and brought again."""
    view = queries.import_(work, id)
    database: Database = request.app.state.database

    def lines() -> Iterator[str]:
        # The request's own unit of work has ended when the file is sent.
        with database.work(work.tenant_id, work.actor) as reading:
            yield from queries.refused_csv(reading, view.id)

    name = view.file_name.rsplit(".", 1)[0].encode("ascii", "ignore").decode().replace('"', "") or "import"
    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}-refused.csv"', "cache-control": "no-store"},
    )
