"""Charging the mirrors of a tenant as a job: soon after something arrived, and every hour for the cycles that begin."""

from datetime import timedelta
from uuid import UUID

from tenantry import jobs
from tenantry.channel.mirror.charging import charge_mirrors, due
from tenantry.database import Database, Work
from tenantry.kernel import clock
from tenantry.tenancy.due import ask_where_due

NAME = "mirrors.charge"
# Whatever arrives within it is charged together; a live reseller tells of something all the time.
PAUSE = timedelta(seconds=30)

_asked: dict[UUID, float] = {}


@jobs.task(NAME, lane="bulk")
def charge_mirrors_of(context: jobs.JobContext, tenant: str) -> None:
    """Charge the mirrors of a tenant for which something is due; done twice, the second finds nothing."""
    charge_mirrors(context.database, UUID(tenant), between=context.give_back_if_stopping)


def ask_for_all(database: Database) -> int:
    """Ask for it in every tenant where something is due; gives in how many."""
    return ask_where_due(database, due, _ask)


def ask_soon(work: Work, tenant_id: UUID) -> None:
    """Ask for it in the transaction of a batch, unless this process did a moment ago."""
    now = clock.now().timestamp()
    if now - _asked.get(tenant_id, 0.0) < PAUSE.total_seconds():
        return
    _asked[tenant_id] = now
    _ask(work, tenant_id, PAUSE)


def _ask(work: Work, tenant_id: UUID, after: timedelta = timedelta(0)) -> None:
    jobs.later(work.connection, NAME, at=clock.now() + after, lock=f"{NAME}:{tenant_id}"[:64], tenant=tenant_id)
