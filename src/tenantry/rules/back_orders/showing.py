"""Where the distributor's subscription shows the order that tracks it (BO-15, BO-17).

Run after the order was made and before its changes are taken over, which is what says that they have arrived.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenantry.rules.back_orders.events import item
from tenantry.rules.back_orders.triggers import kinds
from tenantry.rules.binds import GIVER, TAKER
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import asset, subscription_change

_STARTING = frozenset(kinds("field"))
later, known = subscription_change.alias("later"), subscription_change.alias("known_later")


def _is_last(shown: tuple[str, ...], *alike: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say that nothing later of the kind is known here, should an earlier change arrive after it."""
    return ~sa.exists().where(
        later.c.tenant_id == GIVER,
        later.c.subscription_id == item.c.subscription_id,
        later.c.number > item.c.number,
        later.c.kind.in_(shown),
        later.c.sold.is_not(None),
        *alike,
        known.c.tenant_id == TAKER,
        known.c.id == later.c.id,
    )


# The Order field: of what was started, converted, or moved to another product; the last one counts.
_started = (
    sa.select(item.c.subscription_id, item.c.order_id)
    .where(item.c.kind.in_(kinds("field")), item.c.quantity > 0, _is_last(kinds("field")))
    .ext(distinct_on(item.c.subscription_id))
    .order_by(item.c.subscription_id, item.c.number.desc())
    .subquery("started")
)
on_subscription = (
    sa.update(subscription)
    .values(order_id=_started.c.order_id)
    .where(
        subscription.c.tenant_id == TAKER,
        subscription.c.id == _started.c.subscription_id,
        subscription.c.order_id.is_distinct_from(_started.c.order_id),
    )
)

_bought = sa.select(item.c.asset_id, item.c.order_id).where(item.c.asset_id.is_not(None)).subquery("bought_by")
on_asset = (
    sa.update(asset)
    .values(order_id=_bought.c.order_id)
    .where(
        asset.c.tenant_id == TAKER,
        asset.c.id == _bought.c.asset_id,
        asset.c.order_id.is_distinct_from(_bought.c.order_id),
    )
)

# The source of an add-on: the order that it was bought by, or its number changed by, last.
_sourced = (
    sa.select(item.c.subscription_id, item.c.product_id, item.c.order_id)
    .where(
        item.c.kind.in_((*kinds("field"), *kinds("add_on"))),
        _is_last(kinds("add_on"), later.c.product_id == item.c.product_id),
    )
    .ext(distinct_on(item.c.subscription_id, item.c.product_id))
    .order_by(item.c.subscription_id, item.c.product_id, item.c.number.desc())
    .subquery("sourced")
)
on_add_on = (
    sa.update(subscription_add_on)
    .values(order_id=_sourced.c.order_id)
    .where(
        subscription_add_on.c.tenant_id == TAKER,
        subscription_add_on.c.subscription_id == _sourced.c.subscription_id,
        subscription_add_on.c.product_id == _sourced.c.product_id,
    )
)


def starts(row: sa.Row[Any]) -> bool:
    """Say whether a subscription shows the order of this sale (`events.sold`), if it is the last one."""
    return row.kind in _STARTING and row.quantity > 0


def of(sold: Collection[str], *, started: bool, add_ons: bool) -> tuple[sa.Update, ...]:
    """Give the statements that show the orders of these kinds of sales: `started` those of subscriptions that were
    there, for one that is new is made with it; `add_ons` whether there are any.
    """
    places = {
        on_subscription: kinds("field") if started else (),
        on_asset: ("asset",),
        on_add_on: (*kinds("field"), *kinds("add_on")) if add_ons else (),
    }
    return tuple(statement for statement, of_kinds in places.items() if not set(of_kinds).isdisjoint(sold))
