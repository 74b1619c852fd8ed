"""What invoicing leaves to a worker: runs for many."""

from uuid import UUID

from tenantry import jobs
from tenantry.billing import runs
from tenantry.jobs import JobContext


@jobs.task(runs.TASK)
def invoice_run(context: JobContext, *, tenant_id: str, run_id: str) -> None:
    """Take a run to its end, from where it stood; a payer that is done has nothing left to invoice."""
    runs.run(context.database, UUID(tenant_id), UUID(run_id), context.give_back_if_stopping)
