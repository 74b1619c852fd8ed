"""Products, prices, price lists and plans."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewListPrice, NewPlan, NewPriceList, NewProduct
from tenantry.catalog.lists import PLANS, PRICE_LISTS, PRODUCTS
from tenantry.catalog.price_list_queries import price_list_
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.schema.catalog import provisioning_system
from tests.world import Tenant, World


def act(world: World, at: Tenant, verb: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Do something as the tenant's admin."""
    with world.web.work(at.id, world.admin(at)) as work:
        return verb(work, *arguments, **named)


def test_cat_01_a_product_has_prices_by_cycle_and_currency(world: World) -> None:
    home = world.distributor()
    system = world.insert(home, provisioning_system, name="Mailer", kind="manual")
    new = NewProduct(sku="MAIL", name="Mail", unit="user", provisioning_system_id=system.id, trial_allowed=True)
    id = act(world, home, actions.create_product, new)

    act(world, home, actions.set_price, id, "monthly", "EUR", Decimal(10), cost=Decimal(6))
    act(world, home, actions.set_price, id, "yearly", "EUR", Decimal(100))
    act(world, home, actions.set_price, id, "monthly", "EUR", Decimal("10.5"))

    product = act(world, home, queries.product_, id)
    assert (product.sku, product.provisioning_system_name, product.standing) == ("MAIL", "Mailer", "own")
    assert [(one.cycle, one.price, one.cost) for one in product.prices] == [
        ("monthly", Money(Decimal("10.5"), "EUR"), Money(Decimal(6), "EUR")),
        ("yearly", Money(Decimal(100), "EUR"), None),
    ]
    with pytest.raises(Invalid, match="not activated"):
        act(world, home, actions.set_price, id, "monthly", "JPY", Decimal(1))
    act(world, home, actions.remove_price, id, product.prices[1].id)
    assert len(act(world, home, queries.product_, id).prices) == 1


def test_cat_01_two_products_do_not_share_a_sku(world: World) -> None:
    home = world.distributor()
    id = act(world, home, actions.create_product, NewProduct(sku="A", name="First"))

    with pytest.raises(Invalid, match="First has this SKU") as refused:
        act(world, home, actions.create_product, NewProduct(sku=" A ", name="Second"))

    assert refused.value.faults[0].field == "sku"
    act(world, home, actions.edit_product, id, {"sku": "A", "name": "First, renamed"}, version=1)
    with pytest.raises(Stale):
        act(world, home, actions.edit_product, id, {"name": "Again"}, version=1)
    other = world.tenant("distributor")
    act(world, other, actions.create_product, NewProduct(sku="A", name="Elsewhere"))


def test_cat_01_every_bad_field_is_named_at_once(world: World) -> None:
    home = world.distributor()

    with pytest.raises(Invalid) as refused:
        act(world, home, actions.create_product, NewProduct(sku="", name="x" * 321, kind="thing"))

    assert [fault.field for fault in refused.value.faults] == ["sku", "name", "kind"]
    assert all(fault.remedy for fault in refused.value.faults)


def test_cat_01_an_add_on_is_related_to_a_service(world: World) -> None:
    home = world.distributor()
    service, add_on = world.product(), world.product(kind="add_on", name="Archive")

    for _ in range(2):
        act(world, home, actions.relate_add_on, service.id, add_on.id)

    assert [one.name for one in act(world, home, queries.product_, service.id).add_ons] == ["Archive"]
    with pytest.raises(Invalid):
        act(world, home, actions.relate_add_on, add_on.id, service.id)
    act(world, home, actions.unrelate_add_on, service.id, add_on.id)
    assert act(world, home, queries.product_, service.id).add_ons == []


def test_cat_01_a_product_that_was_sold_is_taken_off_sale_not_deleted(world: World) -> None:
    home = world.distributor()
    sold, unsold = world.product(), world.product()
    world.subscription(world.account(), sold)

    with pytest.raises(Conflict, match="in an order"):
        act(world, home, actions.delete_product, sold.id)
    act(world, home, actions.edit_product, sold.id, {"active": False})
    act(world, home, actions.delete_product, unsold.id)

    with pytest.raises(NotFound):
        act(world, home, queries.product_, unsold.id)


def test_cat_20_of_a_product_from_above_price_category_and_texts_are_the_resellers(world: World) -> None:
    reseller = world.tenant_reseller()
    copied = world.product(reseller, standing="inherited")

    act(world, reseller, actions.edit_product, copied.id, {"name": "Ours", "category": "Best", "description": "Good"})
    act(world, reseller, actions.set_price, copied.id, "monthly", "EUR", Decimal(12))

    for locked in ({"sku": "X"}, {"kind": "add_on"}, {"trial_allowed": True}):
        with pytest.raises(Refused) as refused:
            act(world, reseller, actions.edit_product, copied.id, locked)
        assert refused.value.rule == "CAT-20"
    with pytest.raises(Refused):
        act(world, reseller, actions.set_price, copied.id, "monthly", "EUR", Decimal(12), cost=Decimal(1))
    with pytest.raises(Refused):
        act(world, reseller, actions.delete_product, copied.id)
    assert "sku" in act(world, reseller, queries.product_, copied.id).locked_fields


def test_cat_02_a_price_list_holds_prices_in_its_currency(world: World) -> None:
    home = world.distributor()
    product = world.product(name="Mail")
    id = act(world, home, actions.create_price_list, NewPriceList("Friends", "EUR", date(2026, 1, 1)))
    act(world, home, actions.edit_price_list, id, {"currency": "USD"})

    act(world, home, actions.set_list_price, id, NewListPrice(product.id, "monthly", Decimal(8)))
    act(world, home, actions.set_list_price, id, NewListPrice(product.id, "monthly", Decimal(7)))

    [item] = act(world, home, price_list_, id).items
    assert (item.product.name, item.price) == ("Mail", Money(Decimal(7), "USD"))
    with pytest.raises(Conflict, match="in its currency"):
        act(world, home, actions.edit_price_list, id, {"currency": "EUR"})
    with pytest.raises(Invalid, match="before the first"):
        act(world, home, actions.edit_price_list, id, {"valid_until": "2025-12-31"})
    act(world, home, actions.remove_list_price, id, item.id)
    assert act(world, home, price_list_, id).items == []


def test_cat_21_a_plan_sells_a_product(world: World) -> None:
    home = world.distributor()
    product = world.product(name="Mail")
    id = act(world, home, actions.create_plan, NewPlan(product.id, "Mail for all"))

    act(world, home, actions.edit_plan, id, {"name": "Mail for everyone"})

    plan = act(world, home, queries.plan_, id)
    assert (plan.name, plan.product.name, plan.standing) == ("Mail for everyone", "Mail", "own")
    for wrong in (NewPlan(new_id(), "Of nothing"), NewPlan(product.id, " ")):
        with pytest.raises(Invalid):
            act(world, home, actions.create_plan, wrong)
    with pytest.raises(Invalid):
        act(world, home, actions.edit_plan, id, {"product_id": world.product().id})
    with pytest.raises(Stale):
        act(world, home, actions.edit_plan, id, {"name": "Mail"}, version=1)
    with pytest.raises(Conflict, match="plan"):
        act(world, home, actions.delete_product, product.id)
    act(world, home, actions.delete_plan, id)
    act(world, home, actions.delete_product, product.id)
    with pytest.raises(NotFound):
        act(world, home, queries.plan_, id)


def test_cat_21_no_plan_is_made_of_a_product_that_the_distributor_withdrew(world: World) -> None:
    home = world.distributor()
    for standing, made in (("own", True), ("inherited", True), ("withdrawn", False)):
        product = world.product(standing=standing)
        if made:
            act(world, home, actions.create_plan, NewPlan(product.id, "Mail"))
            continue
        with pytest.raises(Refused, match="withdrawn"):
            act(world, home, actions.create_plan, NewPlan(product.id, "Mail"))


def test_ten_20_the_catalogue_needs_its_permissions(world: World) -> None:
    home = world.distributor()
    product = world.product()
    reader = Actor(None, "Reader", frozenset({"products:view"}))

    with world.web.work(home.id, reader) as work:
        assert queries.product_(work, product.id).id == product.id
        with pytest.raises(Forbidden):
            actions.edit_product(work, product.id, {"name": "Mine"})


def test_api_04_the_catalogue_is_listed(world: World) -> None:
    home = world.distributor()
    for name in ("Beta", "Alpha"):
        product = act(world, home, actions.create_product, NewProduct(sku=name, name=name))
        act(world, home, actions.create_plan, NewPlan(product, name))
        act(world, home, actions.create_price_list, NewPriceList(name, "EUR"))

    with world.web.work(home.id, world.admin(home)) as work:
        for listing in (PRODUCTS, PLANS, PRICE_LISTS):
            names = [item["name"] for item in listing.page(work).items]
            assert names == sorted(names)
            assert {"Alpha", "Beta"} <= set(names)
