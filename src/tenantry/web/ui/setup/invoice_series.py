"""Series of invoice numbers: what stands before them, and how many days one has to pay (BIL-04)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import series
from tenantry.billing.series import SeriesView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Input, Section
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Cell, Empty, Link

EDIT = "setup:edit"
ABOVE = Link("Invoice Series", "/setup/invoice-series")
SECTIONS = (
    Section(
        "Series",
        (
            Input("name", "Name", required=True),
            Input("prefix", "Before the number", help="Such as INV-. What was issued keeps its number."),
            Input("days_to_pay", "Days to pay", "number", required=True),
        ),
    ),
)
COLUMNS = (column("Series"), column("Next number"), column("Days to pay", number=True))

router = APIRouter()


@router.get("/setup/invoice-series")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """List the series."""
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (
                Cell(one.name, note="The default" if one.is_default else ""),
                f"{one.prefix}{one.next}",
                str(one.days_to_pay),
            ),
            _buttons(one) if may_edit else (),
        )
        for one in series.series(work)
    ]
    new_ = allowed(Action("new", "New series", "plus", "/setup/invoice-series/new", primary=True), work.actor, EDIT)
    empty = Empty("No series yet", "Invoices are numbered in a series.", "list-details", new_)
    subtitle = "How invoices are numbered: each series without gaps."
    return table_page(request, ABOVE.title, subtitle, COLUMNS, rows, empty, (new_,))


@router.get("/setup/invoice-series/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a series."""
    return _form(request, None)


@router.post("/setup/invoice-series/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the series."""
    given = {"name": "", "prefix": "", **taken(form, SECTIONS, words(request))}
    _, faults = attempt(work, lambda: series.create(work, **given))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, ABOVE.url, said("The series was created."))


@router.get("/setup/invoice-series/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, _one(work, id))


@router.post("/setup/invoice-series/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the series."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: series.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The series was saved."))


@router.post("/setup/invoice-series/{id}/default")
@may(EDIT)
def make_default(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make it the default."""
    series.make_default(work, id)
    return goto(request, ABOVE.url, said("It is the default now."))


def _buttons(one: SeriesView) -> list[Action]:
    base = f"/setup/invoice-series/{one.id}"
    default = Action(f"default-{one.id}", "Make Default", "check", f"{base}/default", "post")
    return [*([] if one.is_default else [default]), edits(one.id, f"{base}/edit")]


def _one(work: Work, id: UUID) -> SeriesView:
    for one in series.series(work):
        if one.id == id:
            return one
    raise NotFound("invoice series")


def _form(
    request: Request, view: SeriesView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    return setup_form(
        request,
        f"Edit {view.name}" if view else "New series",
        ABOVE,
        SECTIONS,
        vars(view) if view else {"days_to_pay": 14},
        url=f"/setup/invoice-series/{view.id}/edit" if view else "/setup/invoice-series/new",
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
