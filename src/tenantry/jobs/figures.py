"""What metrics and the health page say about jobs and messages."""

from dataclasses import dataclass
from uuid import UUID

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


@dataclass(frozen=True)
class MirrorFigures:
    """The messages of one tenant: how many wait, are set aside and were applied, and how late they are (UP-45)."""

    tenant_id: UUID
    waiting: int
    set_aside: int
    applied: int
    lag_seconds: float
    last_lag_seconds: float


_MIRRORS = sa.text(
    """
    SELECT t.tenant_id, coalesce(w.many, 0), coalesce(a.many, 0), coalesce(p.applied, 0),
           greatest(0, coalesce(extract(epoch FROM clock_timestamp() - w.oldest), 0))::float8,
           coalesce(p.lag_ms, 0) / 1000.0::float8
      FROM (SELECT tenant_id FROM mirror_progress UNION SELECT tenant_id FROM message
            UNION SELECT tenant_id FROM message_set_aside) t
      LEFT JOIN mirror_progress p USING (tenant_id)
      LEFT JOIN (SELECT tenant_id, count(*) AS many, min(told_at) AS oldest FROM message GROUP BY 1) w USING (tenant_id)
      LEFT JOIN (SELECT tenant_id, count(*) AS many FROM message_set_aside GROUP BY 1) a USING (tenant_id)
    """
)


def mirror_figures(connection: sa.Connection) -> list[MirrorFigures]:
    """Give the figures of every tenant that has told something."""
    return [MirrorFigures(*row) for row in connection.execute(_MIRRORS)]
