"""What metrics and the health page say about jobs and messages."""

from dataclasses import dataclass

import sqlalchemy as sa


@dataclass(frozen=True)
class JobFigures:
    """Jobs and messages of the whole installation; the oldest waiting job is one that could run now."""

    waiting: int
    running: int
    failed: int
    oldest_waiting_seconds: float
    messages: int
    set_aside: int


# A job that came without a moment waits since it was enqueued, any other since its moment.
# Ids grow, so the lowest one tells the age.
_FIGURES = sa.text(
    """
    SELECT (SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo') AS waiting,
           (SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'doing') AS running,
           (SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'failed') AS failed,
           coalesce(extract(epoch FROM now() - least(
               (SELECT min(at) FROM jobs.procrastinate_events
                 WHERE type = 'deferred' AND job_id = (
                     SELECT min(id) FROM jobs.procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL)),
               (SELECT min(scheduled_at) FROM jobs.procrastinate_jobs WHERE status = 'todo' AND scheduled_at <= now())
           )), 0)::float8 AS oldest_waiting_seconds,
           (SELECT count(*) FROM message) AS messages,
           (SELECT count(*) FROM message_set_aside) AS set_aside
    """
)


def figures(connection: sa.Connection) -> JobFigures:
    """Count what waits, runs, failed, was told and was set aside."""
    return JobFigures(*connection.execute(_FIGURES).one())
