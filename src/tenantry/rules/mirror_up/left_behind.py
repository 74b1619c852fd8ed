"""What came from above and has gone on to a product of the reseller's own: there it has ended (UP-30, BO-02)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.back_orders.triggers import MOVES
from tenantry.rules.binds import GIVER
from tenantry.rules.mirror_up.batch import SOLD_HERE, SUBSCRIPTIONS, comes_from_above, lines_of
from tenantry.rules.mirror_up.sales import mirrored_as
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import subscription_change


def _last_left(row: Any) -> Any:
    """Find the last move of a subscription away from a product that comes from above, as it is after it was made."""
    change = subscription_change.alias(f"{row.name}_leaving")
    line = lines_of(change, f"{row.name}_left")
    return (
        sa.select(line.c.product_id, line.c.cycle, -line.c.quantity, change.c.effective_on - 1)
        .select_from(change.join(line, sa.true()))
        .where(
            change.c.tenant_id == GIVER,
            change.c.subscription_id == row.c.id,
            change.c.kind.in_(MOVES),
            change.c.status == "done",
            change.c.sold.is_not(None),
            line.c.subscription_id == row.c.id,
            line.c.quantity < 0,
            comes_from_above(line.c.product_id, f"{row.name}_left_product"),
        )
        .order_by(change.c.number.desc())
        .limit(1)
        .correlate_except(change, line)
    )


def went_on(row: Any) -> sa.ColumnElement[bool]:
    """Say that a subscription came from above and has gone on to a product of the reseller's own."""
    return sa.and_(
        row.c.standing.in_(SOLD_HERE),
        ~comes_from_above(row.c.product_id, f"{row.name}_now"),
        _last_left(row).exists(),
    )


def _as_it_was() -> Any:
    """Select what a subscription was before it went on: it has left the distributor the day before."""
    now = subscription.alias("gone_on")
    was = _last_left(now).lateral("as_it_was")
    product_id, cycle, quantity, last = was.c
    as_was = {"product_id": product_id, "cycle": cycle, "quantity": quantity, "end_on": last}
    as_was["status"] = sa.literal_column("'cancelled'")
    columns = [as_was[one.name].label(one.name) if one.name in as_was else one for one in now.c]
    return (
        sa.select(*columns)
        .select_from(now.join(was, sa.true()))
        .where(now.c.tenant_id == GIVER, now.c.id == sa.any_(SUBSCRIPTIONS), went_on(now))
        .subquery("left_behind")
    )


# Heard of only after it has gone on it is there all the same, as it would be had it been heard of in time (BO-02).
LEFT_BEHIND = mirrored_as(_as_it_was(), sa.true())

_gone = subscription.alias("gone")
which = sa.select(_gone.c.id).where(_gone.c.tenant_id == GIVER, _gone.c.id == sa.any_(SUBSCRIPTIONS), went_on(_gone))
