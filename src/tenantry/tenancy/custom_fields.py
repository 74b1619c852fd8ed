"""Custom fields: what a tenant wants to know beyond what every tenant does (TEN-23)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.tenant import custom_field
from tenantry.tenancy import audit, records
from tenantry.tenancy.custom_values import LONGEST_TEXT, NotThat, Value, read
from tenantry.tenancy.permissions import require

ENTITIES: tuple[str, ...] = tuple(custom_field.c.entity.info["values"])
TYPES: tuple[str, ...] = tuple(custom_field.c.type.info["values"])
EDITABLE = frozenset({"label", "compulsory", "default_value", "choices", "group", "position"})
MOST_FIELDS, MOST_CHOICES, LAST_POSITION = 200, 500, 10_000


@dataclass(frozen=True)
class NewField:
    """A field that is to be defined; `name` is its word in the API, `label` on the screen."""

    entity: str
    name: str
    label: str
    type: str
    compulsory: bool = False
    default_value: object = None
    choices: Sequence[str] = ()
    group: str = ""
    position: int = 0


@dataclass(frozen=True)
class FieldView:
    """A field as it is defined."""

    id: UUID
    entity: str
    name: str
    label: str
    type: str
    compulsory: bool
    default_value: str | bool | None
    choices: tuple[str, ...]
    group: str
    position: int
    version: int


def custom_fields(work: Work, entity: str | None = None) -> tuple[FieldView, ...]:
    """List the fields, of one kind of record or of all, in the order in which screens show them."""
    f = custom_field.c
    query = (
        sa.select(*(f[name] for name in FieldView.__dataclass_fields__))
        .where(f.tenant_id == work.tenant_id)
        .order_by(f.entity, f.group, f.position, f.name)
    )
    if entity is not None:
        query = query.where(f.entity == entity)
    return tuple(
        FieldView(**{**row, "choices": tuple(row["choices"])}) for row in work.connection.execute(query).mappings()
    )


def validate(
    work: Work, entity: str, values: Mapping[str, object], *, before: Mapping[str, object] | None = None
) -> dict[str, Value]:
    """Give the values to keep; raises Invalid with a fault for every field that is wrong, named `custom_fields.<name>`.

    For a new record defaults are filled in and what is compulsory is demanded. With `before`, what the record
    holds, only the given fields change; an empty one is taken out.
    """
    fields = {field.name: field for field in custom_fields(work, entity)}
    kept: dict[str, Value] = {name: value for name, value in (before or {}).items() if isinstance(value, Value)}
    faults = []
    for name in values:
        if name not in fields:
            remedy = f"These are: {', '.join(sorted(fields)) or 'none'}."
            faults.append(_fault(name, "There is no such custom field.", remedy))
    for name, field in fields.items():
        if name not in values and before is not None:
            continue
        given = values.get(name, field.default_value)
        try:
            value = read(field.type, field.choices, given)
        except NotThat as error:
            faults.append(_fault(name, f"{field.label} is not {error}.", f"Give {error}."))
            continue
        if value is None:
            kept.pop(name, None)
            if field.compulsory:
                faults.append(_fault(name, f"{field.label} must be filled.", "Fill it in."))
        else:
            kept[name] = value
    if faults:
        raise Invalid(*faults)
    return kept


def define(work: Work, new: NewField) -> UUID:
    """Define a field; its entity, name and type are for ever, since values are kept under them."""
    require(work, "setup:edit")
    faults = _new_faults(new)
    values: dict[str, Any] = {
        "label": new.label.strip() or new.name,
        "compulsory": new.compulsory,
        "default_value": new.default_value,
        "choices": list(new.choices),
        "group": new.group.strip(),
        "position": new.position,
    }
    faults += _faults(values, new.type)
    if faults:
        raise Invalid(*faults)
    count = sa.select(sa.func.count()).select_from(custom_field).where(custom_field.c.tenant_id == work.tenant_id)
    if (work.connection.scalar(count) or 0) >= MOST_FIELDS:
        raise Refused(no("TEN-23", f"There are {MOST_FIELDS} custom fields already."), "Delete one first.")
    values["default_value"] = read(new.type, values["choices"], new.default_value)
    field_id = new_id()
    with records.unique(work, records.taken("name", new.name, "TEN-23")):
        work.connection.execute(
            sa.insert(custom_field).values(
                tenant_id=work.tenant_id, id=field_id, entity=new.entity, name=new.name, type=new.type, **_row(values)
            )
        )
    sentence = f"Defined the custom field {values['label']!r} of {new.entity}."
    audit.note(work, "custom_fields.define", sentence, field_id, **values)
    return field_id


def edit(work: Work, field_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change how a field is shown and what it demands; values that records have already stay as they are."""
    require(work, "setup:edit")
    changes = records.trimmed(changes)
    row = records.locked(work, custom_field, field_id, version=version)
    before = {field: row._mapping[field] for field in EDITABLE}  # noqa: SLF001 - SQLAlchemy's public name
    faults = records.unknown_fields(changes, EDITABLE, "TEN-23")
    if not faults:
        faults = _faults({**before, **changes}, row.type)
    if faults:
        raise Invalid(*faults)
    if "default_value" in changes:
        choices = changes.get("choices", row.choices)
        changes["default_value"] = read(row.type, choices, changes["default_value"])
    records.write(work, custom_field, field_id, _row(changes))
    differences = audit.changed(before, changes)
    audit.note(work, "custom_fields.edit", f"Changed the custom field {row.label!r}.", field_id, changes=differences)


def delete(work: Work, field_id: UUID) -> None:
    """Delete a field; records keep what they hold under its name, though nobody sees it any more."""
    require(work, "setup:edit")
    row = records.locked(work, custom_field, field_id)
    records.remove(work, custom_field, custom_field.c.id == field_id)
    sentence = f"Deleted the custom field {row.label!r} of {row.entity}."
    audit.note(work, "custom_fields.delete", sentence, field_id)


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write an absent default as SQL's null: JSON has a null of its own, which would be a value."""
    if values.get("default_value", "") is None:
        return {**values, "default_value": sa.null()}
    return dict(values)


def _new_faults(new: NewField) -> list[Fault]:
    faults = []
    if new.entity not in ENTITIES:
        faults.append(Fault("entity", "Such records have none.", "TEN-23", f"One of {', '.join(ENTITIES)}."))
    if new.type not in TYPES:
        faults.append(Fault("type", "There is no such type.", "TEN-23", f"One of {', '.join(TYPES)}."))
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", new.name):
        remedy = "Small letters, digits and underscores, up to 40, a letter first."
        faults.append(Fault("name", "This cannot be a name.", "TEN-23", remedy))
    return faults


def _faults(values: Mapping[str, Any], type_: str) -> list[Fault]:
    faults = records.text_fault("label", values["label"], "TEN-23")
    faults += records.text_fault("group", values["group"], "TEN-23", needed=False)
    if not isinstance(values["compulsory"], bool):
        faults.append(Fault("compulsory", "Not a yes or no.", "TEN-23", "Say yes or no."))
    if not isinstance(values["position"], int) or not 0 <= values["position"] <= LAST_POSITION:
        faults.append(Fault("position", "Not a place in the order.", "TEN-23", f"Give 0 to {LAST_POSITION}."))
    choices = values["choices"]
    if type_ == "choice" and not choices:
        faults.append(Fault("choices", "Nothing can be chosen.", "TEN-23", "Give at least one."))
    if type_ != "choice" and choices:
        faults.append(Fault("choices", "Only a choice has these.", "TEN-23", "Leave them out."))
    if _odd(choices):
        remedy = f"Up to {MOST_CHOICES} different texts of up to {LONGEST_TEXT} characters."
        faults.append(Fault("choices", "These cannot be chosen from.", "TEN-23", remedy))
    elif type_ in TYPES:
        try:
            read(type_, choices, values["default_value"])
        except NotThat as error:
            faults.append(Fault("default_value", f"This is not {error}.", "TEN-23", "Give one, or none."))
    return faults


def _odd(choices: object) -> bool:
    if (
        not isinstance(choices, list | tuple)
        or len(choices) > MOST_CHOICES
        or len(set(map(str, choices))) < len(choices)
    ):
        return True
    return any(bool(records.text_fault("choices", one, "TEN-23", longest=LONGEST_TEXT)) for one in choices)


def _fault(name: str, message: str, remedy: str) -> Fault:
    return Fault(f"custom_fields.{name[:60]}", message, "TEN-23", remedy)
