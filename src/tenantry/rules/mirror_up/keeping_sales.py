"""Keep what was sold in step above: subscriptions, their add-ons and assets of a batch (UP-30 to UP-34).

Each statement writes only where the two differ, so that applying a message twice changes nothing.
"""

import sqlalchemy as sa
from sqlalchemy.sql.expression import Grouping

from tenantry.rules.back_orders.triggers import MOVES
from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.assets import ASSET, bought
from tenantry.rules.mirror_up.batch import ASSETS, FACTS, SHOWN, SUBSCRIPTIONS
from tenantry.rules.mirror_up.left_behind import LEFT_BEHIND
from tenantry.rules.mirror_up.lines import changes_of, due_to, line
from tenantry.rules.mirror_up.sales import ADD_ON, SUBSCRIPTION, added, customer, named, named_after, sold
from tenantry.schema.catalog import product
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import asset, subscription_change

_above, _its_add_on = subscription.alias("kept"), subscription_add_on.alias("kept_add_on")
_was_named = product.alias("was_named")
# A name that the distributor gave stays his (UP-33), but for the old product at its end: it stands there, too, when the
# customer was renamed since.
_old = sa.literal(" - ").concat(_was_named.c.name)
_before_it = sa.func.left(_above.c.name, sa.func.length(_above.c.name) - sa.func.length(_old))
_name_then = sa.case(
    (_above.c.name == sa.func.left(customer.c.name.concat(_old), 320), named_after),
    (
        sa.func.right(_above.c.name, sa.func.length(_old)) == _old,
        sa.func.left(_before_it.concat(" - ").concat(named.c.name), 320),
    ),
    else_=_above.c.name,
)

# What went to another product is priced anew, as of the day of the last move, also when that led back; what was charged
# under the old one stays charged.
_moved = (
    SUBSCRIPTION.select(None)
    .add_columns(_name_then.label("name_then"))
    .join(_above, sa.and_(_above.c.tenant_id == TAKER, _above.c.id == sold.c.id))
    .join(_was_named, sa.and_(_was_named.c.tenant_id == TAKER, _was_named.c.id == _above.c.product_id))
    .subquery("moved")
)
repriced = (
    sa.update(subscription)
    .values(
        **{
            name: _moved.c[name]
            for name in ("product_id", "unit_price", "promotion_id", "promotion_cycles_left", "cycle")
        },
        name=_moved.c.name_then,
        version=subscription.c.version + 1,
    )
    .where(subscription.c.tenant_id == TAKER, subscription.c.id == _moved.c.id)
)
subscription_refresh = SUBSCRIPTION.refresh(None)
# With the order that tracks its sale: shown afterwards, it would be written and looked through twice (BO-15).
_place: sa.ColumnElement[int] = sa.func.array_position(SUBSCRIPTIONS, sold.c.id)
subscription_made = SUBSCRIPTION.making(None, order_id=Grouping(SHOWN)[_place])
left_behind_made = LEFT_BEHIND.insert_from(None)

# Moved below to a product of the reseller's own it has left the distributor, with the day before as its last.
_own, _leaving = product.alias("his_own"), subscription_change.alias("leaving")
_left_on = (
    sa.select(_leaving.c.effective_on - 1)
    .where(
        _leaving.c.tenant_id == GIVER,
        _leaving.c.subscription_id == subscription.c.id,
        _leaving.c.kind.in_(MOVES),
        _leaving.c.status == "done",
    )
    .order_by(_leaving.c.number.desc())
    .limit(1)
    .correlate(subscription)
    .scalar_subquery()
)
left = (
    sa.update(subscription)
    .values(status="cancelled", end_on=_left_on, version=subscription.c.version + 1)
    .where(
        subscription.c.tenant_id == TAKER,
        subscription.c.id == sa.any_(SUBSCRIPTIONS),
        subscription.c.managed_by == GIVER,
        subscription.c.status.not_in(("cancelled", "expired")),
        sold.c.tenant_id == GIVER,
        sold.c.id == subscription.c.id,
        _own.c.tenant_id == GIVER,
        _own.c.id == sold.c.product_id,
        _own.c.standing == "own",
    )
)

# An add-on that the reseller cancelled goes; one that he bought anew is another.
add_on_gone = sa.delete(subscription_add_on).where(
    subscription_add_on.c.tenant_id == TAKER,
    subscription_add_on.c.subscription_id == sa.any_(SUBSCRIPTIONS),
    sa.exists().where(
        _above.c.tenant_id == TAKER,
        _above.c.id == subscription_add_on.c.subscription_id,
        _above.c.managed_by == GIVER,
    ),
    ~sa.exists().where(_its_add_on.c.tenant_id == GIVER, _its_add_on.c.id == subscription_add_on.c.id),
)
add_on_refresh = (
    sa.update(subscription_add_on)
    .values(quantity=added.c.quantity, version=subscription_add_on.c.version + 1)
    .where(
        subscription_add_on.c.tenant_id == TAKER,
        subscription_add_on.c.id == added.c.id,
        subscription_add_on.c.quantity != added.c.quantity,
    )
)
add_on_made = ADD_ON.insert_from(None)
# One that came up before its sale did, as a seller between has it, is priced by the sale once that is heard of.
_again, _heard = ADD_ON.select(None).subquery("again"), subscription_change.alias("heard_already")
_bought = subscription_change.alias("bought_with")
_its_sale = sa.and_(
    _bought.c.tenant_id == GIVER,
    _bought.c.id == sa.any_(FACTS),
    _bought.c.subscription_id == _again.c.subscription_id,
    sa.or_(
        _bought.c.kind == "conversion",
        sa.and_(_bought.c.product_id == _again.c.product_id, _bought.c.before["quantity"].astext == "0"),
    ),
    ~sa.exists().where(_heard.c.tenant_id == TAKER, _heard.c.id == _bought.c.id),
)
add_on_repriced = (
    sa.update(subscription_add_on)
    .values(
        **{name: _again.c[name] for name in ("unit_price", "promotion_id", "promotion_cycles_left")},
        version=subscription_add_on.c.version + 1,
    )
    .where(
        subscription_add_on.c.tenant_id == TAKER,
        subscription_add_on.c.id == _again.c.id,
        sa.or_(
            *(subscription_add_on.c[name].is_distinct_from(_again.c[name]) for name in ("unit_price", "promotion_id"))
        ),
        sa.exists().where(_its_sale),
    )
)

_kept_asset = asset.alias("kept_asset")
_followed = [name for name in ASSET.locked if name not in {"account_id", "product_id"}]
asset_line = line(
    "asset",
    _kept_asset,
    bought,
    _kept_asset.c.id == sa.any_(ASSETS),
    sa.case(
        (
            sa.and_(_kept_asset.c.status != bought.c.status, bought.c.status == "returned"),
            due_to("Asset was taken back"),
        ),
        else_=due_to("Asset was edited"),
    ),
    changes_of(_kept_asset, bought, _followed),
    sa.or_(*(_kept_asset.c[name].is_distinct_from(bought.c[name]) for name in _followed)),
)
# What was charged for one that he took back, or that never was his, is given back.
asset_gone = (
    sa.update(asset)
    .values(to_be_charged=True)
    .where(
        asset.c.tenant_id == TAKER,
        asset.c.id == sa.any_(ASSETS),
        asset.c.managed_by == GIVER,
        asset.c.status == "active",
        bought.c.tenant_id == GIVER,
        bought.c.id == asset.c.id,
        bought.c.status != "active",
    )
)
asset_refresh = ASSET.refresh(None)
asset_made = ASSET.insert_from(None)

OF_MOVED = (left, repriced)
OF_ADD_ONS = (add_on_gone, add_on_refresh, add_on_made, add_on_repriced)
OF_ASSETS = (asset_line, asset_gone, asset_refresh, asset_made)
