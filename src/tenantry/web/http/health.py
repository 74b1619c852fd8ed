"""Whether the program lives, and whether it can work (OPS-03)."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tenantry.database import Database
from tenantry.schema import metadata

_LIVES = sa.text("SELECT 1")
# The catalogue can be read by everybody; the table of migrations only by the owner.
_COLUMNS = sa.text(
    """
    SELECT c.relname || '.' || a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    """
)


def healthz() -> Response:
    """Say that the program lives."""
    return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})


def readyz(request: Request) -> Response:
    """Say whether the database is reached and has every column that the program knows."""
    state = request.app.state
    found = _found(state.database, migrated=getattr(state, "migrated", False))
    state.migrated = found == "ok"
    return JSONResponse(
        {"status": found}, 200 if found == "ok" else 503, headers={"cache-control": "no-store", "retry-after": "5"}
    )


def _found(database: Database, *, migrated: bool) -> str:
    try:
        with database.installation() as connection:
            if migrated:
                connection.execute(_LIVES)
                return "ok"
            there = set(connection.execute(_COLUMNS).scalars())
    except SQLAlchemyError:
        return "the database does not answer"
    return "the database is not migrated" if set(_needed()) - there else "ok"


def _needed() -> Iterable[str]:
    return (f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns)
