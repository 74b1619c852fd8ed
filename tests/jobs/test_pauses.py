"""When a job that did not end well runs again."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from procrastinate.jobs import Job
from sqlalchemy.exc import OperationalError

from tenantry.jobs.context import GivenBack
from tenantry.jobs.pauses import GrowingPauses

RETRIES = 5


def pause(fault: BaseException, attempts: int) -> timedelta | None:
    """Say how long after its failure a job runs again; None when it has failed for good."""
    job = Job(id=1, queue="bulk", lock="one", queueing_lock=None, task_name="any", attempts=attempts)
    began = datetime.now(UTC)
    decision = GrowingPauses(RETRIES).get_retry_decision(exception=fault, job=job)
    if decision is None:
        return None
    return (decision.retry_at or began) - began


def test_a_failure_is_retried_after_pauses_that_grow_and_then_given_up() -> None:
    pauses = [pause(ValueError("wrong"), attempts) for attempts in range(RETRIES)]

    assert [round(one.total_seconds()) for one in pauses if one] == [1, 4, 16, 64, 256]
    assert pause(ValueError("wrong"), RETRIES) is None


def test_what_did_not_fail_is_given_back_at_once() -> None:
    assert pause(GivenBack(), RETRIES) == timedelta(0)


@pytest.mark.parametrize(
    "fault",
    [
        psycopg.OperationalError("the connection is lost"),
        psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
        psycopg.errors.ConnectionFailure("gone"),
    ],
)
def test_what_found_the_database_away_is_tried_again_within_seconds_however_often(fault: psycopg.Error) -> None:
    for raised in (fault, OperationalError("SELECT", {}, fault)):
        pauses = [pause(raised, attempts) for attempts in (0, 1, 6, 400)]
        assert [round(one.total_seconds()) for one in pauses if one] == [1, 4, 16, 16]


def test_a_statement_that_waited_too_long_for_somebody_is_a_failure() -> None:
    fault = OperationalError("SELECT", {}, psycopg.errors.DeadlockDetected("deadlock detected"))
    assert pause(fault, RETRIES) is None
