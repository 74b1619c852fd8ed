"""What a worker does for a tenant reseller: make its tenant."""

from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.tenant_resellers import creating
from tenantry.jobs import JobContext
from tenantry.schema.channel import tenant_reseller

CREATE = "tenant_reseller.create"
TRIES = 3


@jobs.task(CREATE, retries=TRIES)
def create(context: JobContext, *, tenant: str, reseller: str) -> None:
    """Make the tenant of a tenant reseller, from the step that is not done yet;
    what stops it for good stands on its page.
    """
    try:
        finished = creating.create(context.database, UUID(tenant), UUID(reseller), context.should_stop)
    except Exception:
        if context.attempt > TRIES:
            _say_why(context, UUID(tenant), UUID(reseller))
        raise
    if not finished:
        raise jobs.GivenBack


def _say_why(context: JobContext, tenant_id: UUID, reseller_id: UUID) -> None:
    with context.database.work(tenant_id) as work:
        work.connection.execute(
            sa.update(tenant_reseller)
            .where(tenant_reseller.c.tenant_id == tenant_id, tenant_reseller.c.id == reseller_id)
            .values(problem="A step failed several times; the log of the worker says why. Retry once it is mended.")
        )
