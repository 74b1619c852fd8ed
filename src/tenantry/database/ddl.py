"""Write the declared tables as SQL: what a first migration freezes,
and what a test compares the migrated database with.

python -m tenantry.database.ddl > src/tenantry/database/migrations/versions/0001_spine.sql
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment

from tenantry.schema import metadata

_dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def statements() -> Iterator[str]:
    """Give the statements that make every table in an empty database."""
    yield "CREATE EXTENSION IF NOT EXISTS pg_trgm"
    yield "CREATE EXTENSION IF NOT EXISTS btree_gin"
    yield "CREATE EXTENSION IF NOT EXISTS btree_gist"
    for table in metadata.sorted_tables:
        fill = f" WITH (fillfactor = {table.info['fill']})" if table.info.get("fill") else ""
        yield str(CreateTable(table).compile(dialect=_dialect)).strip() + fill
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=_dialect)).strip()
        for column in table.columns:
            yield _comment(column)


def _comment(column: sa.Column[object]) -> str:
    return str(SetColumnComment(column).compile(dialect=_dialect, compile_kwargs={"literal_binds": True})).strip()


if __name__ == "__main__":
    print(";\n\n".join(statements()) + ";")  # noqa: T201 - this is its output
