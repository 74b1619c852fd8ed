"""A job is a row of the caller's transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tenantry import jobs

Web = Callable[[], AbstractContextManager[sa.Connection]]


class Stumbled(Exception):
    pass


def waiting(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT args ->> 'key' FROM jobs.procrastinate_jobs ORDER BY id"))
        return [key for (key,) in rows]


def test_up_40_a_job_is_there_exactly_if_its_transaction_committed(web: Web, owner: sa.Engine) -> None:
    with web() as connection:
        jobs.later(connection, "toy.note", key="kept")
        with suppress(Stumbled), connection.begin_nested():
            jobs.later(connection, "toy.note", key="lost-with-its-savepoint")
            raise Stumbled
        assert waiting(owner) == []
    with suppress(Stumbled), web() as connection:
        jobs.later(connection, "toy.note", key="lost")
        raise Stumbled

    assert waiting(owner) == ["kept"]


def test_a_job_holds_ids_never_business_data(web: Web, owner: sa.Engine) -> None:
    somebody = uuid4()
    with web() as connection:
        jobs.later(connection, "toy.note", key=somebody)
        for data in ("anna@example.com", "Acme Ltd", "x" * 65, ""):
            with pytest.raises(ValueError, match="never business data"):
                jobs.later(connection, "toy.note", key=data)

    assert waiting(owner) == [str(somebody)]


def test_a_task_that_nobody_declared_and_a_moment_without_zone_are_refused(web: Web, owner: sa.Engine) -> None:
    with web() as connection:
        with pytest.raises(LookupError, match=r"No task is called 'toy\.unknown'"):
            jobs.later(connection, "toy.unknown")
        with pytest.raises(ValueError, match="time zone"):
            jobs.later(connection, "toy.note", at=datetime(2030, 1, 1), key="naive")  # noqa: DTZ001
        jobs.later(connection, "toy.note", at=datetime(2030, 1, 1, tzinfo=UTC), key="aware")

    assert waiting(owner) == ["aware"]


def test_two_tasks_of_one_name_stop_the_program() -> None:
    def first(context: jobs.JobContext) -> None: ...
    def second(context: jobs.JobContext) -> None: ...

    jobs.task("toy.twice")(first)
    jobs.task("toy.twice")(first)
    with pytest.raises(TypeError, match=r"Two tasks are called 'toy\.twice'"):
        jobs.task("toy.twice")(second)


def test_sec_02_the_web_may_enqueue_and_count_but_neither_read_nor_change_jobs(web: Web, owner: sa.Engine) -> None:
    with web() as connection:
        jobs.later(connection, "toy.note", key="kept")
        assert jobs.figures(connection).waiting == 1
    for forbidden in (
        "SELECT args FROM jobs.procrastinate_jobs",
        "DELETE FROM jobs.procrastinate_jobs",
        "SELECT jobs.procrastinate_cancel_job_v1(1, true, true)",
        "SELECT subject_id FROM message",
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), web() as connection:
            connection.exec_driver_sql(forbidden)

    assert waiting(owner) == ["kept"]


def test_figures_tell_the_age_of_the_oldest_job_that_could_run(web: Web, owner: sa.Engine) -> None:
    now = datetime.now(UTC)
    with web() as connection:
        assert jobs.figures(connection) == jobs.JobFigures(0, 0, 0, 0.0, 0, 0)
        jobs.later(connection, "toy.note", at=now + timedelta(hours=1), key="tomorrow")
    with web() as connection:
        assert jobs.figures(connection).oldest_waiting_seconds == 0
        jobs.later(connection, "toy.note", at=now - timedelta(seconds=90), key="overdue")
        jobs.tell(connection, uuid4(), "account", uuid4())
    with web() as connection:
        figures = jobs.figures(connection)

    assert (figures.waiting, figures.running, figures.failed, figures.messages, figures.set_aside) == (2, 0, 0, 1, 0)
    assert 89 < figures.oldest_waiting_seconds < 100


def test_up_46_a_live_job_stands_before_every_bulk_job_in_the_one_queue(web: Web, owner: sa.Engine) -> None:
    with web() as connection:
        jobs.later(connection, "toy.bulk_note", key="bulk")
        jobs.later(connection, "toy.note", key="live")
    with owner.begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = jobs")
        worker = connection.scalar(sa.text("SELECT worker_id FROM procrastinate_register_worker_v1()"))
        fetch = sa.text("SELECT args ->> 'key' FROM procrastinate_fetch_job_v2(NULL, :worker)")

        assert [connection.scalar(fetch, {"worker": worker}) for _ in range(2)] == ["live", "bulk"]
