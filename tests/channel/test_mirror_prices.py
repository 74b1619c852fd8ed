"""What a sale costs the reseller above: as `charging` says for one sale at a time, in SQL for all (UP-31, BO-09)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given, settings, strategies as st

from tenantry.catalog.product_prices import set_price
from tenantry.charging import pricing, promotions
from tenantry.charging.pricing import Wanted
from tenantry.charging.promotions import Sale
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import places_of
from tenantry.kernel.problems import Invalid, Refused
from tenantry.rules.mirror_up.prices import Sold, priced
from tenantry.sales.actions import NewItem
from tests.channel.mirroring import channel
from tests.world import Row, World

DAY = date(2026, 6, 15)
days = st.none() | st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))
amounts = st.decimals(0, 1_000, places=4)


@dataclass(frozen=True)
class Tier:
    min_quantity: int
    price: Decimal | None
    margin_percent: Decimal | None


@st.composite
def tiers(draw: st.DrawFn) -> list[Tier]:
    found = []
    for least in draw(st.lists(st.integers(1, 12), unique=True, max_size=4)):
        kind = draw(st.sampled_from(["price", "margin", "unit"]))
        price = draw(amounts) if kind == "price" else None
        margin = draw(st.decimals(-90, 300, places=2)) if kind == "margin" else None
        found.append(Tier(least, price, margin))
    return found


@settings(max_examples=60)
@given(
    unit=st.none() | amounts,
    cost=st.none() | st.decimals(0, 1_000, places=6),
    entries=tiers(),
    quantity=st.integers(1, 15),
    currency=st.sampled_from(["EUR", "USD"]),
    listed_in=st.sampled_from(["EUR", "USD"]),
    dates=st.tuples(days, days),
    active=st.booleans(),
)
def test_up_31_the_price_above_is_what_charging_says(
    world: World,
    unit: Decimal | None,
    cost: Decimal | None,
    entries: list[Tier],
    quantity: int,
    currency: str,
    listed_in: str,
    dates: tuple[date | None, date | None],
    *,
    active: bool,
) -> None:
    above = world.distributor()
    dates = dates if None in dates or dates[0] <= dates[1] else dates[::-1]
    valid = dict(zip(("valid_from", "valid_until"), dates, strict=True))
    list_ = world.insert(above, "price_list", name=new_id().hex, currency=listed_in, active=active, **valid)
    reseller = world.account(currency=currency, price_list_id=list_.id)
    product = world.product(above)
    if unit is not None:
        given_ = {"cycle": "monthly", "currency": currency, "unit_price": unit, "cost": cost}
        world.insert(above, "product_price", product_id=product.id, **given_)
    for one in entries:
        world.insert(
            above, "price_list_item", price_list_id=list_.id, product_id=product.id, cycle="monthly", **vars(one)
        )

    found = in_sql(world, reseller, product, quantity).unit_price

    with world.web.work(above.id) as work:
        try:
            wanted = [Wanted(product.id, "monthly", quantity=quantity)]
            holds = (
                active
                and listed_in == currency
                and all(one is None or sign * (DAY - one).days >= 0 for one, sign in zip(dates, (1, -1), strict=True))
            )
            [said] = pricing.prices_of(work, wanted, list_.id if holds else None, currency, on=DAY)
        except Invalid:
            said = None
    assert found == (said.unit_price if said else None)


@st.composite
def offers(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(st.sampled_from(["percent", "amount"]))
    off = draw(st.integers(1, 100) if kind == "percent" else st.decimals("0.01", 20, places=2))
    duration = draw(st.sampled_from(["once", "cycles", "lifetime"]))
    first, last = sorted([draw(days) or DAY, draw(days) or DAY])
    return {
        "kind": kind,
        "off": off,
        "duration": duration,
        "cycles": draw(st.integers(1, 6)) if duration == "cycles" else None,
        "currency": draw(st.sampled_from(["EUR", "USD"])) if kind == "amount" else None,
        "cycle": draw(st.sampled_from([None, "monthly", "yearly"])),
        "valid_from": draw(st.sampled_from([None, first])),
        "valid_until": draw(st.sampled_from([None, last])),
        "active": draw(st.integers(0, 5)) > 0,
        "code": draw(st.sampled_from(["", "", "CODE"])),
        "new_customers_only": draw(st.booleans()),
    }


@settings(max_examples=60)
@given(
    some=st.lists(offers(), max_size=4),
    kind=st.sampled_from(["service", "add_on"]),
    had=st.booleans(),
    price=st.decimals(1, 50, places=2),
)
def test_bo_09_the_promotion_above_is_what_charging_gives_by_itself(
    world: World, some: list[dict[str, object]], kind: str, price: Decimal, *, had: bool
) -> None:
    above = world.distributor()
    reseller, acme = world.account(), world.account()
    product = world.product(above, kind=kind)
    unit = {"cycle": "monthly", "currency": "EUR", "unit_price": price}
    world.insert(above, "product_price", product_id=product.id, **unit)
    for one in some:
        named = {"name": "Spring", **one, "code": new_id().hex if one["code"] else ""}
        world.insert(above, "promotion", product_id=product.id, **named)
    if had:
        world.subscription(acme, product, created_at=sa.func.now() - timedelta(days=1))

    found = in_sql(world, reseller, product, 1, acme)

    with world.web.work(above.id) as work:
        said = promotions.by_itself(work, Sale(acme.id, product.id, "monthly", "EUR", DAY, price))
    assert (found.promotion_id, found.cycles) == ((said.off.id, said.cycles) if said else (None, None))


def in_sql(world: World, reseller: Row, product: Row, quantity: int, customer: Row | None = None) -> Row:
    """Give what the statement of a batch finds."""
    above = world.distributor()
    what = sa.select(
        sa.literal((customer or reseller).id, sa.Uuid).label("account_id"),
        sa.literal(product.id, sa.Uuid).label("product_id"),
        sa.literal("monthly").label("cycle"),
        sa.literal(quantity).label("total"),
        sa.literal(DAY).label("on"),
        sa.func.now().label("at"),
    ).subquery("what")
    found = priced(Sold("sold", *what.c))
    froms: sa.FromClause = what
    for table, on in found.joins.items():
        froms = froms.outerjoin(table, on)
    query = sa.select(
        found.unit_price, found.promotion_id.label("promotion_id"), found.promotion_cycles.label("cycles")
    ).select_from(froms)
    words = {"taker": above.id, "giver": above.id, "reseller": reseller.id, "digits": places_of(reseller.currency)}
    with world.web.work(above.id) as work:
        return Row(**work.connection.execute(query, words).mappings().one())


def test_up_31_halves_go_to_the_even_neighbour(world: World) -> None:
    above = world.distributor()
    for cost, margin, price in (("0.25", "10", "0.28"), ("0.15", "50", "0.22"), ("0.35", "50", "0.52")):
        list_ = world.insert(above, "price_list", name=new_id().hex, currency="EUR")
        reseller, product = world.account(price_list_id=list_.id), world.product(above)
        unit = {"cycle": "monthly", "currency": "EUR", "unit_price": 9, "cost": Decimal(cost)}
        world.insert(above, "product_price", product_id=product.id, **unit)
        item = {"cycle": "monthly", "min_quantity": 1, "margin_percent": Decimal(margin)}
        world.insert(above, "price_list_item", price_list_id=list_.id, product_id=product.id, **item)
        assert in_sql(world, reseller, product, 1).unit_price == Decimal(price)


def test_up_31_the_list_then_the_unit_price_in_the_resellers_currency(world: World) -> None:
    story = channel(world)
    mail, files = story.product(cost=7), story.product(cost=8)
    story.listed(mail, 6)
    story.listed(mail, 5, min_quantity=10)
    few, many = story.sold(mail, 9), story.sold(mail, 10)
    unlisted = story.sold(files)
    story.drain()
    found = [story.over("subscription", one.id) for one in (few, many, unlisted)]
    assert [(one.unit_price, one.currency) for one in found] == [(6, "EUR"), (5, "EUR"), (8, "EUR")]

    world.update(story.above, "account", story.below.account_id, currency="USD")
    story.priced(story.above, mail, 11, currency="USD")
    dear = story.sold(mail, 9)
    story.drain()
    mirror = story.over("subscription", dear.id)
    # The list is in euros, so it says nothing of dollars.
    assert (mirror.unit_price, mirror.currency) == (11, "USD")
    assert (story.orders()[-1].currency, story.items(story.orders()[-1])[0].unit_price) == ("USD", 11)


def test_up_31_nothing_of_the_resellers_selling_price_travels(world: World) -> None:
    story = channel(world)
    mail = story.product(price=10, cost=7)
    off = {"kind": "percent", "off": 10, "duration": "lifetime"}
    world.insert(story.below, "promotion", name="His own", product_id=mail.id, **off)
    [made] = story.sell(NewItem(mail.id, "monthly", 5, unit_price=Decimal("13.37")))
    discounted = story.sell(NewItem(mail.id, "monthly", 5, discount_percent=Decimal(20)))[0]
    story.drain()
    for one in (made, discounted):
        mirror = story.over("subscription", one.id)
        assert (mirror.unit_price, mirror.discount_percent, mirror.promotion_id) == (7, 0, None)
    assert "13.37" not in repr([vars(one) for one in world.rows(story.above, "subscription_change")])


def test_up_31_what_an_outside_system_prices_costs_above_what_it_costs_the_reseller(world: World) -> None:
    story = channel(world)
    mail = story.product(price=10, cost=7)
    story.listed(mail, 6)
    [price] = world.rows(story.below, "product_price", product_id=mail.id)
    world.update(story.below, "product_price", price.id, cost=Decimal("4.5"))
    usual = story.sold(mail)
    story.drain()
    assert story.over("subscription", usual.id).unit_price == 6

    world.update(story.above, "product", mail.id, externally_priced=True)
    pushed = story.sold(mail)
    story.drain()
    assert story.over("subscription", pushed.id).unit_price == Decimal("4.5")
    assert story.items(story.orders()[-1])[0].unit_price == Decimal("4.5")
    # Where no cost is known below, it is priced as everything else.
    world.update(story.below, "product_price", price.id, cost=None)
    unknown = story.sold(mail)
    story.drain()
    assert story.over("subscription", unknown.id).unit_price == 6


def test_up_31_cat_20_the_cost_below_is_locked_unless_an_outside_system_prices_it(world: World) -> None:
    story = channel(world)
    mail = story.product()

    def costs(cost: str) -> None:
        with world.web.work(story.below.id, world.admin(story.below)) as work:
            set_price(work, mail.id, "monthly", "EUR", Decimal(10), cost=Decimal(cost))

    with pytest.raises(Refused) as refused:
        costs("4")
    assert refused.value.rule == "CAT-20"
    world.update(story.below, "product", mail.id, externally_priced=True)
    costs("4")
    assert [one.cost for one in world.rows(story.below, "product_price", product_id=mail.id)] == [4]


def test_bo_09_a_promotion_for_new_customers_is_given_for_the_first_sale_only(world: World) -> None:
    story = channel(world)
    mail, files = story.product(), story.product()
    given_ = {"kind": "percent", "off": 10, "duration": "lifetime", "new_customers_only": True}
    for one in (mail, files):
        world.insert(story.above, "promotion", name="Welcome", product_id=one.id, **given_)
    first = story.sell(NewItem(mail.id, "monthly", 1), NewItem(files.id, "monthly", 1))
    second = story.sold(mail)
    # In one batch: who is new does not depend on when it is told.
    story.drain()
    assert [story.over("subscription", one.id).promotion_id is not None for one in (*first, second)] == [
        True,
        True,
        False,
    ]
    items = [one.promotion_id is not None for order in story.orders() for one in story.items(order)]
    assert items == [True, True, False]
