"""What a unit costs: the list's tier of the day, a margin on the cost, else the unit price; or why not (CAT-02)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.charging.stories import listed, price_list, priced, working
from tests.world import Row, World

from tenantry.charging.pricing import Price, Wanted, price_of, prices_of
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema import catalog

DAY = date(2026, 6, 15)


def ask(world: World, product: Row, list_: Row | None = None, **given: object) -> Price:
    """Ask for a price as the distributor's admin."""
    wanted = {"cycle": "monthly", "quantity": 1, "currency": "EUR", "on": DAY, **given}
    with working(world) as work:
        asked = Wanted(product.id, wanted["cycle"], quantity=wanted["quantity"])
        return price_of(work, asked, list_ and list_.id, wanted["currency"], on=wanted["on"])


def fault(world: World, product: Row, list_: Row | None = None, **given: object) -> Fault:
    """Give the one thing that is wrong with what is asked for."""
    with pytest.raises(Invalid) as refused:
        ask(world, product, list_, **given)
    [one] = refused.value.faults
    assert one.remedy
    return one


def test_cat_02_the_list_comes_before_the_unit_price_which_is_what_it_falls_back_on(world: World) -> None:
    product, other, list_ = priced(world, "12"), priced(world, "12"), price_list(world)
    listed(world, list_, product, price=10, min_quantity=5)

    assert ask(world, product) == Price(Decimal(12), "unit")
    assert ask(world, product, list_, quantity=4) == Price(Decimal(12), "unit")
    assert ask(world, product, list_, quantity=5) == Price(Decimal(10), "list", 5)
    assert ask(world, other, list_, quantity=5) == Price(Decimal(12), "unit")


def test_cat_02_an_entry_of_neither_price_nor_margin_is_the_unit_price(world: World) -> None:
    product, list_ = priced(world, "12"), price_list(world)
    listed(world, list_, product, price=10)
    listed(world, list_, product, min_quantity=10)

    assert ask(world, product, list_, quantity=9).unit_price == 10
    assert ask(world, product, list_, quantity=10) == Price(Decimal(12), "unit")


def test_cat_02_a_price_holds_on_its_days(world: World) -> None:
    product, list_ = priced(world, "12"), price_list(world)
    listed(world, list_, product, price=10, valid_until=date(2026, 6, 30))
    listed(world, list_, product, price=11, valid_from=date(2026, 7, 1), valid_until=date(2026, 7, 31))

    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)]
    assert [ask(world, product, list_, on=on).unit_price for on in days] == [10, 11, 11, 12]


def test_cat_02_a_margin_is_put_on_the_cost_and_refused_without_one(world: World) -> None:
    product, free, list_ = priced(world, "12", cost="8"), priced(world, "12"), price_list(world)
    for one in (product, free):
        listed(world, list_, one, margin_percent=25)

    assert ask(world, product, list_) == Price(Decimal(10), "margin")
    wrong = fault(world, free, list_)
    assert (wrong.field, wrong.rule) == ("product_id", "CAT-02")
    assert "has none in EUR" in wrong.message


@pytest.mark.parametrize(
    ("given", "on", "says"),
    [
        ({"valid_until": date(2026, 6, 14)}, DAY, "was valid until 2026-06-14"),
        ({"valid_from": date(2026, 6, 16)}, DAY, "is valid from 2026-06-16"),
        ({"active": False}, DAY, "is not in use"),
        ({"currency": "USD"}, DAY, "is in USD"),
        ({"valid_from": DAY, "valid_until": DAY}, DAY, ""),
    ],
)
def test_cat_02_a_list_that_does_not_hold_on_the_day_is_refused(
    world: World, given: dict[str, object], on: date, says: str
) -> None:
    product, list_ = priced(world), price_list(world, **given)

    if not says:
        assert ask(world, product, list_, on=on).unit_price == 10
        return
    wrong = fault(world, product, list_, on=on)
    assert (wrong.field, wrong.rule) == ("price_list_id", "CAT-02")
    assert says in wrong.message


def test_cat_01_a_cycle_that_the_product_lacks_is_refused_naming_those_it_has(world: World) -> None:
    product, list_ = priced(world), price_list(world)
    listed(world, list_, product, price=100, cycle="yearly")

    assert ask(world, product, list_, cycle="yearly") == Price(Decimal(100), "list")
    wrong = fault(world, product, list_, cycle="quarterly")
    assert (wrong.field, wrong.rule) == ("product_id", "CAT-01")
    assert "for the cycle quarterly; it has one for: monthly, yearly" in wrong.message
    assert "for the cycle half yearly" in fault(world, product, list_, cycle="half_yearly").message
    assert "no price in USD" in fault(world, product, currency="USD").message


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"active": False}, "is not on sale"),
        ({"standing": "withdrawn"}, "is not on sale"),
        ({"active_from": date(2026, 6, 16)}, "is on sale from 2026-06-16"),
        ({"active_until": date(2026, 6, 14)}, "was on sale until 2026-06-14"),
    ],
)
def test_cat_01_what_is_not_on_sale_on_the_day_is_refused(world: World, given: dict[str, object], says: str) -> None:
    assert ask(world, priced(world, active_from=DAY, active_until=DAY)).unit_price == 10
    wrong = fault(world, priced(world, **given))
    assert (wrong.field, wrong.rule) == ("product_id", "CAT-01")
    assert says in wrong.message


def test_cat_01_a_quantity_beyond_the_products_limits_is_refused(world: World) -> None:
    product = priced(world, min_quantity=5, max_quantity=1000)

    for quantity in (5, 1000):
        assert ask(world, product, quantity=quantity).unit_price == 10
    low, high = fault(world, product, quantity=4), fault(world, product, quantity=1001)
    assert (low.field, low.rule, low.remedy) == ("quantity", "CAT-01", "Take 5 or more.")
    assert (high.field, high.rule, high.remedy) == ("quantity", "CAT-01", "Take 1,000 or fewer.")


def test_ord_01_everything_that_cannot_be_had_is_named_at_once(world: World) -> None:
    product = priced(world, max_quantity=10)
    strangers = priced_elsewhere(world)
    wanted = [
        Wanted(product.id, "monthly", "items.0"),
        Wanted(product.id, "monthly", "items.1", 11),
        Wanted(strangers, "monthly", "items.2"),
        Wanted(new_id(), "monthly", "items.3"),
    ]

    with working(world) as work:
        assert [one.unit_price for one in prices_of(work, wanted[:1], None, "EUR", on=DAY)] == [10]
        assert prices_of(work, [], None, "EUR", on=DAY) == []
        with pytest.raises(Invalid) as refused:
            prices_of(work, wanted, None, "EUR", on=DAY)
        with pytest.raises(Invalid, match="no price list"):
            prices_of(work, wanted[:1], new_id(), "EUR", on=DAY)

    assert [one.field for one in refused.value.faults] == [
        "items.1.quantity",
        "items.2.product_id",
        "items.3.product_id",
    ]


def priced_elsewhere(world: World) -> UUID:
    """Make a product with a price in another tenant; gives its id."""
    there = world.tenant()
    product = world.product(there)
    world.insert(there, catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=1)
    return product.id
