"""When a job that did not end well runs again."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from tenantry.jobs.context import GivenBack

LONGEST = 3600


@dataclass(frozen=True)
class GrowingPauses(BaseRetryStrategy):
    """Retry a failure after 1, 4, 16, 64, ... seconds; give back at once what did not fail."""

    retries: int

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide when a job runs again; None when it has failed for good."""
        if isinstance(exception, (GivenBack, asyncio.CancelledError)):
            return RetryDecision()
        if job.attempts >= self.retries:
            return None
        pause = timedelta(seconds=min(4**job.attempts, LONGEST))
        return RetryDecision(retry_at=datetime.now(UTC) + pause)
