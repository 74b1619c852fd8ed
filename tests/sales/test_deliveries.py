"""Order delivery: selected items by a sub-order, each once (ORD-02, ORD-03)."""

from datetime import timedelta

import pytest

from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid, Refused
from tenantry.sales.actions import NewItem
from tenantry.schema import catalog
from tests.sales.stories import LATER, act, create, priced, sentences, submitted, view
from tests.world import World


def test_ord_02_delivered_items_are_executed_by_a_sub_order_and_the_order_shows_it(world: World) -> None:
    home = world.distributor()
    mail, archive = priced(world, home, name="Mail"), priced(world, home, "7", name="Archive")
    id = submitted(world, home, world.account(), NewItem(mail.id, "monthly", 5), NewItem(archive.id, "monthly"))
    first, second = view(world, home, id).items

    part = view(world, home, act(world, home, "deliver_items", id, [first.id]))

    whole = view(world, home, id)
    assert (part.status, part.part_of and part.part_of.id, len(part.subscriptions)) == ("executed", id, 1)
    assert [(line.product.name, line.quantity, line.total) for line in part.items] == [("Mail", 5, first.total)]
    assert (whole.status, [one.id for one in whole.deliveries]) == ("submitted", [part.id])
    assert [line.delivered_by and line.delivered_by.id for line in whole.items] == [part.id, None]
    assert sentences(world, home, id)[-1] == "Mail was delivered"
    assert sentences(world, home, part.id)[0] == f"Order was created to deliver a part of order {whole.number}"

    act(world, home, "deliver_items", id, [second.id])

    assert view(world, home, id).status == "executed"
    assert sentences(world, home, id)[-1] == "Order was executed: everything is delivered"
    assert len(world.rows(home, "subscription", account_id=whole.account.id)) == 2


def test_ord_03_each_item_is_delivered_once_whichever_way(world: World) -> None:
    home = world.distributor()
    product = priced(world, home)
    id = submitted(world, home, world.account(), NewItem(product.id, "monthly", 1), NewItem(product.id, "monthly", 2))
    first, second = view(world, home, id).items
    act(world, home, "deliver_items", id, [first.id])

    with pytest.raises(Invalid) as refused:
        act(world, home, "deliver_items", id, [first.id, second.id])
    assert refused.value.rule == "ORD-03"
    act(world, home, "execute_order", id)

    account = view(world, home, id).account.id
    assert sorted(one.quantity for one in world.rows(home, "subscription", account_id=account)) == [1, 2]
    with pytest.raises(Refused) as late:
        act(world, home, "deliver_items", id, [second.id])
    assert late.value.rule == "ORD-02"


def test_ord_02_an_add_on_is_delivered_with_its_service(world: World) -> None:
    home = world.distributor()
    mail, archive = priced(world, home), priced(world, home, "2", kind="add_on")
    world.insert(home, catalog.product_add_on, product_id=mail.id, add_on_id=archive.id)
    id = submitted(world, home, world.account(), NewItem(mail.id, "monthly"), NewItem(archive.id, "monthly"))
    service, add_on = (item.id for item in view(world, home, id).items)

    for alone in ([service], [add_on]):
        with pytest.raises(Invalid, match="delivered together"):
            act(world, home, "deliver_items", id, alone)
    part = act(world, home, "deliver_items", id, [service, add_on])

    [started] = world.rows(home, "subscription", order_id=part)
    assert len(world.rows(home, "subscription_add_on", subscription_id=started.id)) == 1


def test_ord_02_only_items_of_a_submitted_order_are_delivered(world: World) -> None:
    home = world.distributor()
    item = NewItem(priced(world, home).id, "monthly")
    draft, sent = create(world, home, world.account(), item), submitted(world, home, world.account(), item)
    mine = view(world, home, sent).items[0].id

    with pytest.raises(Refused):
        act(world, home, "deliver_items", draft, [view(world, home, draft).items[0].id])
    for strangers in ([], [new_id()], [mine, new_id()]):
        with pytest.raises(Invalid):
            act(world, home, "deliver_items", sent, strangers)
    act(world, home, "deliver_items", sent, [mine])
    assert view(world, home, sent).status == "executed"


def test_ord_02_items_start_on_their_own_days_unless_the_delivery_says_another(world: World) -> None:
    home = world.distributor()
    product = priced(world, home)
    planned = LATER + timedelta(days=60)
    items = [NewItem(product.id, "monthly", number, start_on=planned) for number in (1, 2, 3)]
    id = submitted(world, home, world.account(), *items)
    first, second, third = (item.id for item in view(world, home, id).items)

    act(world, home, "deliver_items", id, [first, second], starts={second: LATER})
    with pytest.raises(Invalid, match="not among"):
        act(world, home, "deliver_items", id, [third], starts={first: LATER})
    act(world, home, "execute_order", id)

    account = view(world, home, id).account.id
    starts = {one.quantity: one.start_on for one in world.rows(home, "subscription", account_id=account)}
    assert starts == {1: planned, 2: LATER, 3: planned}
