"""A worker with toy tasks, started as a program of its own: toy_worker.py URL live=2 bulk=1."""

import signal
import sys
import threading
import time
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database.work import Database
from tenantry.jobs.task import Lane

STEPS = 40


@jobs.task("toy.note", lane="live")
def note(context: jobs.JobContext, key: str) -> None:
    write(context, key, "noted")


@jobs.task("toy.bulk_note")
def bulk_note(context: jobs.JobContext, key: str) -> None:
    write(context, key, "noted")


@jobs.task("toy.steps")
def steps(context: jobs.JobContext, key: str) -> None:
    with context.database.engine.begin() as connection:
        done = connection.scalar(
            sa.text("SELECT count(*) FROM trace WHERE key = :key AND what LIKE 'step%'"), {"key": key}
        )
    for step in range(done or 0, STEPS):
        context.give_back_if_stopping()
        time.sleep(0.05)
        write(context, key, f"step {step}")
    write(context, key, "noted")


@jobs.task("toy.deaf")
def deaf(context: jobs.JobContext, key: str) -> None:
    write(context, key, "started")
    time.sleep(600)


@jobs.task("toy.slow", lane="live")
def slow(context: jobs.JobContext, key: str) -> None:
    write(context, key, "started")
    time.sleep(0.3)
    write(context, key, "ended")


@jobs.task("toy.fail", lane="live", retries=1)
def fail(context: jobs.JobContext, key: str) -> None:
    write(context, key, f"attempt {context.attempt}")
    raise RuntimeError(key)


def write(context: jobs.JobContext, key: str, what: str) -> None:
    with context.database.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO trace (key, what) VALUES (:key, :what)"), {"key": key, "what": what})


def apply(database: Database, tenant_id: UUID) -> int:
    with database.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL ROLE tenantry_channel"))
        told = jobs.claim(connection, tenant_id, 1000)
        for each in told:
            row = {"key": str(each.subject_id), "what": each.kind}
            connection.execute(sa.text("INSERT INTO trace (key, what) VALUES (:key, :what)"), row)
    return len(told)


def main(url: str, *widths: str) -> None:
    jobs.applies_messages(apply)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    lanes: dict[Lane, int] = {}
    for width in widths:
        lane, number = width.split("=")
        lanes["live" if lane == "live" else "bulk"] = int(number)
    jobs.run_worker(url, Database(url), lanes=lanes, stop=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
