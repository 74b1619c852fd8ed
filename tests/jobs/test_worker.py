"""Workers as programs: killed, stopped, restarted, and kept apart by lane."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Database
from tenantry.database.embedded import Server
from tenantry.jobs.worker import GRACE, HEARTBEAT, STALLED, SWEEP

Web = Callable[[], AbstractContextManager[sa.Connection]]
Start = Callable[..., subprocess.Popen[bytes]]
Trace = Callable[[str], list[str]]
Wait = Callable[..., float]

ALL_STEPS = [f"step {step}" for step in range(40)]


def job(engine: sa.Engine, key: str) -> tuple[str, int] | None:
    """Status and attempts of a job; none when it has succeeded."""
    statement = sa.text("SELECT status::text, attempts FROM jobs.procrastinate_jobs WHERE args ->> 'key' = :key")
    with engine.connect() as connection:
        row = connection.execute(statement, {"key": key}).one_or_none()
        return row and (row[0], row[1])


def enqueue(web: Web, name: str, *keys: str, lock: str | None = None) -> None:
    with web() as connection:
        for key in keys:
            jobs.later(connection, name, lock=lock, key=key)


def test_ops_02_a_job_starts_within_milliseconds_of_its_commit(web: Web, start_worker: Start, owner: sa.Engine) -> None:
    start_worker("live=2", "bulk=1")
    committed: dict[str, datetime] = {}
    for number in range(40):
        enqueue(web, "toy.note", f"n{number}")
        committed[f"n{number}"] = datetime.now(UTC)
        time.sleep(0.03)
    time.sleep(0.5)

    with owner.connect() as connection:
        noted = connection.execute(sa.text("SELECT key, at FROM trace")).all()
    lags = sorted((at - committed[key]).total_seconds() for key, at in noted)
    assert len(lags) == 40
    assert lags[20] < 0.1


def test_ops_02_workers_share_a_lane_and_each_job_runs_once(
    web: Web, start_worker: Start, owner: sa.Engine, wait: Wait
) -> None:
    start_worker("live=2")
    start_worker("live=2")
    keys = [f"n{number}" for number in range(200)]
    enqueue(web, "toy.note", *keys)
    with web() as connection:
        wait(lambda: jobs.figures(connection).waiting + jobs.figures(connection).running == 0)

    with owner.connect() as connection:
        assert sorted(connection.scalars(sa.text("SELECT key FROM trace"))) == sorted(keys)


@pytest.mark.slow
def test_ops_02_the_job_of_a_killed_worker_is_taken_up_by_another_within_seconds(
    web: Web, start_worker: Start, trace: Trace, wait: Wait
) -> None:
    killed = start_worker("bulk=1")
    enqueue(web, "toy.steps", "resumed")
    wait(lambda: len(trace("resumed")) > 5)
    killed.kill()
    killed.wait()
    done = len(trace("resumed"))
    assert done < 40
    start_worker("bulk=1")

    # Generous, because the machine may be busy; without the sweep it would be never.
    wait(lambda: len(trace("resumed")) > done, STALLED + 2 * SWEEP + 40)
    wait(lambda: trace("resumed") == [*ALL_STEPS, "noted"], 60)


@pytest.mark.slow
def test_ops_02_a_worker_outlives_a_restart_of_the_database(
    web: Web, start_worker: Start, owner: sa.Engine, postgres: Server, trace: Trace, wait: Wait
) -> None:
    worker = start_worker("live=1", "bulk=1")
    enqueue(web, "toy.steps", "interrupted")
    wait(lambda: len(trace("interrupted")) > 5)
    with owner.connect() as connection:
        # Throw-away data is written late; what the restart loses must not be the job itself.
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("CHECKPOINT")
    postmaster = postgres.cluster.pid()
    assert postmaster
    os.kill(postmaster, signal.SIGQUIT)
    wait(lambda: not postgres.cluster.is_listening() or postgres.cluster.pid() != postmaster)
    wait(postgres.cluster.is_listening)

    wait(lambda: _now_noted(trace, "interrupted"), 40)
    for _ in range(10):
        try:
            enqueue(web, "toy.note", "afterwards")
        except sa.exc.OperationalError:
            time.sleep(0.5)
        else:
            break
    subject = uuid4()
    with web() as connection:
        jobs.tell(connection, uuid4(), "account", subject)

    wait(lambda: trace("afterwards") == ["noted"])
    wait(lambda: trace(str(subject)) == ["account"])
    assert worker.poll() is None
    assert trace("interrupted") == [*ALL_STEPS, "noted"]


def _now_noted(trace: Trace, key: str) -> bool:
    try:
        return trace(key)[-1:] == ["noted"]
    except sa.exc.OperationalError:
        return False


def test_up_46_a_full_bulk_lane_delays_no_live_job(web: Web, start_worker: Start, trace: Trace, wait: Wait) -> None:
    start_worker("live=1", "bulk=1")
    enqueue(web, "toy.deaf", "busy")
    enqueue(web, "toy.bulk_note", *[f"bulk{number}" for number in range(300)])
    wait(lambda: trace("busy") == ["started"])

    enqueue(web, "toy.note", "live")
    assert wait(lambda: trace("live") == ["noted"]) < 0.5
    assert trace("bulk0") == []


def test_ops_05_a_stopped_worker_gives_back_between_chunks_and_another_goes_on(
    web: Web, start_worker: Start, owner: sa.Engine, trace: Trace, wait: Wait
) -> None:
    worker = start_worker("live=1", "bulk=1")
    enqueue(web, "toy.steps", "chunked")
    wait(lambda: len(trace("chunked")) > 5)
    worker.terminate()

    assert worker.wait(GRACE) == 0
    assert job(owner, "chunked") == ("todo", 0)
    assert len(trace("chunked")) < 40
    start_worker("bulk=1")
    wait(lambda: trace("chunked") == [*ALL_STEPS, "noted"])
    wait(lambda: job(owner, "chunked") is None)


def test_ops_05_a_worker_that_is_told_to_stop_while_it_begins_ends_at_once(owner: sa.Engine, worker_url: str) -> None:
    stop = threading.Event()
    lanes: dict[jobs.Lane, int] = {"live": 1, "bulk": 1}
    words = {"database_url": worker_url, "database": Database(worker_url), "lanes": lanes, "stop": stop}
    worker = threading.Thread(target=partial(jobs.run_worker, **words), daemon=True)
    stop.set()

    worker.start()
    worker.join(GRACE)

    assert not worker.is_alive()
    assert open_connections(owner) == 0


def open_connections(engine: sa.Engine) -> int:
    """Count what workers have open; a connection that was closed is gone a moment later."""
    mine = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tenantry %'")
    ends = time.monotonic() + 5
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while (found := connection.scalar(mine)) and time.monotonic() < ends:
            time.sleep(0.02)
    return int(found or 0)


def test_ops_05_a_stopped_worker_finishes_a_short_job_and_takes_no_other(
    web: Web, start_worker: Start, owner: sa.Engine, trace: Trace, wait: Wait
) -> None:
    worker = start_worker("live=1")
    enqueue(web, "toy.slow", "first", "second")
    wait(lambda: trace("first") == ["started"])
    worker.terminate()

    assert worker.wait(GRACE) == 0
    assert trace("first") == ["started", "ended"]
    assert job(owner, "first") is None
    assert (job(owner, "second"), trace("second")) == (("todo", 0), [])


@pytest.mark.slow
def test_ops_05_a_task_that_does_not_listen_is_given_back_when_the_grace_is_over(
    web: Web, start_worker: Start, owner: sa.Engine, trace: Trace, wait: Wait
) -> None:
    assert HEARTBEAT + GRACE < STALLED
    worker = start_worker("bulk=1")
    enqueue(web, "toy.deaf", "deaf")
    wait(lambda: trace("deaf") == ["started"])
    worker.terminate()

    assert worker.wait(GRACE + 3) == 0
    assert job(owner, "deaf") == ("todo", 0)


def test_a_failure_is_tried_again_and_then_kept_as_failed(
    web: Web, start_worker: Start, owner: sa.Engine, trace: Trace, wait: Wait
) -> None:
    start_worker("live=1")
    enqueue(web, "toy.fail", "bad")
    wait(lambda: job(owner, "bad") == ("failed", 2))

    assert trace("bad") == ["attempt 1", "attempt 2"]
    with web() as connection:
        assert jobs.figures(connection).failed == 1


def test_jobs_of_one_lock_run_in_order_one_at_a_time_without_a_pause(
    web: Web, start_worker: Start, owner: sa.Engine, wait: Wait
) -> None:
    start_worker("live=3")
    enqueue(web, "toy.slow", "a", "b", "c", lock="one customer")
    took = wait(lambda: job(owner, "c") is None)

    with owner.connect() as connection:
        story = connection.execute(sa.text("SELECT key, what FROM trace ORDER BY id")).all()
    assert [tuple(each) for each in story] == [(key, what) for key in "abc" for what in ("started", "ended")]
    assert took < 1.6


def test_a_job_for_later_waits_for_its_moment(web: Web, start_worker: Start, trace: Trace, wait: Wait) -> None:
    start_worker("live=1")
    moment = datetime.now(UTC) + timedelta(seconds=1.5)
    with web() as connection:
        jobs.later(connection, "toy.note", at=moment, key="later")
        jobs.later(connection, "toy.note", key="now")
    wait(lambda: trace("now") == ["noted"])
    assert trace("later") == []

    wait(lambda: trace("later") == ["noted"])
    assert datetime.now(UTC) >= moment
