"""What sales tell others of what was sold, in the transaction of the change."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset, subscription_change
from tenantry.schema.tenant import tenant
from tenantry.tenancy.queries import has_seller_above

TRAVELS_UP = ("own",)

_SOMEBODY_ABOVE = sa.select(sa.true()).where(
    tenant.c.id == sa.bindparam("tenant"), tenant.c.parent_id.is_not(None), tenant.c.live_at.is_not(None)
)


def subscription_changes_done(work: Work, change_ids: Collection[UUID]) -> None:
    """Tell the tenant above of changes that took effect, each as a fact; only a live reseller has whom to tell (BO-12).

    Which of them raise a back order there, the channel decides.
    """
    if not change_ids or not has_somebody_above(work):
        return
    c, s = subscription_change.c, subscription.c
    chosen = (
        sa.select(c.account_id, c.subscription_id, c.id)
        .join(subscription, sa.and_(s.tenant_id == c.tenant_id, s.id == c.subscription_id))
        .where(c.tenant_id == work.tenant_id, c.id.in_(change_ids), c.status == "done", s.standing.in_(TRAVELS_UP))
        .order_by(c.number)
    )
    jobs.tell_all(work.connection, work.tenant_id, "subscription", chosen)


def assets_changed(work: Work, asset_ids: Collection[UUID]) -> None:
    """Tell the tenant above that assets were bought or taken back (UP-34)."""
    if not asset_ids or not has_somebody_above(work):
        return
    chosen = sa.select(asset.c.account_id, asset.c.id, sa.null()).where(
        asset.c.tenant_id == work.tenant_id, asset.c.id.in_(asset_ids), asset.c.standing.in_(TRAVELS_UP)
    )
    jobs.tell_all(work.connection, work.tenant_id, "asset", chosen)


def has_somebody_above(work: Work) -> bool:
    """Say whether the tenant is a reseller who is live."""
    return has_seller_above(work) and bool(work.connection.scalar(_SOMEBODY_ABOVE, {"tenant": work.tenant_id}))
