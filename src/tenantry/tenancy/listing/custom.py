"""A tenant's own fields as columns: `custom.<name>`, filtered like any other (TEN-23)."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.tenant import custom_field
from tenantry.tenancy.listing.columns import Column, Kind

PREFIX = "custom."
KINDS: Mapping[str, Kind] = {
    "text": "text",
    "number": "money",
    "date": "date",
    "choice": "choice",
    "yes_no": "flag",
}
LOOKS_LIKE = {"number": r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$", "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

_DEFINED = (
    sa.select(custom_field.c.name, custom_field.c.label, custom_field.c.type, custom_field.c.choices)
    .where(
        custom_field.c.tenant_id == sa.bindparam("tenant"),
        custom_field.c.entity == sa.bindparam("entity"),
    )
    .order_by(custom_field.c.group, custom_field.c.position, custom_field.c.name)
)


def columns(work: Work, entity: str, values: sa.ColumnElement[Any]) -> tuple[Column, ...]:
    """Give the columns of the fields that the tenant has defined, in the order of the set-up."""
    defined = work.connection.execute(_DEFINED, {"tenant": work.tenant_id, "entity": entity}).all()
    return tuple(_column(values, *field) for field in defined)


def _column(values: sa.ColumnElement[Any], name: str, label: str, type_: str, choices: list[str]) -> Column:
    text = values[name].astext
    # A value that was written before the field had this type must not break the list.
    fitting = sa.case((text.regexp_match(LOOKS_LIKE[type_]), text)) if type_ in LOOKS_LIKE else text
    expressions: dict[str, sa.ColumnElement[Any]] = {
        "number": sa.cast(fitting, sa.Numeric),
        "date": sa.cast(fitting, sa.Date),
        "yes_no": sa.func.coalesce(text == "true", sa.false()),
    }
    return Column(
        PREFIX + name,
        expressions.get(type_, text),
        label or name,
        KINDS[type_],
        choices={choice: choice for choice in choices},
    )
