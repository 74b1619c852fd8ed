"""Promotions: product and cycle, amount or percent, once, some cycles or for good, dates, all or new customers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewPromotion
from tenantry.catalog.lists import PROMOTIONS
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Stale
from tenantry.schema import sales
from tenantry.tenancy.listing import ListRequest
from tests.catalog.test_products import act
from tests.world import World


def new(world: World, **given: Any) -> NewPromotion:
    """Give a promotion of a fifth off."""
    values = {"name": "Spring", "product_id": world.product().id, "kind": "percent", "off": Decimal(20), **given}
    return NewPromotion(**values)


def test_cat_03_a_promotion_says_what_it_takes_off_and_for_how_long(world: World) -> None:
    home = world.distributor()
    days = {"valid_from": date(2027, 3, 1), "valid_until": date(2027, 5, 31)}
    given = new(world, code="SPRING", cycle="monthly", duration="cycles", cycles=3, new_customers_only=True, **days)
    id = act(world, home, actions.create_promotion, given)

    view = act(world, home, queries.promotion_, id)
    assert (view.code, view.cycle, view.off, view.duration, view.cycles) == ("SPRING", "monthly", 20, "cycles", 3)
    assert (view.valid_until, view.new_customers_only, view.product.id) == (date(2027, 5, 31), True, given.product_id)
    act(world, home, actions.edit_promotion, id, {"duration": "lifetime", "cycles": None}, version=1)
    with pytest.raises(Stale):
        act(world, home, actions.edit_promotion, id, {"name": "Summer"}, version=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"off": Decimal(0)}, "off"),
        ({"off": Decimal(101)}, "off"),
        ({"off": Decimal(-1)}, "off"),
        ({"currency": "EUR"}, "currency"),
        ({"kind": "amount"}, "currency"),
        ({"kind": "amount", "currency": "JPY"}, "currency"),
        ({"duration": "cycles"}, "cycles"),
        ({"cycles": 2}, "cycles"),
        ({"duration": "cycles", "cycles": 0}, "cycles"),
        ({"valid_from": date(2027, 1, 2), "valid_until": date(2027, 1, 1)}, "valid_until"),
        ({"cycle": "weekly"}, "cycle"),
        ({"product_id": new_id()}, "product_id"),
        ({"name": ""}, "name"),
    ],
)
def test_cat_03_what_makes_no_sense_is_refused_by_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    home = world.distributor()
    act(world, home, actions.create_promotion, new(world))

    with pytest.raises(Invalid) as refused:
        act(world, home, actions.create_promotion, new(world, **wrong))

    assert [fault.field for fault in refused.value.faults] == [field]
    assert refused.value.faults[0].remedy


def test_cat_03_what_was_promised_stays(world: World) -> None:
    home = world.distributor()
    given, unused = (act(world, home, actions.create_promotion, new(world)) for _ in range(2))
    order = world.order(world.account())
    item = {"order_id": order.id, "cycle": "monthly", "quantity": 1, "unit_price": 1, "position": 1}
    world.insert(home, sales.order_item, **item, product_id=world.product().id, promotion_id=given)

    for id in (unused, given):
        if id == given:
            with pytest.raises(Conflict, match="promised"):
                act(world, home, actions.edit_promotion, id, {"off": 50})
            with pytest.raises(Conflict, match="given already"):
                act(world, home, actions.delete_promotion, id)
            act(world, home, actions.edit_promotion, id, {"active": False, "valid_until": "2027-01-01", "off": 20})
        else:
            act(world, home, actions.edit_promotion, id, {"off": 50})
            act(world, home, actions.delete_promotion, id)
            with pytest.raises(NotFound):
                act(world, home, queries.promotion_, id)
    assert act(world, home, queries.promotion_, given).off == 20


def test_cat_03_promotions_are_listed_and_searched(world: World) -> None:
    home = world.distributor()
    for name, code in (("Spring", "FLOWERS"), ("Autumn", "LEAVES")):
        act(world, home, actions.create_promotion, new(world, name=name, code=code))

    with world.web.work(home.id, world.admin(home)) as work:
        assert [one["name"] for one in PROMOTIONS.page(work).items] == ["Autumn", "Spring"]
        assert [one["name"] for one in PROMOTIONS.page(work, ListRequest(search="flow")).items] == ["Spring"]


def test_ten_20_promotions_need_their_permission(world: World) -> None:
    home = world.distributor()
    reader = world.admin(home)
    reader = type(reader)(None, "Reader", frozenset({"products:view"}))
    given = new(world)

    with world.web.work(home.id, reader) as work:
        assert PROMOTIONS.page(work).items == []
        with pytest.raises(Forbidden):
            actions.create_promotion(work, given)
