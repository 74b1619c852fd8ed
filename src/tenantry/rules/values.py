"""The values that rules give to columns."""

from typing import Any

import sqlalchemy as sa


def value_of(column: sa.ColumnElement[Any], value: Any) -> sa.ColumnElement[Any]:
    """Give a value as an expression of its column's type; what is an expression already stays."""
    if isinstance(value, sa.ColumnElement):
        return value
    return sa.cast(sa.null(), column.type) if value is None else sa.literal(value, column.type)
