"""What updates of catalogues leave to a worker: applying them over both tenants."""

from uuid import UUID

from tenantry import jobs
from tenantry.channel.catalogue_updates.applying import apply
from tenantry.jobs import JobContext

UPDATE = "tenant_reseller.update"


@jobs.task(UPDATE, retries=3)
def update(context: JobContext, *, tenant: str, update: str) -> None:
    """Apply a confirmed update; one that was applied already stays as it is."""
    apply(context.database, UUID(tenant), UUID(update))
