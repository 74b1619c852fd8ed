"""Which first migrations made a database: their SQL is frozen (decision 0007), so another SQL is another beginning."""

import hashlib
from pathlib import Path

import sqlalchemy as sa

from tenantry.kernel.problems import Problem

FILES = [Path(__file__).parent / "migrations" / "versions" / name for name in ("0001_spine.sql", "0002_jobs.sql")]


class Outdated(Problem):
    """The database was made by first migrations that are no longer these; nothing leads from there to here."""

    code = "outdated-database"


def mark() -> str:
    """Give the statement that writes into a database which SQL made it."""
    return f"COMMENT ON TABLE alembic_version IS '{_fingerprint()}'"


def require_current(connection: sa.Connection) -> None:
    """Raise Outdated when the database was made by another SQL; one without tables may still become anything."""
    if connection.scalar(_BEGUN) is None or connection.scalar(_VERSION) is None:
        return
    if connection.scalar(_MADE_BY) != _fingerprint():
        raise Outdated(
            f"The database {connection.engine.url.database} was made by an earlier version of the program, from before "
            "the first release; it cannot be brought to the present.",
            rule="OPS-04",
            remedy="Let it be, and name an empty one in DATABASE_URL.",
        )


def _fingerprint() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()


_BEGUN = sa.text("SELECT to_regclass('alembic_version')")
_VERSION = sa.text("SELECT version_num FROM alembic_version LIMIT 1")
_MADE_BY = sa.text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")
