"""Custom fields: what an organisation wants to know of its records beyond what every one does (TEN-23)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.tenancy import custom_fields
from tenantry.tenancy.custom_fields import ENTITIES, TYPES, FieldView, NewField
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Input, Section, named, taken
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import deletes, edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Link

EDIT = "setup:edit"
ABOVE = Link("Custom Fields", "/setup/custom-fields")
TYPE_NAMES = {"text": "Text", "number": "Number", "date": "Date", "choice": "Choice", "yes_no": "Yes or no"}
SHOWN = (
    Input("label", "Label", required=True, help="Its name on the screen."),
    Input("group", "Heading", help="It stands under this heading."),
    Input("position", "Place", "number", help="Its place under the heading: 0 is first."),
    Input("default_value", "Default", help="For a yes or no: yes or no. For a date: 2026-12-31."),
    Input("compulsory", "Compulsory", "checkbox"),
    Input("choices", "Choices", "textarea", help="One a line; for the type Choice only."),
)
NEW = (
    Section(
        "Field",
        (
            Input("entity", "Belongs to", "select", required=True),
            Input("type", "Type", "select", required=True),
            Input("name", "Name", required=True, help="In the API: small letters, digits and underscores."),
            *SHOWN,
        ),
        "What it belongs to, its type and its name are for ever.",
    ),
)
CHANGED = (Section("Field", SHOWN),)

router = APIRouter()


@router.get("/setup/custom-fields")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """List the fields."""
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (
                Cell(one.label, url=f"/setup/custom-fields/{one.id}/edit" if may_edit else "", note=one.name),
                one.entity.capitalize(),
                TYPE_NAMES[one.type],
                "Yes" if one.compulsory else "No",
                one.group,
            ),
            (
                edits(one.id, f"/setup/custom-fields/{one.id}/edit"),
                deletes(one.id, f"/setup/custom-fields/{one.id}/delete", "Nobody sees its values any more."),
            )
            if may_edit
            else (),
        )
        for one in custom_fields.custom_fields(work)
    ]
    new_ = allowed(Action("new", "New field", "plus", "/setup/custom-fields/new", primary=True), work.actor, EDIT)
    empty = Empty("No custom fields yet", "Define what you want to know of your records.", "forms", new_)
    columns = (
        column("Field"),
        column("Belongs to"),
        column("Type", phone=False),
        column("Compulsory", phone=False),
        column("Heading", phone=False),
    )
    subtitle = "What you want to know of your records beyond what everybody does."
    return table_page(request, "Custom Fields", subtitle, columns, rows, empty, (new_,))


@router.get("/setup/custom-fields/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a field."""
    return _form(request, None)


@router.post("/setup/custom-fields/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Define the field."""
    given = _given(taken(form, NEW, words(request)))
    _, faults = attempt(work, lambda: custom_fields.define(work, NewField(**given)))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, ABOVE.url, said("The field was defined."))


@router.get("/setup/custom-fields/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, _one(work, id))


@router.post("/setup/custom-fields/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the field."""
    changes = _given(taken(form, CHANGED, words(request)))
    _, faults = attempt(work, lambda: custom_fields.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The field was saved."))


@router.post("/setup/custom-fields/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the field."""
    custom_fields.delete(work, id)
    return goto(request, ABOVE.url, said("The field was deleted."))


def _given(given: dict[str, Any]) -> dict[str, Any]:
    lines = [line.strip() for line in str(given.get("choices") or "").splitlines()]
    given["choices"] = [line for line in lines if line]
    given["default_value"] = given.get("default_value") or None
    given["position"] = given.get("position") or 0
    return {name: "" if value is None and name in {"entity", "type"} else value for name, value in given.items()}


def _one(work: Work, id: UUID) -> FieldView:
    for one in custom_fields.custom_fields(work):
        if one.id == id:
            return one
    raise NotFound("custom field")


def _form(
    request: Request, view: FieldView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    values: dict[str, Any] = {"entity": "account", "type": "text", "position": 0}
    if view:
        kept = view.default_value
        default = ("yes" if kept else "no") if isinstance(kept, bool) else kept
        values = {**vars(view), "choices": "\n".join(view.choices), "default_value": default}
    return setup_form(
        request,
        f"Edit {view.label}" if view else "New field",
        ABOVE,
        CHANGED if view else NEW,
        values,
        url=f"/setup/custom-fields/{view.id}/edit" if view else "/setup/custom-fields/new",
        choices={
            "entity": named({entity: entity.capitalize() for entity in ENTITIES}),
            "type": named({type_: TYPE_NAMES[type_] for type_ in TYPES}),
        },
        faults=faults,
        typed=typed,
        version=view.version if view else None,
        note=f"{TYPE_NAMES[view.type]} of {view.entity}, {view.name} in the API" if view else "",
    )
