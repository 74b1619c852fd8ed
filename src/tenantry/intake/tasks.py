"""What imports leave to a worker: planning big files, and bringing rows in."""

from uuid import UUID

from tenantry import jobs
from tenantry.intake import running
from tenantry.intake.kinds import kind_of
from tenantry.intake.stored import held
from tenantry.jobs import JobContext
from tenantry.kernel.actor import SYSTEM
from tenantry.kernel.problems import NotFound
from tenantry.tenancy.actor import rights_of

PLAN = "intake.plan"
RUN = "intake.run"


@jobs.task(PLAN)
def plan(context: JobContext, *, tenant_id: str, import_id: str) -> None:
    """Plan a big file; one that was planned or cancelled meanwhile is left alone."""
    with context.database.work(UUID(tenant_id)) as work:
        brought_by = held(work, UUID(import_id))["created_by"]
        try:
            actor = rights_of(work.connection, work.tenant_id, brought_by) if brought_by else SYSTEM
        except NotFound:
            return
    with context.database.work(UUID(tenant_id), actor) as work:
        run = held(work, UUID(import_id))
        if run["status"] == "reading":
            kind_of(run["kind"]).plan(work, run)


@jobs.task(RUN)
def run(context: JobContext, *, tenant_id: str, import_id: str) -> None:
    """Bring the rows in, from where the last run stood."""
    running.run(context.database, UUID(tenant_id), UUID(import_id), context.give_back_if_stopping)
