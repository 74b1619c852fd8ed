"""Procrastinate as we use it: its SQL in a schema of its own, its grants, and who may end a job."""

import asyncio
from datetime import datetime
from typing import Any

import procrastinate
import sqlalchemy as sa
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from psycopg.conninfo import conninfo_to_dict, make_conninfo

SCHEMA = "jobs"

# The library names its tables without a schema. Fixing the search path of its functions lets any caller run them, and
# running the one that enqueues as its owner spares the web every right on the tables.
_ADAPT = """
DO $adapt$
DECLARE each regprocedure;
BEGIN
    FOR each IN SELECT oid FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', each);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', each);
    END LOOP;
END
$adapt$;
ALTER FUNCTION jobs.procrastinate_defer_jobs_v1 SECURITY DEFINER;
"""

# The library's own form of "there is a job": a worker that hears it looks again; the id is not read.
_WAKE = """pg_notify('procrastinate_queue_v1#' || queue_name, '{"type": "job_inserted", "job_id": 0}')"""

# Whoever waits for the same lock would otherwise be found by the next poll only.
_FINISH = f"""
SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s), CASE WHEN lock IS NOT NULL THEN {_WAKE} END
  FROM procrastinate_jobs WHERE id = %(id)s AND worker_id = %(worker_id)s AND status = 'doing'
"""  # noqa: S608 - constants only

_RETRY = """
SELECT procrastinate_retry_job_v2(id, %(retry_at)s, NULL, NULL, NULL)
  FROM procrastinate_jobs WHERE id = %(id)s AND worker_id = %(worker_id)s AND status = 'doing'
"""

_GIVE_BACK = f"""
WITH given AS (
    UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, abort_requested = false
     WHERE id = %(id)s AND worker_id IS NOT DISTINCT FROM %(worker_id)s AND status = 'doing'
    RETURNING queue_name)
SELECT {_WAKE} FROM given
"""  # noqa: S608 - constants only

# A server that restarts is back within seconds; a job whose end was not written would be run again.
_PAUSES = (0.2, 1.0, 2.0)


def schema_sql() -> str:
    """Give the library's SQL for the schema `jobs`; execute it without parameters in a migration's transaction."""
    return f"""
CREATE SCHEMA {SCHEMA};
SET LOCAL search_path = {SCHEMA}, pg_catalog;
{SchemaManager.get_schema()}
SET LOCAL search_path TO DEFAULT;
{_ADAPT}
"""


def install(connection: sa.Connection) -> None:
    """Create the schema `jobs` in the caller's transaction."""
    # Without parameters, for the library's SQL is many statements with percent signs in them.
    connection.execution_options(no_parameters=True).exec_driver_sql(schema_sql())


def grants_sql(
    app: str = "tenantry_app", channel: str = "tenantry_channel, tenantry_mirror", worker: str = "tenantry_worker"
) -> str:
    """Give the rights: all roles enqueue, tell and count; the worker's login, which puts on none, runs the jobs."""
    return f"""
GRANT USAGE ON SCHEMA {SCHEMA} TO {app}, {channel}, {worker};
GRANT EXECUTE ON FUNCTION {SCHEMA}.procrastinate_defer_jobs_v1 TO {app}, {channel};
GRANT SELECT (id, queue_name, status, scheduled_at) ON {SCHEMA}.procrastinate_jobs TO {app}, {channel};
GRANT SELECT (job_id, type, at) ON {SCHEMA}.procrastinate_events TO {app}, {channel};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {worker};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {worker};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {worker};
GRANT USAGE ON SCHEMA public TO {worker};
GRANT SELECT (tenant_id) ON message TO {worker};
GRANT INSERT ON message TO {app};
GRANT SELECT (tenant_id, told_at) ON message TO {app};
GRANT SELECT (tenant_id, told_at) ON message_set_aside TO {app};
GRANT SELECT, INSERT, DELETE ON message, message_set_aside TO {channel};
"""


def conninfo(database_url: str, name: str) -> str:
    """Turn an SQLAlchemy URL, or a libpq one, into a connection string that names its user to `pg_stat_activity`."""
    plain = sa.make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return make_conninfo(plain, application_name=f"tenantry {name}")


def open_app(database_url: str, name: str) -> procrastinate.App:
    """Make an app of the library with a small pool of its own."""
    plain = conninfo(database_url, name)
    options = f"{conninfo_to_dict(plain).get('options') or ''} -c search_path={SCHEMA}".strip()
    connector = procrastinate.PsycopgConnector(
        conninfo=make_conninfo(plain, options=options), min_size=1, max_size=4, timeout=3.0
    )
    app = procrastinate.App(connector=connector)
    app.job_manager = Custody(connector)
    return app


class Custody(JobManager):
    """A job is ended, retried or given back only by the worker that still holds it."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 - the library's signature
        """End a job; one that another worker has taken up meanwhile is left to it."""
        await self._write(_FINISH, job, status=status.value, delete_job=delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,  # noqa: ARG002
        queue: str | None = None,  # noqa: ARG002
        lock: str | None = None,  # noqa: ARG002
    ) -> None:
        """Try a failed job again at a moment; without a moment it did not fail and is given back."""
        if retry_at is None:
            await self.give_back(job)
        else:
            await self._write(_RETRY, job, retry_at=retry_at)

    async def give_back(self, job: Job) -> None:
        """Let another worker take the job up at once; its attempts stay as they are."""
        await self._write(_GIVE_BACK, job)

    async def _write(self, statement: Any, job: Job, **values: Any) -> None:
        for pause in _PAUSES:
            try:
                return await self.connector.execute_query_async(statement, id=job.id, worker_id=job.worker_id, **values)
            except ConnectorException:
                await asyncio.sleep(pause)
        return await self.connector.execute_query_async(statement, id=job.id, worker_id=job.worker_id, **values)
