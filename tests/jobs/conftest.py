"""A throw-away PostgreSQL with the jobs' tables and grants, and workers as programs of their own."""

import contextlib
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.database.embedded import Server, server
from tenantry.schema.message import message, message_set_aside

TOY_WORKER = Path(__file__).with_name("toy_worker.py")

# Declares the toy tasks here too, as the web process knows the tasks that it enqueues.
runpy.run_path(str(TOY_WORKER))

ROLES = """
CREATE ROLE tenantry_app NOLOGIN NOINHERIT;
CREATE ROLE tenantry_channel NOLOGIN NOINHERIT;
CREATE ROLE tenantry_mirror NOLOGIN NOINHERIT;
CREATE ROLE tenantry_web LOGIN NOINHERIT;
CREATE ROLE tenantry_worker LOGIN NOINHERIT;
GRANT tenantry_app TO tenantry_web, tenantry_worker;
GRANT tenantry_channel TO tenantry_worker;
CREATE TABLE trace (id bigserial PRIMARY KEY, key text, what text, at timestamptz DEFAULT clock_timestamp());
GRANT ALL ON trace, trace_id_seq TO PUBLIC;
"""

Worker = subprocess.Popen[bytes]
StartWorker = Callable[..., Worker]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        engine = sa.create_engine(running.url("postgres"))
        with engine.begin() as connection:
            connection.exec_driver_sql(ROLES)
            for table in (message, message_set_aside):
                table.create(connection)
            jobs.install(connection)
            connection.exec_driver_sql(jobs.grants_sql())
        engine.dispose()
        yield running


@pytest.fixture
def owner(postgres: Server) -> Iterator[sa.Engine]:
    """The database's owner, who sees everything; each test begins with empty tables."""
    engine = sa.create_engine(postgres.url("postgres"))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE trace, message, message_set_aside, jobs.procrastinate_jobs, jobs.procrastinate_workers CASCADE"
        )
    yield engine
    engine.dispose()


@pytest.fixture
def web(postgres: Server, owner: sa.Engine) -> Iterator[Callable[[], contextlib.AbstractContextManager[sa.Connection]]]:
    """Transactions as the web has them: its login, with nothing but the role that it puts on."""
    engine = sa.create_engine(postgres.url("postgres", "tenantry_web"))

    @contextlib.contextmanager
    def transaction() -> Iterator[sa.Connection]:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL ROLE tenantry_app")
            yield connection

    yield transaction
    engine.dispose()


@pytest.fixture
def worker_url(postgres: Server) -> str:
    return postgres.url("postgres", "tenantry_worker")


@pytest.fixture
def start_worker(owner: sa.Engine, worker_url: str) -> Iterator[StartWorker]:
    """Start a worker and wait until it beats; it ends with the test."""
    started: list[Worker] = []

    def start(*lanes: str) -> Worker:
        before = beating(owner)
        process = subprocess.Popen([sys.executable, str(TOY_WORKER), worker_url, *lanes], env=os.environ.copy())
        started.append(process)
        until(lambda: beating(owner) == before + len(lanes))
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def beating(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM jobs.procrastinate_workers")) or 0


def until(happened: Callable[[], bool], seconds: float = 60) -> float:
    """Wait for something to be so; how long that took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > seconds:
            pytest.fail(f"It did not happen within {seconds} s.")
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture
def wait() -> Callable[..., float]:
    return until


@pytest.fixture
def trace(owner: sa.Engine) -> Callable[[str], list[str]]:
    """What was written under a key, in order."""

    def read(key: str) -> list[str]:
        with owner.connect() as connection:
            rows = connection.execute(sa.text("SELECT what FROM trace WHERE key = :key ORDER BY id"), {"key": key})
            return [what for (what,) in rows]

    return read
