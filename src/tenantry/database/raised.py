"""Whether the wall stands as it was raised: raising it locks every table, so a program that starts beside others at
work must not do it for nothing.

The database keeps two fingerprints: of the statements that raised the wall, and of what its catalogue said when they
had run. Whoever takes a stone out, or restores a dump where the roles are not there, changes the second.
"""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa


def stands(connection: sa.Connection, statements: Sequence[str]) -> bool:
    """Say whether just these statements raised the wall, and nobody has changed it since."""
    kept: str | None = connection.scalar(_KEPT)
    return kept is not None and kept == _fingerprint(connection, statements)


def keep(connection: sa.Connection, statements: Sequence[str]) -> None:
    """Write into the database what raised the wall, in the transaction that did."""
    connection.exec_driver_sql(
        f"COMMENT ON COLUMN alembic_version.version_num IS '{_fingerprint(connection, statements)}'"
    )


def _fingerprint(connection: sa.Connection, statements: Sequence[str]) -> str:
    said = hashlib.sha256("\0".join(statements).encode()).hexdigest()
    return f"{said} {connection.scalar(_FOUND)}"


_KEPT = sa.text("SELECT col_description(to_regclass('alembic_version'), 1)")
_FOUND = sa.text(
    r"""
    WITH ours AS (SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname IN ('public', 'jobs')),
         people AS (SELECT * FROM pg_roles WHERE rolname LIKE 'tenantry\_%')
    SELECT md5(string_agg(stone, E'\n' ORDER BY stone)) FROM (
        SELECT concat_ws(' ', 'schema', nspname, nspacl) FROM ours
        UNION ALL
        SELECT concat_ws(' ', 'table', relnamespace::regnamespace, relname, relrowsecurity, relforcerowsecurity, relacl)
          FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT concat_ws(' ', 'column', attrelid::regclass, attname, attacl) FROM pg_attribute
          JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace IN (SELECT oid FROM ours) AND attacl IS NOT NULL
        UNION ALL
        SELECT concat_ws(' ', 'policy', schemaname, tablename, policyname, permissive, roles, cmd, qual, with_check)
          FROM pg_policies
        UNION ALL
        SELECT concat_ws(' ', 'function', pg_proc.oid::regprocedure, prosecdef, proacl) FROM pg_proc
         WHERE pronamespace IN (SELECT oid FROM ours)
        UNION ALL
        SELECT concat_ws(' ', 'role', rolname, rolsuper, rolinherit, rolcanlogin, rolbypassrls, rolcreaterole,
                         rolconfig)
          FROM people
        UNION ALL
        SELECT concat_ws(' ', 'member', roleid::regrole, member::regrole) FROM pg_auth_members
         WHERE roleid IN (SELECT oid FROM people) OR member IN (SELECT oid FROM people)
    ) AS wall(stone)
    """
)
