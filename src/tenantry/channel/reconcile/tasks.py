"""What reconcile leaves to a worker: the runs themselves."""

from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.reconcile import running
from tenantry.database import Database
from tenantry.jobs import JobContext
from tenantry.schema.reconcile import reconcile_run

RUN = "reconcile.run"
RETRIES = 3


@jobs.task(RUN, lane="bulk", retries=RETRIES)
def run(context: JobContext, *, tenant: str, run: str) -> None:
    """Compare or repair, from where it was; one that ended stays as it is."""
    try:
        is_done = running.run(context.database, UUID(tenant), UUID(run), context.should_stop)
    except Exception:
        if context.attempt > RETRIES:
            _fail(context.database, UUID(tenant), UUID(run))
        raise
    if not is_done:
        raise jobs.GivenBack


def _fail(database: Database, tenant_id: UUID, run_id: UUID) -> None:
    ended = sa.update(reconcile_run).where(reconcile_run.c.tenant_id == tenant_id, reconcile_run.c.id == run_id)
    with database.work(tenant_id) as work:
        work.connection.execute(
            ended.values(
                status="failed",
                problem="It could not be finished; the log of the worker says why.",
                completed_at=work.at,
                version=reconcile_run.c.version + 1,
            )
        )
