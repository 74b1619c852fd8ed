"""When a job that did not end well runs again."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy.exc import DBAPIError

from tenantry.jobs.context import GivenBack

LONGEST = 3600
# The longest pause of what found the database away: that is back within seconds, and no fault of the job's.
AWAY = 16


@dataclass(frozen=True)
class GrowingPauses(BaseRetryStrategy):
    """Retry a failure after 1, 4, 16, 64, ... seconds; give back at once what did not fail. What found the database
    away is tried again within seconds, however often it did: jobs of its lock wait behind it.
    """

    retries: int

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide when a job runs again; None when it has failed for good."""
        if isinstance(exception, (GivenBack, asyncio.CancelledError)):
            return RetryDecision()
        if _found_it_away(exception):
            return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=min(4**job.attempts, AWAY)))
        if job.attempts >= self.retries:
            return None
        pause = timedelta(seconds=min(4**job.attempts, LONGEST))
        return RetryDecision(retry_at=datetime.now(UTC) + pause)


def _found_it_away(exception: BaseException) -> bool:
    fault = exception.orig if isinstance(exception, DBAPIError) else exception
    # 08 is a connection that broke, 57P a server that goes down or comes up; one that is not there says nothing.
    return isinstance(fault, psycopg.OperationalError) and (fault.sqlstate or "08").startswith(("08", "57P"))
