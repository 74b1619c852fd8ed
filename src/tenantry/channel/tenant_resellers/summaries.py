"""The tenant resellers as the first page shows them: a few, counted no further than a glance needs."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.tenant_resellers.counting import candidates_of_each, copied, set_aside
from tenantry.database import Work
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.tenancy import permissions
from tenantry.tenancy.listing.request import Total

COUNTED = 1_000


@dataclass(frozen=True)
class TenantResellerSummary:
    """A tenant reseller, what was transferred to it and what is left, up to 1,000, and the messages set aside."""

    id: UUID
    name: str
    state: str
    accounts_copied: Total
    accounts_not_copied: Total
    failures: int


def summaries(work: Work, limit: int) -> tuple[TenantResellerSummary, ...]:
    """Give the first tenant resellers by name."""
    permissions.require(work, "tenant_resellers:view")
    rows = work.connection.execute(_SUMMARIES, {"tenant": work.tenant_id, "limit": limit}).all()
    return tuple(
        TenantResellerSummary(row.id, row.name, row.state, _total(row.copied), _total(row.left_over), row.failures)
        for row in rows
    )


def _total(count: int) -> Total:
    return Total(min(count, COUNTED), exact=count <= COUNTED)


_first = (
    sa.select(tenant_reseller.c.id, account.c.name)
    .join(account, sa.and_(account.c.tenant_id == tenant_reseller.c.tenant_id, account.c.id == tenant_reseller.c.id))
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"))
    .order_by(account.c.name, account.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
    .subquery("first")
)
# Those that are shown are chosen first, so that nobody else's customers are counted.
_SUMMARIES = (
    sa.select(
        tenant_reseller.c.id,
        _first.c.name,
        tenant_reseller.c.state,
        copied(COUNTED).label("copied"),
        candidates_of_each(can_go=True, at_most=COUNTED).label("left_over"),
        set_aside().label("failures"),
    )
    .join(_first, _first.c.id == tenant_reseller.c.id)
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"))
    .order_by(_first.c.name, _first.c.id)
)
