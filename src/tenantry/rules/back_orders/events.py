"""What was sold below, event by event and item by item: what back orders are made of (BO-01 to BO-03).

It is read once for a batch (`sold`) and then handed to each statement as it was read (`item`, `event`).
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tenantry.rules.back_orders.triggers import MOVES, TRIGGERS
from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.derived import derived_id
from tenantry.rules.mirror_up.assets import asset_travels
from tenantry.rules.mirror_up.batch import FACTS, MANAGED, PURCHASES, comes_from_above, lines_of
from tenantry.rules.mirror_up.left_behind import went_on
from tenantry.rules.mirror_up.travelling import travels
from tenantry.schema.base import AT, ID, Listed
from tenantry.schema.sales import order, order_item, subscription
from tenantry.schema.subscription import asset, subscription_change

Column = sa.ColumnElement[Any]

change = subscription_change.alias("change")
purchase = asset.alias("purchase")
_mirrored = subscription.alias("raised_for")
_known = subscription_change.alias("known_already")
_sold_below = subscription.alias("sold_below")
_raised = order_item.alias("raised_already")
_sold_with = subscription_change.alias("sold_with")
_bought_by = order.alias("bought_by")

WHAT, ITEM = "back order", "back order item"


def back_order_of(event: Column, account_id: Column) -> Column:
    """Give the id of the order above, which follows from the event: replaying it makes no second order."""
    return derived_id(event, account_id, WHAT)


def item_of(sold: Column, product_id: Column) -> Column:
    """Give the id of an item of the order above, which follows from the change or the asset."""
    return derived_id(sold, product_id, ITEM)


def is_mirrored(subscription_id: Column) -> sa.ColumnElement[bool]:
    """Say that a subscription is mirrored: what is not is the reseller's own business."""
    return sa.exists().where(
        _mirrored.c.tenant_id == TAKER, _mirrored.c.id == subscription_id, _mirrored.c.managed_by == GIVER
    )


# Each fact of a batch, with its customer, and whether it has arrived before: then it changes nothing.
facts = (
    sa.select(
        change.c.id,
        change.c.account_id,
        change.c.subscription_id,
        # It got its price with it: it went to another product with all of its units, or a trial was sold.
        sa.or_(
            sa.and_(change.c.kind.in_(MOVES), change.c.before.has_key("product")), change.c.kind == "conversion"
        ).label("priced"),
        _known.c.id.is_not(None).label("known"),
    )
    .outerjoin_from(change, _known, sa.and_(_known.c.tenant_id == TAKER, _known.c.id == change.c.id))
    .where(change.c.tenant_id == GIVER, change.c.id == sa.any_(FACTS))
)
purchases = sa.select(purchase.c.id, purchase.c.account_id).where(
    purchase.c.tenant_id == GIVER, purchase.c.id == sa.any_(PURCHASES)
)

_line = lines_of(change, "sold_line")
# What the changes of a batch sold, whatever there is above.
_sold = (
    sa.select(
        change.c.id,
        change.c.event_id,
        change.c.account_id,
        change.c.kind,
        change.c.number,
        _line.c.subscription_id,
        sa.cast(sa.null(), ID).label("asset_id"),
        _line.c.product_id,
        _line.c.cycle,
        _line.c.quantity,
        _line.c.total,
        change.c.effective_on.label("start_on"),
        change.c.done_at.label("sold_at"),
        back_order_of(change.c.event_id, change.c.account_id).label("order_id"),
    )
    .select_from(change.join(_line, sa.true()))
    .where(
        change.c.tenant_id == GIVER,
        change.c.id == sa.any_(FACTS),
        change.c.kind.in_(TRIGGERS),
        change.c.sold.is_not(None),
        _line.c.quantity != 0,
        comes_from_above(_line.c.product_id, "sold_product"),
    )
)
_of_changes = _sold.where(is_mirrored(_line.c.subscription_id))
# The same before anything of it has arrived: what would be an item.
coming_item = _sold.where(
    sa.exists().where(
        _sold_below.c.tenant_id == GIVER,
        _sold_below.c.id == _line.c.subscription_id,
        sa.or_(travels(_sold_below), went_on(_sold_below)),
    ),
    ~sa.exists().where(_known.c.tenant_id == TAKER, _known.c.id == change.c.id),
).subquery("coming_item")

# Subscriptions that were sold with an asset know the event; in a tier between, the order is that tier's own.
_event_of_purchase = (
    sa.select(_sold_with.c.event_id)
    .where(
        _sold_with.c.tenant_id == GIVER,
        _sold_with.c.order_id == purchase.c.order_id,
        _sold_with.c.kind.in_(TRIGGERS),
        _sold_with.c.status == "done",
    )
    .limit(1)
    .correlate_except(_sold_with)
    .scalar_subquery()
)
# In a tier between, the asset came to be when it arrived; it was sold when its order was executed.
_bought_at = (
    sa.select(_bought_by.c.executed_at)
    .where(_bought_by.c.tenant_id == GIVER, _bought_by.c.id == purchase.c.order_id)
    .correlate_except(_bought_by)
    .scalar_subquery()
)
event_of_purchase = sa.func.coalesce(_event_of_purchase, purchase.c.order_id, purchase.c.id)
_every_purchase = sa.select(
    purchase.c.id,
    event_of_purchase,
    purchase.c.account_id,
    sa.literal_column("'asset'"),
    sa.literal_column("0::bigint"),
    sa.cast(sa.null(), ID),
    purchase.c.id,
    purchase.c.product_id,
    sa.literal_column("'one_off'"),
    purchase.c.quantity,
    purchase.c.quantity,
    purchase.c.bought_on,
    sa.func.coalesce(_bought_at, purchase.c.created_at),
    back_order_of(event_of_purchase, purchase.c.account_id),
).where(
    purchase.c.tenant_id == GIVER,
    purchase.c.id == sa.any_(PURCHASES),
    asset_travels(purchase),
)
_of_purchases = _every_purchase.where(
    ~sa.exists().where(_raised.c.tenant_id == TAKER, _raised.c.id == item_of(purchase.c.id, purchase.c.product_id))
)

# Every item that was sold, a row each, in the order in which it was sold; whoever asks knows what is mirrored of it.
sold = sa.union_all(_sold, _of_purchases).order_by("account_id", "number", "id", "quantity", "product_id")

# The same for a comparison: what there should be an item of above.
every_item = sa.union_all(
    _of_changes.where(change.c.account_id == sa.any_(MANAGED)),
    _every_purchase.where(purchase.c.account_id == sa.any_(MANAGED)),
).subquery("every_item")

COLUMNS: dict[str, Any] = {
    "id": ID,
    "event_id": ID,
    "account_id": ID,
    "kind": sa.Text,
    "number": sa.BigInteger,
    "subscription_id": ID,
    "asset_id": ID,
    "product_id": ID,
    "cycle": sa.Text,
    "quantity": sa.Integer,
    "total": sa.Integer,
    "start_on": sa.Date,
    "sold_at": AT,
    "order_id": ID,
}


def words_of(rows: Any) -> dict[str, Sequence[Any]]:
    """Give what was sold as the words that `item` and `event` read it from."""
    read = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    return {f"item_{name}": values for name, values in zip(COLUMNS, read, strict=True)}


_given = (
    sa.func.unnest(*(sa.bindparam(f"item_{name}", type_=Listed(type_)) for name, type_ in COLUMNS.items()))
    .table_valued(*(sa.column(name, type_) for name, type_ in COLUMNS.items()))
    .render_derived("given")
)
item = sa.select(GIVER.label("tenant_id"), *_given.c).subquery("item")
event = (
    sa.select(
        GIVER.label("tenant_id"),
        _given.c.event_id.label("id"),
        _given.c.account_id,
        _given.c.order_id,
        sa.func.min(_given.c.start_on).label("ordered_on"),
        sa.func.max(_given.c.sold_at).label("sold_at"),
    )
    .group_by(_given.c.event_id, _given.c.account_id, _given.c.order_id)
    .subquery("event")
)
