"""What a worker does for a handover: make a large plan, run it, undo it."""

from uuid import UUID

from tenantry import jobs
from tenantry.channel.handovers import planning, reversal, running
from tenantry.channel.handovers.words import LOCKED_HANDOVER, PLAN, RUN, TENANTS, UNDO
from tenantry.database import Database
from tenantry.jobs import JobContext


@jobs.task(PLAN)
def plan(context: JobContext, *, tenant: str, handover: str) -> None:
    """Make the plan of a handover whose plan is too large to wait for."""
    make_plan(context.database, UUID(tenant), UUID(handover))


@jobs.task(RUN)
def run(context: JobContext, *, tenant: str, handover: str) -> None:
    """Run a confirmed handover, from where it was."""
    if not running.run(context.database, UUID(tenant), UUID(handover), context.should_stop):
        raise jobs.GivenBack


@jobs.task(UNDO)
def undo(context: JobContext, *, tenant: str, handover: str) -> None:
    """Undo a handover, from where it was."""
    if not reversal.run(context.database, UUID(tenant), UUID(handover), context.should_stop):
        raise jobs.GivenBack


def make_plan(database: Database, tenant_id: UUID, handover_id: UUID) -> None:
    """Make the plan of a handover that waits for one; again changes nothing."""
    with database.installation() as connection:
        tenants = list(connection.scalars(TENANTS, {"id": handover_id}))
    with database.channel(tenant_id, tenants) as work:
        row = work.connection.execute(LOCKED_HANDOVER, {"tenant": tenant_id, "id": handover_id}).mappings().first()
        if row is not None and row["status"] == "planning":
            planning.forget(work.connection, row)
            made = planning.write(work.connection, row, work.at)
            planning.keep(work.connection, row, made, work.at)


__all__ = ["PLAN", "RUN", "UNDO", "make_plan", "plan", "run", "undo"]
