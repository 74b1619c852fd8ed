"""Copying an order, and what items are sold with: tiers, promotions, trials (ORD-02, CAT-02, CAT-03, SUB-01)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenantry.kernel.money import Money
from tenantry.kernel.problems import Invalid, Refused
from tenantry.sales.actions import NewItem
from tenantry.schema import catalog
from tests.sales.stories import act, create, priced, sentences, submitted, view
from tests.world import Row, Tenant, World


def euros(amount: int) -> Money:
    """Give an amount."""
    return Money(Decimal(amount), "EUR")


def promotion(world: World, at: Tenant, of: Row, **given: Any) -> Row:
    """Make a promotion of a fifth off the first cycle."""
    usual = {"name": "Launch", "code": "GO", "product_id": of.id, "kind": "percent", "off": 20, "currency": None}
    return world.insert(at, catalog.promotion, **{**usual, **given})


def test_ord_02_a_copy_is_a_draft_of_today_at_todays_prices(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10")
    acme = world.account()
    old = NewItem(product.id, "monthly", 3, discount_percent=Decimal(50))
    id = submitted(world, home, acme, old)
    act(world, home, "edit_order", id, {"campaign": "Spring"})
    price = world.rows(home, catalog.product_price, product_id=product.id)[0]
    world.update(home, catalog.product_price, price.id, unit_price=12)

    copied = act(world, home, "copy_order", id)

    copy, original = view(world, home, copied), view(world, home, id)
    assert (copy.status, copy.campaign, copy.account, copy.name) == ("draft", "Spring", original.account, original.name)
    assert copy.number > original.number
    assert [(line.quantity, line.unit_price, line.total) for line in copy.items] == [(3, euros(12), euros(18))]
    assert original.total.amount == 15
    assert sentences(world, home, copied)[-1] == f"Order was copied from order {original.number}"


def test_ord_02_a_copy_leaves_out_what_is_not_given_any_more(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10")
    prices = world.insert(home, catalog.price_list, name="June", currency="EUR", valid_until=date(2026, 6, 30))
    over = promotion(world, home, product, valid_until=date(2026, 6, 30))
    item = NewItem(product.id, "monthly", promotion_id=over.id)
    june = create(world, home, world.account(price_list_id=prices.id), item, ordered_on=date(2026, 6, 1))

    copy = view(world, home, act(world, home, "copy_order", june))

    assert view(world, home, june).items[0].promotion
    assert (copy.price_list, copy.items[0].promotion) == (None, None)


def test_ord_02_an_account_that_is_not_sold_to_gets_no_copy(world: World) -> None:
    home = world.distributor()
    acme = world.account()
    id = create(world, home, acme, NewItem(priced(world, home).id, "monthly"))
    act(world, home, "copy_order", id)
    world.update(home, "account", acme.id, status="suspended")

    with pytest.raises(Refused, match="active account"):
        act(world, home, "copy_order", id)
    assert not view(world, home, id).actions["copy"]


def test_cat_02_an_item_costs_what_its_tier_says_unless_somebody_set_its_price(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10")
    prices = world.insert(home, catalog.price_list, name="Tiers", currency="EUR")
    for at_least, price in ((1, 9), (10, 8)):
        tier = {"cycle": "monthly", "min_quantity": at_least, "price": price}
        world.insert(home, catalog.price_list_item, price_list_id=prices.id, product_id=product.id, **tier)
    listed, by_hand = NewItem(product.id, "monthly", 9), NewItem(product.id, "monthly", 9, unit_price=Decimal(5))
    id = create(world, home, world.account(price_list_id=prices.id), listed, by_hand)

    for item in view(world, home, id).items:
        act(world, home, "change_quantity", id, item.id, 10)

    assert [item.unit_price.amount for item in view(world, home, id).items] == [8, 5]


def test_cat_03_an_item_has_the_promotion_that_was_chosen_and_shows_what_it_costs_at_first(world: World) -> None:
    home = world.distributor()
    product, other = priced(world, home, "10"), priced(world, home)
    given = promotion(world, home, product)
    over = promotion(world, home, product, name="Over", code="OLD", valid_until=date(2020, 1, 1))

    order = view(
        world, home, create(world, home, world.account(), NewItem(product.id, "monthly", 2, promotion_id=given.id))
    )

    assert (order.items[0].promotion and order.items[0].promotion.name) == "Launch"
    assert (order.total, order.first) == (euros(20), euros(16))
    for wrong in (
        NewItem(other.id, "monthly", promotion_id=given.id),
        NewItem(product.id, "monthly", promotion_id=over.id),
    ):
        with pytest.raises(Invalid) as refused:
            create(world, home, world.account(), NewItem(product.id, "monthly"), wrong)
        assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("items.1.promotion_id", "CAT-03")]


def test_cat_03_a_promotion_without_a_code_applies_by_itself_but_not_beside_a_discount(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10")
    automatic = promotion(world, home, product, code="")
    plain, discounted = NewItem(product.id, "monthly"), NewItem(product.id, "monthly", discount_percent=Decimal(5))
    id = create(world, home, world.account(), plain, discounted)

    assert [line.promotion and line.promotion.id for line in view(world, home, id).items] == [automatic.id, None]
    act(world, home, "update_item", id, view(world, home, id).items[0].id, {"promotion_id": None})
    assert view(world, home, id).items[0].promotion is None


def test_sub_01_only_a_product_that_allows_it_is_tried_first_and_then_costs_nothing_at_first(world: World) -> None:
    home = world.distributor()
    tried, bought = priced(world, home, "10", trial_allowed=True), priced(world, home, "10")
    id = create(world, home, world.account(), NewItem(tried.id, "monthly", trial=True), NewItem(bought.id, "monthly"))

    assert view(world, home, id).first.amount == 10
    with pytest.raises(Invalid) as refused:
        act(world, home, "update_item", id, view(world, home, id).items[1].id, {"trial": True})
    assert refused.value.rule == "SUB-01"
