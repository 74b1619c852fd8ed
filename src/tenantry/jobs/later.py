"""Enqueue a job in the caller's own transaction."""

import json
import re
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenantry.jobs.task import Lane, declared

# Live jobs come first in the library's one index of waiting jobs; else a live fetch reads past every waiting bulk job.
PRIORITY: dict[Lane, int] = {"live": 10, "bulk": 0}

_ID = re.compile(r"[\w:.+-]{1,64}")

_ENQUEUE = sa.text(
    """
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW(
        :lane, :name, :priority, :lock, NULL, CAST(:ids AS jsonb), CAST(:at AS timestamptz)
    )::jobs.procrastinate_job_to_defer_v1])
    """
)


def later(
    connection: sa.Connection,
    name: str,
    *,
    at: datetime | None = None,
    lock: str | None = None,
    **ids: UUID | str,
) -> None:
    """Run a task after the caller's transaction has committed, or at a moment; rolled back, there is no job.

    Jobs with the same `lock` run one at a time, in the order in which they were enqueued. Arguments are ids and short
    codes: a job is local to the installation and holds no business data.
    """
    task = declared(name)
    if at is not None and at.tzinfo is None:
        message = f"The moment of a job needs a time zone: {at}."
        raise ValueError(message)
    arguments = {key: _id(key, value) for key, value in ids.items()}
    connection.execute(
        _ENQUEUE,
        {
            "lane": task.lane,
            "name": task.name,
            "priority": PRIORITY[task.lane],
            "lock": lock,
            "ids": json.dumps(arguments),
            "at": at,
        },
    )


def _id(key: str, value: UUID | str) -> str:
    text = str(value)
    if not _ID.fullmatch(text):
        message = f"A job holds ids, never business data: {key} is neither an id nor a short code."
        raise ValueError(message)
    return text
