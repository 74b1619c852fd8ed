"""Where a tenant stands: whom it buys from, as whom, and whether what arrives there goes on."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant


@dataclass(frozen=True)
class Place:
    """Whom a tenant buys from, as which account there, and what that account pays in."""

    parent_id: UUID
    reseller_account_id: UUID
    # The tenant above is a live reseller itself, so what arrives there goes on.
    goes_on: bool
    currency: str
    # His credit there is checked before anything is provisioned below, or further up it is (UP-47).
    checks_credit: bool
    passes_credit: bool


def place_of(work: Work) -> Place:
    """Say whom the tenant of this work buys from, and as whom."""
    return Place(*work.connection.execute(_PLACE, {"tenant": work.tenant_id}).one())


_above = tenant.alias("above")
_reseller = account.alias("reseller")
_PLACE = (
    sa.select(
        tenant.c.parent_id,
        tenant.c.reseller_account_id,
        sa.and_(_above.c.parent_id.is_not(None), _above.c.live_at.is_not(None)),
        _reseller.c.currency,
        sa.func.coalesce(tenant_reseller.c.credit_checked, sa.false()),
        _above.c.credit_checked_above,
    )
    .join(_above, _above.c.id == tenant.c.parent_id)
    .join(
        _reseller,
        sa.and_(_reseller.c.tenant_id == tenant.c.parent_id, _reseller.c.id == tenant.c.reseller_account_id),
    )
    .outerjoin(
        tenant_reseller,
        sa.and_(tenant_reseller.c.tenant_id == _reseller.c.tenant_id, tenant_reseller.c.id == _reseller.c.id),
    )
    .where(tenant.c.id == sa.bindparam("tenant"))
)
