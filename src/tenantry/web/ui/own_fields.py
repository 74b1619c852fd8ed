"""A tenant's own fields on a record's page and in its form (TEN-23)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from tenantry.database import Work
from tenantry.tenancy.custom_fields import FieldView, custom_fields
from tenantry.web.ui.inputs import Input, Kind, Section
from tenantry.web.ui.views import Option

PREFIX = "custom_fields."
KINDS: Mapping[str, Kind] = {
    "text": "text",
    "number": "number",
    "date": "date",
    "choice": "select",
    "yes_no": "checkbox",
}


class OwnFields:
    """The fields that the tenant has defined for one kind of record."""

    def __init__(self, work: Work, entity: str) -> None:
        self.fields: Sequence[FieldView] = custom_fields(work, entity)

    def sections(self) -> list[Section]:
        """Give them under their headings."""
        grouped = groupby(self.fields, lambda field: field.group)
        return [
            Section(heading or "Own fields", [_input(field) for field in fields], "" if heading else "Set up by you.")
            for heading, fields in grouped
        ]

    def choices(self) -> dict[str, Sequence[Option]]:
        """Give what can be chosen in them."""
        return {
            PREFIX + field.name: [Option(choice, choice) for choice in field.choices]
            for field in self.fields
            if field.type == "choice"
        }

    def values(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Give what a record holds in them."""
        return {PREFIX + field.name: _value(field, kept.get(field.name)) for field in self.fields}

    def defaults(self) -> dict[str, Any]:
        """Give what new records hold in them."""
        return {PREFIX + field.name: _value(field, field.default_value) for field in self.fields}


def gathered(taken: Mapping[str, Any]) -> dict[str, Any]:
    """Put the own fields that a form sent together, as the actions take them."""
    own = {name.removeprefix(PREFIX): value for name, value in taken.items() if name.startswith(PREFIX)}
    rest = {name: value for name, value in taken.items() if not name.startswith(PREFIX)}
    return {**rest, "custom_fields": own} if own else rest


def _input(field: FieldView) -> Input:
    return Input(PREFIX + field.name, field.label, KINDS[field.type], required=field.compulsory)


def _value(field: FieldView, kept: Any) -> Any:
    if kept is None or isinstance(kept, bool):
        return kept
    try:
        if field.type == "number":
            return Decimal(kept)
        if field.type == "date":
            return date.fromisoformat(kept)
    except (InvalidOperation, ValueError):
        return kept
    return kept
