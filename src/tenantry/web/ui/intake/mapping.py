"""Say by hand where columns go, what stands in for what the file lacks, and which rows are left out (CAT-04)."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.intake import actions, queries
from tenantry.intake.options import DEFAULTABLE
from tenantry.kernel.problems import Conflict, Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text, texts, ticked
from tenantry.web.ui.ids import Id
from tenantry.web.ui.intake.imports import page
from tenantry.web.ui.views import Flash

router = APIRouter()


@router.post("/imports/{id}/mapping")
@may("imports:edit")
def match_by_hand(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Plan anew with the columns and defaults as they were chosen."""
    view = queries.import_(work, id)
    chosen = {
        heading: text(form, f"column-{place}")
        for place, heading in enumerate(view.columns)
        if f"column-{place}" in form
    }
    try:
        with work.connection.begin_nested():
            year = {"year": text(form, "year")} if "year" in form else {}
            actions.map(work, id, chosen, _defaults(form), skip_duplicates=ticked(form, "skip_duplicates"), **year)
    except Invalid as problem:
        return page(work, request, view, faults=problem.faults)
    except Conflict as problem:
        return goto(request, f"/imports/{id}", Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    return goto(request, f"/imports/{id}", said("Every row was judged anew."))


@router.post("/imports/{id}/rows")
@may("imports:edit")
def choose(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Leave rows out, or take them in again."""
    lines = [int(one) for one in texts(form, "lines") if one.isascii() and one.isdigit() and len(one) < 10]  # noqa: PLR2004
    back = f"/imports/{id}?verdict={text(form, 'verdict') or 'all'}#rows"
    if not lines:
        return goto(request, back, Flash("No row was chosen.", "warn", "CAT-04"))
    take = text(form, "do") == "take"
    actions.choose(work, id, lines, take)
    many = f"{len(lines)} {'row' if len(lines) == 1 else 'rows'}"
    return goto(request, back, said(f"{many} taken in again." if take else f"{many} left out."))


def _defaults(form: FormData) -> dict[str, str]:
    return {name: value for name in DEFAULTABLE if (value := text(form, f"default-{name}"))}
