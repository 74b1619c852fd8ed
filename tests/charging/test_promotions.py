"""Which promotion a sale is given: by product, cycle, currency, day, code, and to whom; or why not (CAT-03)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.charging.stories import priced, promotion, working
from tests.world import Row, World

from tenantry.charging import promotions
from tenantry.charging.promotions import Given, Sale
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid

DAY = date(2026, 4, 15)


def sale(of: Row, product: Row, **given: object) -> Sale:
    """Sell a product to an account in April, monthly, for EUR 10."""
    return replace(Sale(of.id, product.id, "monthly", "EUR", DAY, Decimal(10)), **given)


def chosen(world: World, one: Row, of: Sale) -> Given | Fault:
    """Choose a promotion for a sale; gives what is given, or what is wrong."""
    with working(world) as work:
        try:
            return promotions.require(work, one.id, of)
        except Invalid as refused:
            [fault] = refused.faults
            assert (fault.field, fault.rule) == ("promotion_id", "CAT-03")
            assert fault.remedy
            return fault


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"active": False}, "is not given any more"),
        ({"valid_until": date(2026, 4, 14)}, "was given until 2026-04-14"),
        ({"valid_from": date(2026, 4, 16)}, "is given from 2026-04-16"),
        ({"cycle": "half_yearly"}, "is for the cycle half yearly only"),
        ({"kind": "amount", "currency": "USD"}, "is in USD; the price is in EUR"),
        ({"valid_from": DAY, "valid_until": DAY}, ""),
        ({"cycle": "monthly"}, ""),
        ({"kind": "amount", "currency": "EUR"}, ""),
        ({"new_customers_only": True}, ""),
    ],
)
def test_cat_03_a_promotion_out_of_its_dates_cycle_or_currency_is_refused(
    world: World, given: dict[str, object], says: str
) -> None:
    product = priced(world)

    found = chosen(world, promotion(world, product, "5", **given), sale(world.account(), product))

    if says:
        assert isinstance(found, Fault)
        assert says in found.message
    else:
        assert isinstance(found, Given)


def test_cat_03_a_promotion_is_for_its_product_and_its_tenant(world: World) -> None:
    product, other = priced(world, name="Mail"), priced(world)
    spring = promotion(world, product)

    assert isinstance(chosen(world, spring, sale(world.account(), product)), Given)
    assert "is for Mail only" in chosen(world, spring, sale(world.account(), other)).message
    stranger = replace_id(spring)
    assert "no such promotion" in chosen(world, stranger, sale(world.account(), product)).message


def test_cat_03_a_promotion_for_new_customers_is_for_who_never_had_a_subscription(world: World) -> None:
    product, new, old = priced(world), world.account(), world.account()
    world.subscription(old, product, status="cancelled")
    spring = promotion(world, product, new_customers_only=True)

    assert isinstance(chosen(world, spring, sale(new, product)), Given)
    assert "is for new customers" in chosen(world, spring, sale(old, product)).message
    with working(world) as work:
        found = promotions.of_themselves(work, [sale(new, product), sale(old, product)])
    assert [one and one.off.id for one in found] == [spring.id, None]


def test_cat_03_of_several_the_one_that_takes_most_off_is_given(world: World) -> None:
    product = priced(world)
    promotion(world, product, "20")
    amount = promotion(world, product, "3", kind="amount", currency="EUR", duration="lifetime")
    promotion(world, product, "90", code="SECRET")

    with working(world) as work:
        cheap, dear = (
            promotions.by_itself(work, sale(world.account(), product, unit_price=Decimal(price)))
            for price in ("10", "100")
        )
        assert promotions.by_itself(work, sale(world.account(), priced(world))) is None

    assert (cheap.off.id, cheap.cycles) == (amount.id, None)
    assert (dear.off.kind, dear.cycles) == ("percent", 1)


def test_cat_03_a_code_is_typed_in_any_case_and_a_wrong_one_says_why(world: World) -> None:
    product, account = priced(world), world.account()
    spring = promotion(world, product, code="Spring26", duration="cycles", cycles=3)
    promotion(world, product, code="OLD", valid_until=date(2025, 1, 1))

    with working(world) as work:
        found = promotions.for_code(work, " sPRING26 ", sale(account, product))
        assert (found.off.id, found.cycles) == (spring.id, 3)
        for code, says in (("OLD", "was given until 2025-01-01"), ("WINTER", "no promotion with the code"), ("", "no")):
            with pytest.raises(Invalid, match=says) as refused:
                promotions.for_code(work, code, sale(account, product, field="promotion_code"))
            assert [one.field for one in refused.value.faults] == ["promotion_code"]


def test_cat_03_an_add_on_has_promotions_of_its_own_in_each_cycle(world: World) -> None:
    mail, add_on = priced(world), priced(world, kind="add_on")
    spring = promotion(world, add_on)
    monthly, once = (sale(world.account(), add_on, cycle=cycle) for cycle in ("monthly", "one_off"))

    assert all(isinstance(chosen(world, spring, one), Given) for one in (monthly, once))
    assert "is for" in chosen(world, promotion(world, mail), monthly).message
    with working(world) as work:
        assert [one and one.off.id for one in promotions.of_themselves(work, [monthly, once])] == [spring.id] * 2


def test_cat_03_nobody_is_paid_for_buying(world: World) -> None:
    product = priced(world)
    for given in ({"off": "150"}, {"off": "11", "kind": "amount", "currency": "EUR"}):
        found = chosen(world, promotion(world, product, **given), sale(world.account(), product))
        assert found.off.reduced(Decimal(10)) == 0


def replace_id(one: Row) -> Row:
    """Give the same row under an id that nobody has."""
    return Row(**{**vars(one), "id": new_id()})
