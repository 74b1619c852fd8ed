"""Where a tenant stands: whether somebody is above it, whether it is live, suspended or closed, what time it is there.

Read once a unit of work, most often with who signs in. That a tenant is not live yet is not kept from there: it may
become so while the unit of work waits for a lock, and the answer has to be the one behind the lock.
"""

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import NotSignedIn, Verdict
from tenantry.rules.policy.tenant import looks_only
from tenantry.schema.tenant import tenant

NAME = "place"
HELD = "place.held"

_has_parent = tenant.c.parent_id.is_not(None)
COLUMNS = (
    _has_parent.label("has_parent"),
    sa.or_(~_has_parent, tenant.c.live_at.is_not(None)).label("is_live"),
    tenant.c.credit_checked_above,
    tenant.c.time_zone,
    tenant.c.suspended_at,
    tenant.c.closed_at,
)
_PLACE = sa.select(*COLUMNS).where(tenant.c.id == sa.bindparam("tenant"))
# In the way of nothing but the closing; and read anew once that has committed.
_HELD = (
    sa.select(tenant.c.suspended_at, tenant.c.closed_at)
    .where(tenant.c.id == sa.bindparam("tenant"))
    .with_for_update(read=True, key_share=True)
)


def keep(work: Work, row: Any) -> None:
    """Keep what a row with these columns says, unless it may change before it is asked for."""
    if row.is_live:
        work.known[NAME] = row


def is_live(work: Work) -> bool:
    """Say whether the tenant counts as live: the policy then reads a received record as its own."""
    return bool(_place(work).is_live)


def has_seller_above(work: Work) -> bool:
    """Say whether the tenant has somebody above it, who has to hear of what changes."""
    return bool(_place(work).has_parent)


def has_live_seller_above(work: Work) -> bool:
    """Say whether the tenant is a reseller who is live, so that what he sells goes up (UP-01)."""
    place = _place(work)
    return bool(place.has_parent and place.is_live)


def looks_only_in(row: Any) -> Verdict | None:
    """Read off a row with these columns what keeps its users from everything but looking; raises NotSignedIn where the
    tenant is closed (TEN-07).
    """
    if row.closed_at is not None:
        raise NotSignedIn(
            "This organisation is closed, so nobody signs in to it any more.",
            code="organisation-closed",
            rule="TEN-07",
            remedy="Ask who closed it, its distributor, for what it holds.",
        )
    return looks_only if row.suspended_at is not None else None


def require_open(work: Work) -> None:
    """Raise NotSignedIn where the tenant is closed."""
    looks_only_in(_place(work))


def stay_open(work: Work) -> None:
    """Keep the tenant from being closed until this unit of work has committed; raises NotSignedIn where it was closed
    before (TEN-07).

    Whoever closes a tenant waits for what was begun there, and counts it. Nobody closes one that nobody is above.
    """
    place = work.known.get(NAME)
    if HELD in work.known or (place is not None and not place.has_parent):
        return
    looks_only_in(work.connection.execute(_HELD, {"tenant": work.tenant_id}).one())
    work.known[HELD] = True


def rests(work: Work) -> bool:
    """Say whether the tenant is suspended, or closed: nothing is sold there."""
    place = _place(work)
    return place.suspended_at is not None or place.closed_at is not None


def credit_is_checked_above(work: Work) -> bool:
    """Say whether what a live reseller sells is provisioned only once somebody above has released it (UP-47)."""
    return has_live_seller_above(work) and bool(_place(work).credit_checked_above)


def time_zone(work: Work) -> ZoneInfo:
    """Give the time zone of the tenant."""
    return ZoneInfo(_place(work).time_zone or "UTC")


def _place(work: Work) -> Any:
    if NAME not in work.known:
        work.known[NAME] = work.connection.execute(_PLACE, {"tenant": work.tenant_id}).one()
    return work.known[NAME]
