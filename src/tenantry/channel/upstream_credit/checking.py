"""Whether credit is checked above: said by each tenant reseller's settings, and known below (UP-47)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.sales import order
from tenantry.schema.tenant import tenant
from tenantry.tenancy.telling import CREDIT_CHANGED, CREDIT_RULE


def tell_rule(work: Work, tenant_id: UUID) -> None:
    """Tell the tenant resellers of a tenant whether credit is checked above them."""
    jobs.tell(work.connection, tenant_id, CREDIT_RULE, tenant_id)


def tell_changed(work: Work, reseller_id: UUID) -> None:
    """Tell that a reseller may have more credit than before: what waits for it is looked at again."""
    jobs.tell(work.connection, work.tenant_id, CREDIT_CHANGED, reseller_id)


def tell_waiting(work: Work) -> None:
    """Tell it of every reseller for whom something waits."""
    for reseller_id in waiting(work):
        tell_changed(work, reseller_id)


def waiting(work: Work) -> list[UUID]:
    """Name the resellers for whom something waits for credit here."""
    return list(work.connection.scalars(_WAITING, {"tenant": work.tenant_id}))


def apply_rule(work: Work) -> None:
    """Write below, for every live tenant reseller, whether credit is checked here or further up."""
    for row in work.connection.execute(_RESELLERS, {"tenant": work.tenant_id}).all():
        with work.reaching([work.tenant_id, row.reseller_tenant_id]):
            changed = work.connection.scalar(_SAID, {"below": row.reseller_tenant_id, "checked": row.checked})
            if changed:
                tell_rule(work, row.reseller_tenant_id)
        if not row.credit_checked:
            tell_changed(work, row.id)


_above = tenant.alias("above")
_WAITING = (
    sa.select(order.c.bill_to_id)
    .where(order.c.tenant_id == sa.bindparam("tenant"), order.c.approval == "waiting", order.c.standing == "back_order")
    .distinct()
    .order_by(order.c.bill_to_id)
)
_here = sa.func.coalesce(tenant_reseller.c.credit_checked, sa.false())
is_checked: sa.ColumnElement[Any] = sa.or_(_here, _above.c.credit_checked_above)
both = tenant_reseller.join(_above, _above.c.id == tenant_reseller.c.tenant_id)
_RESELLERS = (
    sa.select(
        tenant_reseller.c.id,
        tenant_reseller.c.reseller_tenant_id,
        tenant_reseller.c.credit_checked,
        is_checked.label("checked"),
    )
    .select_from(both)
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"), tenant_reseller.c.state.in_(("live", "suspended")))
    .order_by(tenant_reseller.c.id)
)
_SAID = (
    sa.update(tenant)
    .where(tenant.c.id == sa.bindparam("below"), tenant.c.credit_checked_above != sa.bindparam("checked"))
    .values(credit_checked_above=sa.bindparam("checked"))
    .returning(tenant.c.id)
)
