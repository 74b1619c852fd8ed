"""Derived ids in SQL: the same as `kernel.ids.derived_id`, so that replaying an event makes nothing new."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.schema.base import ID


def derived_id(source: sa.ColumnElement[UUID], subject: sa.ColumnElement[UUID], what: str) -> sa.ColumnElement[UUID]:
    """Give the id that follows from an event and a record; the event's time bits are kept."""
    digest = sa.func.md5(_text(source).concat(_text(subject)).concat(sa.literal_column(f"'{what}'")))
    time_bits = sa.func.left(sa.func.replace(_text(source), "-", ""), 12)
    text = (
        time_bits.concat("7").concat(sa.func.substr(digest, 14, 3)).concat("8").concat(sa.func.substr(digest, 18, 15))
    )
    return sa.cast(text, ID)


def _text(expression: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(expression, sa.Text)
