"""Prices of a list: volume tiers, days without overlap, margins on cost."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from tenantry.catalog import actions
from tenantry.catalog.actions import NewListPrice, NewPriceList
from tenantry.catalog.price_list_queries import ListedPrice, list_prices, price_list_
from tenantry.kernel.problems import Conflict, Invalid, NotFound, Stale
from tenantry.schema import crm
from tenantry.schema.catalog import price_list_item
from tests.catalog.test_products import act
from tests.world import Row, World


@pytest.fixture
def mail(world: World) -> Row:
    """Give a product that costs 6 and sells at 10."""
    product = world.product(name="Mail", sku="MAIL")
    act(world, world.distributor(), actions.set_price, product.id, "monthly", "EUR", Decimal(10), cost=Decimal(6))
    return product


@pytest.fixture
def friends(world: World) -> UUID:
    """Give a price list."""
    made: UUID = act(world, world.distributor(), actions.create_price_list, NewPriceList("Friends", "EUR"))
    return made


def put(world: World, list_id: UUID, product: Row, **given: Any) -> UUID:
    """Set a price."""
    new = NewListPrice(product.id, "monthly", **given)
    made: UUID = act(world, world.distributor(), actions.set_list_price, list_id, new)
    return made


def items(world: World, list_id: UUID) -> list[ListedPrice]:
    """See the prices of a list."""
    return list(act(world, world.distributor(), price_list_, list_id).items)


def test_cat_02_a_price_list_has_volume_tiers(world: World, mail: Row, friends: UUID) -> None:
    put(world, friends, mail, price=Decimal(8))
    put(world, friends, mail, price=Decimal(7), min_quantity=10)
    put(world, friends, mail, price=Decimal("6.5"), min_quantity=10)

    tiers = [(one.min_quantity, one.price.amount) for one in items(world, friends) if one.price]
    assert tiers == [(1, 8), (10, Decimal("6.5"))]
    for wrong in (0, -1, 10**7):
        with pytest.raises(Invalid):
            put(world, friends, mail, price=Decimal(1), min_quantity=wrong)


def test_cat_02_days_of_a_price_do_not_overlap_and_the_other_one_is_named(
    world: World, mail: Row, friends: UUID
) -> None:
    home = world.distributor()
    first = put(world, friends, mail, price=Decimal(8), valid_from=date(2027, 1, 1), valid_until=date(2027, 6, 30))
    put(world, friends, mail, price=Decimal(5), min_quantity=10)

    for days in (
        (date(2027, 6, 30), None),
        (None, date(2027, 1, 1)),
        (None, None),
        (date(2027, 3, 1), date(2027, 3, 1)),
    ):
        with pytest.raises(Conflict) as refused:
            put(world, friends, mail, price=Decimal(9), valid_from=days[0], valid_until=days[1])
        assert "from 1 unit on, from 2027-01-01 until 2027-06-30" in refused.value.message
        assert (refused.value.code, refused.value.rule) == ("price-overlaps", "CAT-02")

    put(world, friends, mail, price=Decimal(9), valid_from=date(2027, 7, 1))
    with pytest.raises(Conflict, match="from 2027-07-01"):
        act(world, home, actions.edit_list_price, friends, first, {"valid_until": date(2027, 7, 1)})
    act(world, home, actions.edit_list_price, friends, first, {"valid_until": date(2027, 6, 29)}, version=1)
    with pytest.raises(Stale):
        act(world, home, actions.edit_list_price, friends, first, {"price": 1}, version=1)
    with pytest.raises(Invalid, match="before the first"):
        act(world, home, actions.edit_list_price, friends, first, {"valid_until": "2026-01-01"})


def test_cat_02_the_database_holds_it_too(world: World, mail: Row, friends: UUID) -> None:
    home = world.distributor()
    price = {"price_list_id": friends, "product_id": mail.id, "cycle": "monthly", "price": 1}
    world.insert(home, price_list_item, **price, valid_from=date(2027, 1, 1))

    with pytest.raises(IntegrityError, match="price_list_item_no_overlap"):
        world.insert(home, price_list_item, **price, valid_from=date(2027, 2, 1))
    world.insert(home, price_list_item, **price, valid_from=date(2026, 2, 1), valid_until=date(2026, 12, 31))


def test_cat_02_a_price_is_an_amount_or_a_margin_on_cost(world: World, mail: Row, friends: UUID) -> None:
    home = world.distributor()
    id = put(world, friends, mail, margin_percent=Decimal(25))

    [item] = items(world, friends)
    assert (item.price, item.margin_percent) == (None, Decimal(25))
    assert item.cost is not None
    assert item.cost.amount == 6
    with pytest.raises(Invalid, match="not both"):
        act(world, home, actions.edit_list_price, friends, id, {"price": 3})
    act(world, home, actions.edit_list_price, friends, id, {"price": 3, "margin_percent": None})
    [item] = items(world, friends)
    assert item.price is not None
    assert (item.price.amount, item.margin_percent) == (Decimal(3), None)
    with pytest.raises(Invalid, match="no margin"):
        act(world, home, actions.edit_list_price, friends, id, {"price": None, "margin_percent": -101})


def test_ten_24_prices_of_a_list_stand_in_its_history(world: World, mail: Row, friends: UUID) -> None:
    home = world.distributor()
    id = put(world, friends, mail, price=Decimal(8))
    put(world, friends, mail, price=Decimal(8))
    act(world, home, actions.edit_list_price, friends, id, {"price": 7})
    act(world, home, actions.remove_list_price, friends, id)

    lines = world.rows(home, crm.history_line, subject_id=friends)
    assert [line.sentence for line in lines] == [
        "Price list Friends was created",
        "A price of Mail was set",
        "A price of Mail was changed",
        "A price of Mail was removed",
    ]
    assert lines[2].changes == {"price": {"before": "8", "after": "7"}}


def test_cat_02_prices_are_searched_and_read_page_by_page(world: World, mail: Row, friends: UUID) -> None:
    home = world.distributor()
    put(world, friends, mail, price=Decimal(8))
    put(world, friends, world.product(name="Backup"), price=Decimal(3))

    first = act(world, home, list_prices, friends, limit=1)
    second = act(world, home, list_prices, friends, start=first.next, limit=1)

    assert [first.items[0].product.name, second.items[0].product.name, second.next] == ["Backup", "Mail", None]
    assert [one.sku for one in act(world, home, list_prices, friends, "mail").items] == ["MAIL"]
    assert act(world, home, price_list_, friends).prices == 2


def test_cat_02_a_price_list_that_somebody_has_stays(world: World, mail: Row, friends: UUID) -> None:
    home = world.distributor()
    put(world, friends, mail, price=Decimal(8))
    buyer = world.account(price_list_id=friends)

    with pytest.raises(Conflict, match="has this price list"):
        act(world, home, actions.delete_price_list, friends)
    world.update(home, crm.account, buyer.id, price_list_id=None)
    act(world, home, actions.delete_price_list, friends)

    with pytest.raises(NotFound):
        act(world, home, price_list_, friends)
