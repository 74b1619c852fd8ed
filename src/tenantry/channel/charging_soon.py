"""Ask for the mirrors of a tenant to be charged soon, in the transaction of what makes it due."""

from datetime import timedelta
from uuid import UUID

from tenantry import jobs
from tenantry.database import Work
from tenantry.kernel import clock

NAME = "mirrors.charge"
# Whatever arrives within it is charged together; a live reseller tells of something all the time.
PAUSE = timedelta(seconds=30)

_asked: dict[UUID, float] = {}


def ask_soon(work: Work, tenant_id: UUID) -> None:
    """Ask for it in the transaction of a batch, unless this process did a moment ago."""
    now = clock.now().timestamp()
    if now - _asked.get(tenant_id, 0.0) < PAUSE.total_seconds():
        return
    _asked[tenant_id] = now
    ask(work, tenant_id, PAUSE)


def ask(work: Work, tenant_id: UUID, after: timedelta = timedelta(0)) -> None:
    """Ask for it, at once unless said otherwise."""
    jobs.later(work.connection, NAME, at=clock.now() + after, lock=f"{NAME}:{tenant_id}"[:64], tenant=tenant_id)
