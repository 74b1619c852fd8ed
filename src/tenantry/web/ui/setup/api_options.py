"""Use of API Options: who looks after records that the system creates, and who sees them (TEN-22)."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound
from tenantry.tenancy import api_options, queries
from tenantry.tenancy.api_options import ApiOptionView
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text
from tenantry.web.ui.inputs import Input, Section, records
from tenantry.web.ui.setup.drawing import edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Cell, Empty, Link

ABOVE = Link("Use of API Options", "/setup/api-options")
FALLS_BACK = "Falls back"
SECTIONS = (
    Section(
        "Records that the system creates",
        (
            Input("responsible_user_id", "Responsible user", "select", none=FALLS_BACK),
            Input("permission_rule_id", "Permission rule", "select", none=FALLS_BACK),
        ),
        "What is not chosen falls back to the account's options, then to the admin user and the default rule.",
    ),
)
PLURALS = {name: name.capitalize() + "s" for name in api_options.ENTITIES}

router = APIRouter()


@router.get("/setup/api-options")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """Show the options of every kind of record."""
    people = {one.id: one.name for one in queries.people(work)}
    rules = {one.id: one.name for one in queries.rules(work)}
    rows = [
        row(
            one.entity,
            (
                PLURALS[one.entity],
                _applied(people.get(one.applied_user_id, ""), chosen=one.responsible_user_id is not None),
                _applied(rules.get(one.applied_rule_id, ""), chosen=one.permission_rule_id is not None),
            ),
            (edits(one.entity, f"/setup/api-options/{one.entity}/edit"),) if work.actor.may("setup:edit") else (),
        )
        for one in api_options.api_options(work)
    ]
    columns = (column("Records"), column("Responsible user"), column("Permission rule"))
    subtitle = (
        "Who looks after records that the system creates, such as those that resellers send up, and who sees them."
    )
    return table_page(request, ABOVE.title, subtitle, columns, rows, Empty("No options"))


@router.get("/setup/api-options/{entity}/edit")
@may("setup:edit")
def edit(work: Work, request: Request, entity: str) -> Response:
    """Ask for the changes."""
    return _form(work, request, _one(work, entity))


@router.post("/setup/api-options/{entity}/edit")
@may("setup:edit")
def save(work: Work, request: Request, entity: str, form: Form) -> Response:
    """Choose user and rule."""
    view = _one(work, entity)
    names = ("responsible_user_id", "permission_rule_id")
    changes = {name: as_id(text(form, name)) if text(form, name) else None for name in names}
    _, faults = attempt(work, lambda: api_options.edit(work, entity, changes))
    if faults:
        return _form(work, request, view, faults, form)
    return goto(request, ABOVE.url, said(f"The options of {PLURALS[entity].lower()} were saved."))


def _applied(name: str, *, chosen: bool) -> Cell:
    return Cell(name, note="" if chosen else "falls back")


def _one(work: Work, entity: str) -> ApiOptionView:
    for one in api_options.api_options(work):
        if one.entity == entity:
            return one
    raise NotFound("kind of record")


def _form(
    work: Work,
    request: Request,
    view: ApiOptionView,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    return setup_form(
        request,
        f"API options of {PLURALS[view.entity].lower()}",
        ABOVE,
        SECTIONS,
        vars(view),
        url=f"/setup/api-options/{view.entity}/edit",
        choices={
            "responsible_user_id": records(queries.people(work)),
            "permission_rule_id": records(queries.rules(work)),
        },
        faults=faults,
        typed=typed,
    )
