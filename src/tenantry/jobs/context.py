"""What a task is given when it runs, and how it gives a job back."""

from collections.abc import Callable
from dataclasses import dataclass

from tenantry.database.work import Database


class GivenBack(Exception):
    """The job is not done and goes back to its lane at once; this counts as no failure (OPS-05)."""


@dataclass(frozen=True)
class JobContext:
    """The running job's surroundings.

    `database` is what the worker was started with; `attempt` counts from 1 and grows with every failure;
    `should_stop` says that the worker is shutting down: commit the chunk in hand and raise `GivenBack`.
    """

    database: Database
    job_id: int
    attempt: int
    should_stop: Callable[[], bool]

    def give_back_if_stopping(self) -> None:
        """Raise `GivenBack` when the worker is shutting down; call it between two committed chunks."""
        if self.should_stop():
            raise GivenBack
