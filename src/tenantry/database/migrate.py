"""Bring a database to the present: migrations as its owner, then the wall, then the passwords of the two logins."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tenantry.database import frozen, planned, raised, walls

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 7_461_003_317


def migrate(owner_url: str | sa.URL, secret_key: str, grants: Iterable[str] = ()) -> None:
    """Run what is missing, once, even when several programs start together;
    `owner_url` may make roles and tables, `grants` are other rooms' rights. Raises Outdated.
    """
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(ONE_AT_A_TIME)))
        connection.commit()
        frozen.require_current(connection)
        _upgrade(connection)
        _raise_the_wall(connection, [*walls.statements(), *grants])
        planned.introduce(connection)
        for login in (walls.WEB_LOGIN, walls.WORKER_LOGIN):
            connection.exec_driver_sql(f"ALTER ROLE {login} PASSWORD '{password(secret_key, login)}'")
        connection.commit()
        connection.execute(sa.select(sa.func.pg_advisory_unlock(ONE_AT_A_TIME)))
        connection.commit()
    engine.dispose()


def _raise_the_wall(connection: sa.Connection, statements: Sequence[str]) -> None:
    if raised.stands(connection, statements):
        return
    for statement in statements:
        connection.connection.driver_connection.execute(statement, prepare=False)  # type: ignore[union-attr]
    raised.keep(connection, statements)


def login_url(owner_url: str | sa.URL, login: str, secret_key: str) -> sa.URL:
    """Say how a login reaches the database that its owner reaches so."""
    return sa.make_url(owner_url).set(username=login, password=password(secret_key, login))


def password(secret_key: str, login: str) -> str:
    """Derive a login's password from the installation's key, so that no second secret has to be kept."""
    return hmac.new(secret_key.encode(), f"login {login}".encode(), hashlib.sha256).hexdigest()


def standing_of(connection: sa.Connection) -> Mapping[str, bool]:
    """Say what makes the present login unfit to run the program; an empty answer is a pass (DEN by default)."""
    row = connection.execute(_UNFIT, {"groups": list(walls.GROUPS)}).mappings().one()
    return {name: True for name, is_so in row.items() if is_so}


def _upgrade(connection: sa.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


_UNFIT = sa.text("""
    SELECT rolsuper AS superuser, rolbypassrls AS "passes row-level security",
           EXISTS (SELECT FROM pg_class
                    WHERE relkind = 'r' AND pg_has_role(session_user, relowner, 'USAGE')) AS "owns tables",
           EXISTS (SELECT FROM unnest(:groups) AS g
                    WHERE pg_has_role(session_user, g, 'USAGE')) AS "inherits a group role"
      FROM pg_roles AS r WHERE rolname = session_user
""").bindparams(sa.bindparam("groups", type_=sa.ARRAY(sa.Text)))
