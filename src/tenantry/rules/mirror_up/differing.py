"""How what was sold stands above: only what is new, or of another product, has to be priced (UP-31)."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.batch import ASSETS, SUBSCRIPTIONS
from tenantry.rules.mirror_up.travelling import travels
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import asset

_sold, _kept, _bought = subscription.alias("sold_now"), subscription.alias("kept_now"), asset.alias("bought_now")

# Each subscription, with its customer: whether it is mirrored, whether that is under another product, and whether it
# will be as soon as it is made.
subscriptions = (
    sa.select(
        _sold.c.id,
        _sold.c.account_id,
        sa.func.coalesce(_kept.c.managed_by == GIVER, sa.false()).label("mirrored"),
        sa.func.coalesce(_kept.c.product_id != _sold.c.product_id, sa.false()).label("moved"),
        sa.and_(_kept.c.id.is_(None), travels(_sold)).label("comes"),
    )
    .select_from(_sold.outerjoin(_kept, sa.and_(_kept.c.tenant_id == TAKER, _kept.c.id == _sold.c.id)))
    .where(_sold.c.tenant_id == GIVER, _sold.c.id == sa.any_(SUBSCRIPTIONS))
    .order_by(_sold.c.id)
)
assets = sa.select(_bought.c.id, _bought.c.account_id).where(
    _bought.c.tenant_id == GIVER, _bought.c.id == sa.any_(ASSETS)
)

_mine = subscription_add_on.c.subscription_id == sa.any_(SUBSCRIPTIONS)
has_add_ons = sa.select(
    sa.or_(
        sa.exists().where(subscription_add_on.c.tenant_id == GIVER, _mine),
        sa.exists().where(subscription_add_on.c.tenant_id == TAKER, _mine),
    ).label("there")
)
