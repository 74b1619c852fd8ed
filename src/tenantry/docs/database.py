"""The page of tables, from the comments of the schema."""

from collections.abc import Iterator
from types import ModuleType

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tenantry import schema
from tenantry.docs.markdown import code, codes, table

HEAD = """# Tables

Every table and column, from the comments in `src/tenantry/schema/`; PostgreSQL has the same comments (`\\d+ account`).

A *tenant* table belongs to one organisation a row: its key starts with `tenant_id`, and [row-level
security](../explanation/the-two-walls.md) guards it. A *shared* table is the same for all. A *local* table belongs to
this installation and holds ids, never business data. Amounts stand beside their currency; moments are UTC and end in
`_at`.
"""
_dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def page() -> str:
    """Write a chapter for every file of the schema, and a table for every table."""
    modules = [
        one for one in vars(schema).values() if isinstance(one, ModuleType) and one.__name__ != "tenantry.schema.base"
    ]
    return "\n".join((HEAD, *(part for module in modules for part in _chapter(module))))


def _chapter(module: ModuleType) -> Iterator[str]:
    tables = [one for one in vars(module).values() if isinstance(one, sa.Table)]
    yield f"## {module.__name__.rpartition('.')[2].capitalize()}\n\n{(module.__doc__ or '').partition(chr(10))[0]}\n"
    for one in tables:
        yield f"### {one.name}\n\n{_about(one)}\n\n{table(('Column', 'Type', 'Holds'), _rows(one))}\n"


def _about(one: sa.Table) -> str:
    key = codes(column.name for column in one.primary_key.columns)
    return f"{str(one.info['kind']).capitalize()} table, key ({key})."


def _rows(one: sa.Table) -> Iterator[tuple[str, ...]]:
    for column in one.columns:
        yield code(column.name), _type(column), f"{column.comment or ''}{_values(column)}"


def _type(column: sa.Column[object]) -> str:
    name = column.type.compile(dialect=_dialect).lower()
    return f"{name}, may be null" if column.nullable else name


def _values(column: sa.Column[object]) -> str:
    values = column.info.get("values")
    return f" One of: {codes(values)}." if values else ""
