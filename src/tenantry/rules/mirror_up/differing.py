"""What of a batch is new above, or of another product: only that has to be priced (UP-31)."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.batch import SUBSCRIPTIONS
from tenantry.schema.sales import subscription, subscription_add_on

_sold, _kept = subscription.alias("sold_now"), subscription.alias("kept_now")

# Each subscription that is not mirrored as it is sold: its id, and whether it is there under another product.
differing = (
    sa.select(_sold.c.id, sa.func.coalesce(_kept.c.managed_by == GIVER, sa.false()).label("moved"))
    .select_from(
        _sold.outerjoin(
            _kept, sa.and_(_kept.c.tenant_id == TAKER, _kept.c.id == sa.any_(SUBSCRIPTIONS), _kept.c.id == _sold.c.id)
        )
    )
    .where(
        _sold.c.tenant_id == GIVER,
        _sold.c.id == sa.any_(SUBSCRIPTIONS),
        sa.or_(_kept.c.managed_by.is_distinct_from(GIVER), _kept.c.product_id != _sold.c.product_id),
    )
    .order_by(_sold.c.id)
)

_mine = subscription_add_on.c.subscription_id == sa.any_(SUBSCRIPTIONS)
has_add_ons = sa.select(
    sa.or_(
        sa.exists().where(subscription_add_on.c.tenant_id == GIVER, _mine),
        sa.exists().where(subscription_add_on.c.tenant_id == TAKER, _mine),
    )
)
