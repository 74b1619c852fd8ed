"""Compare the back orders above with what was sold below: none is missing and none has no cause (BO-01, UP-44)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.back_orders.copies import ORDER_ITEM
from tenantry.rules.back_orders.events import back_order_of, every_item, item_of
from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.comparing import differences
from tenantry.schema.sales import order, order_item, subscription, subscription_add_on

# What was sold never changes, so it is the same above.
CARRIED = tuple(name for name, stanza in ORDER_ITEM.stanza_of.items() if stanza.verb == "carry")

_its_item = item_of(every_item.c.id, every_item.c.product_id)
_raised, _its_order = order.alias("raised_here"), order.alias("order_of_item")


def _back_orders(one: Any, chosen: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        one.c.tenant_id == TAKER,
        one.c.standing == "back_order",
        one.c.managed_by == GIVER,
        one.c.account_id.in_(sa.select(chosen.c.id)),
    )


def compare_orders(chosen: sa.FromClause) -> sa.Select[Any]:
    """Give the orders that are missing above, and those without a sale below."""
    below = sa.select(
        every_item.c.account_id, back_order_of(every_item.c.event_id, every_item.c.account_id).label("id")
    ).distinct()
    above = sa.select(_raised.c.account_id, _raised.c.id).where(*_back_orders(_raised, chosen))
    return differences("order", (), below, above)


def compare_items(chosen: sa.FromClause) -> sa.Select[Any]:
    """Give the order items that are missing above, that have no sale below, or that say something else."""
    below = sa.select(every_item.c.account_id, _its_item.label("id"), *(every_item.c[name] for name in CARRIED))
    above = (
        sa.select(_its_order.c.account_id, order_item.c.id, *(order_item.c[name] for name in CARRIED))
        .join(
            _its_order,
            sa.and_(_its_order.c.tenant_id == order_item.c.tenant_id, _its_order.c.id == order_item.c.order_id),
        )
        .where(order_item.c.tenant_id == TAKER, *_back_orders(_its_order, chosen))
    )
    return differences("order_item", CARRIED, below, above)


def _no_item() -> sa.ColumnElement[bool]:
    there = order_item.alias("there_already")
    return ~sa.exists().where(there.c.tenant_id == TAKER, there.c.id == _its_item)


# The customers to whom something was sold below that has no item above.
unraised = sa.select(every_item.c.account_id).where(_no_item()).distinct().order_by(every_item.c.account_id)


def _shows_none() -> sa.ColumnElement[bool]:
    """Say that what was sold stands above without an order: it was lost, and has been made again (BO-15, BO-17)."""
    sold, added = subscription.alias("shows_none"), subscription_add_on.alias("has_no_source")
    return sa.or_(
        sa.exists().where(
            sold.c.tenant_id == TAKER, sold.c.id == every_item.c.subscription_id, sold.c.order_id.is_(None)
        ),
        sa.exists().where(
            added.c.tenant_id == TAKER,
            added.c.subscription_id == every_item.c.subscription_id,
            added.c.product_id == every_item.c.product_id,
            added.c.order_id.is_(None),
        ),
    )


# The customers of whom something above does not show the order that tracks its sale.
unshown = sa.select(every_item.c.account_id).where(_shows_none()).distinct().order_by(every_item.c.account_id)
