"""What a unit costs the reseller at the distributor, in SQL (UP-31, BO-05, BO-09, BO-12):
the price list's tier, a margin on the cost, else the product's unit price; and the promotion of the day.

What an outside system prices costs here what it costs the reseller in his tenant. All else is the same as
`charging.pricing` and `charging.promotions` give one sale at a time.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, RESELLER, TAKER
from tenantry.rules.mirror_up.batch import comes_from_above
from tenantry.schema.catalog import price_list, price_list_item, product, product_price, promotion
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import subscription_change

Column = sa.ColumnElement[Any]

# Places of the minor unit of the currency that the reseller pays in.
DIGITS = sa.bindparam("digits", type_=sa.Integer)
FINEST = 6


@dataclass(frozen=True)
class Sold:
    """What is priced: so many units of a product in a cycle, for whom, on which day; `at` is when it was sold."""

    name: str
    account_id: Column
    product_id: Column
    cycle: Column
    total: Column
    on: Column
    at: Column


@dataclass(frozen=True)
class Priced:
    """The joins that find the price and the promotion, and what they give; no price at all is null."""

    joins: dict[sa.FromClause, sa.ColumnElement[bool]]
    unit_price: Column
    promotion_id: Column
    promotion_cycles: Column


def priced(sold: Sold) -> Priced:
    """Look up what something costs the reseller, and the promotion that takes most off it."""
    buyer, arrangement = account.alias(f"{sold.name}_buyer"), tenant_reseller.alias(f"{sold.name}_deal")
    pushed, outside = product_price.alias(f"{sold.name}_pushed"), product.alias(f"{sold.name}_outside")
    unit, tier = product_price.alias(f"{sold.name}_unit"), _tier(sold, buyer, arrangement)
    margin = _with_margin(unit.c.cost, tier.c.margin_percent, f"{sold.name}_margin")
    price = (
        sa.select(
            sa.case(
                (pushed.c.cost.is_not(None), pushed.c.cost),
                (tier.c.price.is_not(None), tier.c.price),
                (tier.c.margin_percent.is_not(None), _half_even(margin.c.amount, margin.c.places)),
                else_=unit.c.unit_price,
            ).label("unit_price")
        )
        .correlate(pushed, tier, unit, margin)
        .lateral(f"{sold.name}_price")
    )
    given = _promotion(sold, price.c.unit_price, buyer.c.currency)
    return Priced(
        {
            buyer: sa.and_(buyer.c.tenant_id == TAKER, buyer.c.id == RESELLER),
            arrangement: sa.and_(arrangement.c.tenant_id == TAKER, arrangement.c.id == RESELLER),
            unit: sa.and_(
                unit.c.tenant_id == TAKER,
                unit.c.product_id == sold.product_id,
                unit.c.cycle == sold.cycle,
                unit.c.currency == buyer.c.currency,
            ),
            outside: sa.and_(
                outside.c.tenant_id == TAKER, outside.c.id == sold.product_id, outside.c.externally_priced
            ),
            pushed: sa.and_(
                pushed.c.tenant_id == GIVER,
                pushed.c.product_id == outside.c.id,
                pushed.c.cycle == sold.cycle,
                pushed.c.currency == buyer.c.currency,
            ),
            tier: sa.true(),
            margin: sa.true(),
            price: sa.true(),
            given: sa.true(),
        },
        price.c.unit_price,
        given.c.id,
        sa.case((given.c.duration == "once", 1), (given.c.duration == "cycles", given.c.cycles), else_=None),
    )


def list_of(buyer: Any, arrangement: Any) -> Column:
    """Give the reseller's price list: the one he buys by, else the one that his tenant was made with (BO-05)."""
    return sa.func.coalesce(buyer.c.price_list_id, arrangement.c.price_list_id)


def _tier(sold: Sold, buyer: Any, arrangement: Any) -> Any:
    """Find the tier of the reseller's list, where the list holds on the day and is in his currency."""
    listed, item = price_list.alias(f"{sold.name}_list"), price_list_item.alias(f"{sold.name}_listed")
    return (
        sa.select(item.c.price, item.c.margin_percent)
        .select_from(
            item.join(listed, sa.and_(listed.c.tenant_id == item.c.tenant_id, listed.c.id == item.c.price_list_id))
        )
        .where(
            item.c.tenant_id == TAKER,
            item.c.price_list_id == list_of(buyer, arrangement),
            item.c.product_id == sold.product_id,
            item.c.cycle == sold.cycle,
            item.c.min_quantity <= sa.func.greatest(sold.total, 1),
            *_holds(item, sold.on),
            listed.c.active,
            listed.c.currency == buyer.c.currency,
            *_holds(listed, sold.on),
        )
        .order_by(item.c.min_quantity.desc())
        .limit(1)
        .correlate_except(item, listed)
        .lateral(f"{sold.name}_tier")
    )


def _promotion(sold: Sold, price: Column, currency: Column) -> Any:
    """Find the promotion without a code that takes most off."""
    p = promotion.alias(f"{sold.name}_offer")
    left = sa.case(
        (p.c.kind == "percent", price * sa.func.greatest(100 - p.c.off, 0) / 100),
        else_=sa.func.greatest(price - p.c.off, 0),
    )
    return (
        sa.select(p.c.id, p.c.duration, p.c.cycles)
        .where(
            p.c.tenant_id == TAKER,
            p.c.product_id == sold.product_id,
            p.c.code == "",
            p.c.active,
            sa.func.coalesce(p.c.cycle, sold.cycle) == sold.cycle,
            sa.func.coalesce(p.c.currency, currency) == currency,
            *_holds(p, sold.on),
            sa.or_(~p.c.new_customers_only, ~_is_customer(sold)),
        )
        .order_by(left, p.c.id)
        .limit(1)
        .correlate_except(p)
        .lateral(f"{sold.name}_promotion")
    )


def _is_customer(sold: Sold) -> Column:
    """Say that the customer had a subscription here before this sale.

    Sales are compared by when they were made below, so that how messages fall into batches makes nobody a customer.
    """
    had, before = subscription.alias(f"{sold.name}_had"), subscription_change.alias(f"{sold.name}_before")
    here = sa.select(had.c.id).where(
        had.c.tenant_id == TAKER, had.c.account_id == sold.account_id, had.c.created_at < sold.at
    )
    sold_below = sa.select(before.c.id).where(
        before.c.tenant_id == GIVER,
        before.c.account_id == sold.account_id,
        before.c.kind.in_(("activation", "conversion")),
        before.c.done_at < sold.at,
        comes_from_above(before.c.product_id, f"{sold.name}_had_product"),
    )
    return sa.or_(here.correlate_except(had).exists(), sold_below.correlate_except(before).exists())


def _holds(table: Any, on: Column) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        sa.func.coalesce(table.c.valid_from, on) <= on,
        sa.func.coalesce(table.c.valid_until, on) >= on,
    )


def _with_margin(cost: Column, percent: Column, name: str) -> Any:
    """Put a margin on a cost; the price has as many places as the cost has, and at least those of the currency."""
    places = sa.func.least(sa.func.greatest(DIGITS, sa.func.scale(sa.func.trim_scale(cost))), FINEST)
    amount = cost * (100 + percent) / 100
    return sa.select(amount.label("amount"), places.label("places")).correlate_except().lateral(name)


def _half_even(amount: Column, places: Column) -> Column:
    """Round to so many places; what lies halfway goes to the even neighbour, as money does everywhere here."""
    scale = sa.func.power(sa.literal_column("10::numeric"), places)
    whole = sa.func.floor(amount * scale)
    rest = amount * scale - whole
    half: Column = sa.literal_column("0.5")
    rounded = sa.case((rest < half, whole), (rest > half, whole + 1), else_=whole + sa.func.mod(whole, 2))
    return sa.func.round(rounded / scale, sa.cast(places, sa.Integer))
