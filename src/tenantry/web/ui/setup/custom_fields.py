"""Custom fields: what an organisation wants to know of its records beyond what every one does (TEN-23)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenantry.database import Work
from tenantry.tenancy import custom_fields
from tenantry.tenancy.custom_fields import ENTITIES, TYPES, FieldView, NewField
from tenantry.web.ui.inputs import Input, Section, named
from tenantry.web.ui.setup.entries import Entries, routes
from tenantry.web.ui.tables import column
from tenantry.web.ui.views import Cell, Link

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


def _given(given: Mapping[str, Any]) -> dict[str, Any]:
    lines = [line.strip() for line in str(given.get("choices") or "").splitlines()]
    read = {
        **given,
        "choices": [line for line in lines if line],
        "default_value": given.get("default_value") or None,
        "position": given.get("position") or 0,
    }
    return {name: "" if value is None and name in {"entity", "type"} else value for name, value in read.items()}


def _begins(one: FieldView | None) -> dict[str, Any]:
    if one is None:
        return {"entity": "account", "type": "text", "position": 0}
    kept = one.default_value
    default = ("yes" if kept else "no") if isinstance(kept, bool) else kept
    return {**vars(one), "choices": "\n".join(one.choices), "default_value": default}


def _edit(work: Work, id: UUID, changes: Mapping[str, Any], /, *, version: int | None) -> None:
    custom_fields.edit(work, id, _given(changes), version=version)


FIELDS = Entries[FieldView](
    link=Link("Custom Fields", "/setup/custom-fields"),
    noun="field",
    short="field",
    subtitle="What you want to know of your records beyond what everybody does.",
    nothing="Define what you want to know of your records.",
    icon="forms",
    columns=(
        column("Field"),
        column("Belongs to"),
        column("Type", phone=False),
        column("Compulsory", phone=False),
        column("Heading", phone=False),
    ),
    cells=lambda one, url: (
        Cell(one.label, url=url, note=one.name),
        one.entity.capitalize(),
        TYPE_NAMES[one.type],
        "Yes" if one.compulsory else "No",
        one.group,
    ),
    named=lambda one: one.label,
    read=custom_fields.custom_fields,
    asked=NEW,
    changed=CHANGED,
    begins=_begins,
    choices={
        "entity": named({entity: entity.capitalize() for entity in ENTITIES}),
        "type": named({type_: TYPE_NAMES[type_] for type_ in TYPES}),
    },
    note=lambda one: f"{TYPE_NAMES[one.type]} of {one.entity}, {one.name} in the API",
    create=lambda work, given: custom_fields.define(work, NewField(**_given(given))),
    created="defined",
    edit=_edit,
    delete=custom_fields.delete,
    before_deleting="Nobody sees its values any more.",
)

router = routes(FIELDS)
