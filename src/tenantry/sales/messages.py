"""What sales tell others of what was sold, in the transaction of the change."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset, subscription_change
from tenantry.tenancy import queries, telling
from tenantry.tenancy.telling import TRAVELS_UP


def subscription_changes_done(work: Work, change_ids: Collection[UUID]) -> None:
    """Tell the tenant above of changes that took effect, each as a fact; only a live reseller has whom to tell (BO-12).

    Which of them raise a back order there, the channel decides.
    """
    if not change_ids or not queries.has_live_seller_above(work):
        return
    c, s = subscription_change.c, subscription.c
    chosen = (
        sa.select(c.account_id, c.subscription_id, c.id)
        .join(subscription, sa.and_(s.tenant_id == c.tenant_id, s.id == c.subscription_id))
        .where(c.tenant_id == work.tenant_id, c.id.in_(change_ids), c.status == "done", s.standing.in_(TRAVELS_UP))
        .order_by(c.number)
    )
    jobs.tell_all(work.connection, work.tenant_id, "subscription", chosen)


def assets_bought(work: Work, asset_ids: Collection[UUID]) -> None:
    """Tell the tenant above that assets were bought, each as a fact: it raises a back order there (BO-02)."""
    if not asset_ids or not queries.has_live_seller_above(work):
        return
    chosen = sa.select(asset.c.account_id, asset.c.id, asset.c.id).where(
        asset.c.tenant_id == work.tenant_id, asset.c.id.in_(asset_ids), asset.c.standing.in_(TRAVELS_UP)
    )
    jobs.tell_all(work.connection, work.tenant_id, "asset", chosen.order_by(asset.c.id))


def assets_changed(work: Work, asset_ids: Collection[UUID]) -> None:
    """Tell the tenant above that assets were edited or taken back (UP-34)."""
    telling.changed(work, asset, asset_ids)
