"""Ask for the mirrors of a tenant to be charged soon, in the transaction of what makes it due."""

from datetime import timedelta
from uuid import UUID

from tenantry import jobs
from tenantry.database import Work
from tenantry.kernel import clock

NAME = "mirrors.charge"
# Whatever arrives within it is charged together; a live reseller tells of something all the time.
PAUSE = timedelta(seconds=30)
# What has asked so lately is not asked again; a job that is about to begin may miss what is committed a moment later.
LATELY = PAUSE / 2
ASKED = "charging_asked"

_asked: dict[UUID, float] = {}


def ask_soon(work: Work, tenant_id: UUID) -> None:
    """Ask for it in the transaction of a batch, unless this process did a moment ago and that was committed."""
    now = clock.now().timestamp()
    asked = work.known.setdefault(ASKED, {})
    if tenant_id in asked or now - _asked.get(tenant_id, 0.0) < LATELY.total_seconds():
        return
    asked[tenant_id] = now
    ask(work, tenant_id, PAUSE)


def note_asked(work: Work) -> None:
    """Remember what a unit of work asked for, once it has committed: what was rolled back was never asked for."""
    _asked.update(work.known.get(ASKED, {}))


def ask(work: Work, tenant_id: UUID, after: timedelta = timedelta(0)) -> None:
    """Ask for it, at once unless said otherwise."""
    jobs.later(work.connection, NAME, at=clock.now() + after, lock=f"{NAME}:{tenant_id}"[:64], tenant=tenant_id)
