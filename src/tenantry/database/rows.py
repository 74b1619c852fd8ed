"""A row as it was read: its columns by name; and rows as a statement is told them: as JSON, however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects.postgresql import JSONB

# SQLAlchemy's own rows answer to columns as well as to names, so to a type checker they are no mapping of names.
Row: TypeAlias = Mapping[str, Any] | sa.RowMapping


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows down for a statement that reads them by `of`; each names all its columns."""
    return to_json(rows).decode()


def of(table: sa.Table, names: Iterable[str]) -> sa.TableValuedAlias:
    """Read the rows of a table that a statement is told by the table's name, with these of its columns."""
    said = sa.cast(sa.bindparam(table.name, type_=sa.Text), JSONB)
    columns = [sa.column(name, table.c[name].type) for name in names]
    return sa.func.jsonb_to_recordset(said).table_valued(*columns).render_derived(f"new_{table.name}", with_types=True)
