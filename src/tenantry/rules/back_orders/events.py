"""What was sold below, event by event and item by item: what back orders are made of (BO-01 to BO-03)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.back_orders.triggers import TRIGGERS
from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.derived import derived_id
from tenantry.rules.mirror_up.batch import FACTS, PURCHASES, comes_from_above, managed
from tenantry.rules.mirror_up.sales import asset_travels
from tenantry.schema.base import ID
from tenantry.schema.sales import order, subscription
from tenantry.schema.subscription import asset, subscription_change

Column = sa.ColumnElement[Any]

change = subscription_change.alias("change")
its_order = order.alias("its_order")
purchase = asset.alias("purchase")
_mirrored = subscription.alias("raised_for")
_known = subscription_change.alias("known_already")

WHAT = "back order"


def back_order_of(event: Column, account_id: Column) -> Column:
    """Give the id of the order above, which follows from the event: replaying it makes no second order."""
    return derived_id(event, account_id, WHAT)


def event_of(one: Any, asked_by: Any) -> Column:
    """Give the event of a change: the order below that started it when it was executed, else the change itself.

    One event below makes one order above (BO-03).
    """
    return sa.case((asked_by.c.executed_at == one.c.done_at, asked_by.c.id), else_=one.c.id)


_item = (
    sa.func.jsonb_to_recordset(change.c.sold)
    .table_valued(
        sa.column("subscription_id", ID),
        sa.column("product_id", ID),
        sa.column("cycle", sa.Text),
        sa.column("quantity", sa.Integer),
        sa.column("total", sa.Integer),
    )
    .render_derived("sold_item", with_types=True)
)

_of_changes = (
    sa.select(
        GIVER.label("tenant_id"),
        change.c.id,
        event_of(change, its_order).label("event_id"),
        change.c.account_id,
        change.c.kind,
        change.c.number,
        _item.c.subscription_id,
        sa.cast(sa.null(), ID).label("asset_id"),
        _item.c.product_id,
        _item.c.cycle,
        _item.c.quantity,
        _item.c.total,
        change.c.effective_on.label("start_on"),
        change.c.done_at.label("sold_at"),
    )
    .select_from(
        change.join(managed, managed.c.id == change.c.account_id)
        .join(_item, sa.true())
        .outerjoin(its_order, sa.and_(its_order.c.tenant_id == GIVER, its_order.c.id == change.c.order_id))
    )
    .where(
        change.c.tenant_id == GIVER,
        change.c.id == sa.any_(FACTS),
        change.c.kind.in_(TRIGGERS),
        _item.c.quantity != 0,
        comes_from_above(_item.c.product_id, "sold_product"),
        # What is not mirrored is the reseller's own business.
        sa.exists().where(
            _mirrored.c.tenant_id == TAKER,
            _mirrored.c.id == _item.c.subscription_id,
            _mirrored.c.managed_by == GIVER,
        ),
        ~sa.exists().where(_known.c.tenant_id == TAKER, _known.c.id == change.c.id),
    )
)
_of_purchases = (
    sa.select(
        GIVER.label("tenant_id"),
        purchase.c.id,
        sa.func.coalesce(purchase.c.order_id, purchase.c.id).label("event_id"),
        purchase.c.account_id,
        sa.literal_column("'asset'").label("kind"),
        sa.literal_column("0::bigint").label("number"),
        sa.cast(sa.null(), ID).label("subscription_id"),
        purchase.c.id.label("asset_id"),
        purchase.c.product_id,
        sa.literal_column("'one_off'").label("cycle"),
        purchase.c.quantity,
        purchase.c.quantity.label("total"),
        purchase.c.bought_on.label("start_on"),
        purchase.c.created_at.label("sold_at"),
    )
    .select_from(purchase.join(managed, managed.c.id == purchase.c.account_id))
    .where(purchase.c.tenant_id == GIVER, purchase.c.id == sa.any_(PURCHASES), asset_travels(purchase))
)

# Every item that was sold, a row each.
item = sa.union_all(_of_changes, _of_purchases).subquery("item")
_counted = sa.union_all(_of_changes, _of_purchases).subquery("counted")

# Every event, a row each.
event = (
    sa.select(
        _counted.c.tenant_id,
        _counted.c.event_id.label("id"),
        _counted.c.account_id,
        sa.func.min(_counted.c.start_on).label("ordered_on"),
        sa.func.max(_counted.c.sold_at).label("sold_at"),
    )
    .group_by(_counted.c.tenant_id, _counted.c.event_id, _counted.c.account_id)
    .subquery("event")
)
how_many = sa.select(sa.func.count()).select_from(event)
