"""The database that tests share: one throw-away server, one template, a copy of it per test process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, settings

from tenantry import jobs
from tenantry.database import Database, embedded, walls
from tenantry.database.migrate import login_url, migrate
from tenantry.kernel.memory import collect_seldom, keep_what_is_there
from tenantry.tenancy import keys
from tests.world import World

# Provoked faults are logged as by the program, without the variables around them: drawing those takes seconds.
PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])

collect_seldom()

SECRET = "a secret key for tests only"
keys.use(SECRET)

# Each example writes to the one database, in tenants of its own, so none is instantaneous.
COMMON = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
# The same commit always tries the same, so that what passed does not fail by itself.
settings.register_profile("quick", COMMON, max_examples=60, stateful_step_count=20, derandomize=True, database=None)
settings.register_profile("deep", COMMON, max_examples=2_000, stateful_step_count=40, print_blob=True)
settings.load_profile("deep" if "TENANTRY_DEEP" in os.environ else "quick")


def pytest_collection_finish() -> None:
    """Run tests as the programs run: what was loaded stays, and is not looked through again and again."""
    keep_what_is_there()


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """Give the URL of an owner on a PostgreSQL: DATABASE_URL's, else a throw-away one shared by all test processes."""
    if url := os.environ.get("DATABASE_URL"):
        yield sa.make_url(url).set(drivername="postgresql+psycopg")
        return
    with ExitStack() as stack:
        server = stack.enter_context(embedded.server(shared_folder(tmp_path_factory) / "server", durable=False))
        yield sa.make_url(server.url("postgres"))


@pytest.fixture(scope="session")
def template(server_url: sa.URL, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make the migrated database that the others are copied from, once for all test processes.

    TENANTRY_TEMPLATE names one that is there already: whoever starts pytest a hundred times migrates once.
    """
    if made_before := os.environ.get("TENANTRY_TEMPLATE"):
        return made_before
    folder = shared_folder(tmp_path_factory)
    name = f"tenantry_template_{folder.name.replace('-', '_')}"
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "template.made"
        if not made.exists():
            say(server_url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
            migrate(server_url.set(database=name), SECRET, [jobs.grants_sql()])
            made.touch()
    return name


@pytest.fixture(scope="session")
def owner_url(
    server_url: sa.URL, template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.URL]:
    """Give the owner's URL of this test process's database."""
    name = f"{template.replace('_template', '')}_{os.getpid()}_{worker_id}"
    folder = shared_folder(tmp_path_factory)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        say(server_url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server_url.set(database=name)
    say(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def web_url(owner_url: sa.URL) -> sa.URL:
    """Give the URL with which the web signs in."""
    return login_url(owner_url, walls.WEB_LOGIN, SECRET)


@pytest.fixture(scope="session")
def worker_url(owner_url: sa.URL) -> sa.URL:
    """Give the URL with which a worker signs in."""
    return login_url(owner_url, walls.WORKER_LOGIN, SECRET)


@pytest.fixture(scope="session")
def web_database(web_url: sa.URL) -> Iterator[Database]:
    """Give the database as the web has it."""
    database = Database(web_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def worker_database(worker_url: sa.URL) -> Iterator[Database]:
    """Give the database as a worker has it."""
    database = Database(worker_url)
    yield database
    database.close()


@pytest.fixture
def world(web_database: Database, worker_database: Database) -> World:
    """Give a world of its own to each test: tenants are isolated, so nothing has to be cleaned up."""
    return World(web_database, worker_database)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name this test process, also when there is only one."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Give the folder that all test processes of this run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def say(url: sa.URL, *statements: str) -> None:
    """Run statements outside a transaction."""
    with psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        for statement in statements:
            connection.execute(statement.encode())
