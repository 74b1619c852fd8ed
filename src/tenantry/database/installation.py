"""One installation: its PostgreSQL, embedded or not, migrated, and how its programs sign in to it (OPS-01)."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from tenantry.database import embedded, walls
from tenantry.database.frozen import Outdated
from tenantry.database.migrate import login_url, migrate, standing_of
from tenantry.database.work import Database
from tenantry.kernel.problems import Problem
from tenantry.settings import Settings

NAME = "tenantry"


class Unfit(Problem):
    """The program was given a database login that could pass the wall; it does not start."""

    code = "unfit-login"


@dataclass(frozen=True)
class Installation:
    """The URLs of one installation: the owner's, which makes tables,
    and those of the two logins that the program runs as.
    """

    owner_url: sa.URL
    web_url: sa.URL
    worker_url: sa.URL

    def web(self, *, pool: int = 10) -> Database:
        """Give the database as the web has it; raises Unfit."""
        return _fit(Database(self.web_url, pool=pool))

    def worker(self, *, pool: int = 10) -> Database:
        """Give the database as a worker has it; raises Unfit."""
        return _fit(Database(self.worker_url, pool=pool))


@contextmanager
def installation(settings: Settings, grants: Iterable[str] = ()) -> Iterator[Installation]:
    """Have the installation ready for as long as the block runs: started where it is embedded, and migrated."""
    with ExitStack() as stack:
        owner = _owner_url(settings, stack)
        with _named(settings):
            migrate(owner, settings.key(), grants)
        yield Installation(
            owner, *(login_url(owner, login, settings.key()) for login in (walls.WEB_LOGIN, walls.WORKER_LOGIN))
        )


@contextmanager
def _named(settings: Settings) -> Iterator[None]:
    """Name the folder to whoever keeps the database in one."""
    try:
        yield
    except Outdated as problem:
        if settings.database_url is not None:
            raise
        folder = settings.data.resolve()
        message = (
            f"The data folder {folder} was made by an earlier version of the program, from before the first release; "
            "it cannot be brought to the present."
        )
        remedy = f"Start anew: move it away (mv {folder} {folder}.old), or name another (make run DATA=./new)."
        raise Outdated(message, rule=problem.rule, remedy=remedy) from None


def _owner_url(settings: Settings, stack: ExitStack) -> sa.URL:
    if settings.database_url is not None:
        return sa.make_url(settings.database_url.get_secret_value()).set(drivername="postgresql+psycopg")
    server = stack.enter_context(embedded.server(settings.data))
    return sa.make_url(server.create(NAME))


def _fit(database: Database) -> Database:
    with database.engine.connect() as connection:
        faults = standing_of(connection)
    if faults:
        message = (
            f"The login that the program was given {', '.join(sorted(faults))}; "
            "with it the wall between tenants would be open."
        )
        raise Unfit(
            message,
            rule="SEC-01",
            remedy="Let `tenantry migrate` make the logins, and do not grant them anything yourself.",
        )
    return database
