"""Orders between tenants: what a back-ordering record forbids and allows, and who may sell to whom."""

from collections.abc import Callable
from datetime import date

import pytest

from tenantry.kernel.problems import Refused
from tenantry.sales.actions import NewItem
from tenantry.schema import crm, sales
from tests.sales.stories import act, create, marked, priced, sentences, submitted, view
from tests.world import Row, World

FORBIDDEN: dict[str, Callable[[Row, Row], tuple[object, ...]]] = {
    "submit_order": lambda order, _: (order.id,),
    "execute_order": lambda order, _: (order.id,),
    "cancel_order": lambda order, _: (order.id,),
    "delete_order": lambda order, _: (order.id,),
    "add_item": lambda order, item: (order.id, NewItem(item.product_id, "monthly")),
    "update_item": lambda order, item: (order.id, item.id, {"quantity": 9}),
    "change_quantity": lambda order, item: (order.id, item.id, 9),
    "delete_item": lambda order, item: (order.id, item.id),
}


@pytest.mark.parametrize("standing", ["marked", "back_order"])
@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_bo_20_the_distributor_may_not_carry_out_or_change_items_of_a_back_ordering_record(
    world: World, standing: str, status: str
) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="accounts_transferred")
    order = marked(world, reseller, standing, status=status)
    item = world.insert(
        home,
        sales.order_item,
        order_id=order.id,
        product_id=priced(world, home).id,
        cycle="monthly",
        quantity=1,
        unit_price=10,
    )

    for verb, arguments in FORBIDDEN.items():
        with pytest.raises(Refused) as refused:
            act(world, home, verb, *arguments(order, item))
        assert refused.value.rule == "BO-20", verb

    assert world.row(home, sales.order, order.id) == order
    assert world.row(home, sales.order_item, item.id) == item
    assert world.rows(home, "subscription", order_id=order.id) == []


def test_bo_20_an_order_of_ones_own_may_do_all_of_it(world: World) -> None:
    home = world.distributor()
    product = priced(world, home)
    id = create(world, home, world.account(), NewItem(product.id, "monthly"))
    item = view(world, home, id).items[0]

    act(world, home, "add_item", id, NewItem(product.id, "monthly"))
    act(world, home, "update_item", id, item.id, {"quantity": 9})
    act(world, home, "change_quantity", id, item.id, 3)
    act(world, home, "delete_item", id, item.id)
    act(world, home, "submit_order", id)
    act(world, home, "execute_order", id)

    assert view(world, home, id).status == "executed"


def test_bo_20_the_page_offers_what_the_acts_allow(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="accounts_transferred")
    order = marked(world, reseller)

    actions = view(world, home, order.id).actions

    forbidden = {name for name, verdict in actions.items() if not verdict and verdict.rule == "BO-20"}
    assert forbidden == {
        *("add_item", "update_item", "delete_item", "quick_add", "change_quantity"),
        *("submit", "execute", "approve", "refuse", "cancel", "delete", "copy", "deliver"),
        *("exceed_limit", "check_credit", "withdraw"),
    }


def test_bo_21_only_the_named_fields_of_a_back_ordering_record_change(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="accounts_transferred")
    order = marked(world, reseller)
    kind = world.insert(home, sales.order_type, name="Wholesale")
    method = world.payment_method(home, name="Card")
    contact = world.contact(Row(id=order.account_id))
    open_fields = {
        "name": "Renamed",
        "order_type_id": kind.id,
        "payment_method_id": method.id,
        "sales_rep_id": home.admin_id,
        "contact_id": contact.id,
        "campaign": "Spring",
        "responsible_user_id": home.admin_id,
        "custom_fields": {},
    }

    act(world, home, "edit_order", order.id, open_fields)

    after = world.row(home, sales.order, order.id)
    assert after
    assert {name: getattr(after, name) for name in open_fields} == open_fields
    for name, value in {"ordered_on": date(2020, 1, 1), "price_list_id": reseller.price_list_id}.items():
        with pytest.raises(Refused) as refused:
            act(world, home, "edit_order", order.id, {"name": "Again", name: value})
        assert refused.value.rule == "BO-21"
    assert world.row(home, sales.order, order.id) == after
    locked = view(world, home, order.id).locked_fields
    assert set(locked).isdisjoint(open_fields)
    assert {"ordered_on", "price_list_id", "account_id", "bill_to_id", "currency"} <= set(locked)


def test_bo_22_print_outs_activities_emails_and_cases_stay_open(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="accounts_transferred")

    actions = view(world, home, marked(world, reseller).id).actions

    for name in ("print_out", "add_activity", "relate_email", "create_case"):
        assert actions[name], name
    assert not actions["delete"]


def test_dn_29_a_marked_order_carries_its_accounts_ribbon(world: World) -> None:
    home = world.distributor()
    reseller = world.tenant_reseller(state="accounts_transferred", name="Aegean Cloud")
    own = create(world, home, world.account())

    assert view(world, home, marked(world, reseller).id).ribbon == (
        "This account is managed by Aegean Cloud Tenant Reseller"
    )
    assert view(world, home, own).ribbon is None


def test_bo_11_a_back_order_says_whose_purchases_made_it(world: World) -> None:
    home = world.distributor()
    reseller = world.tenant_reseller(state="live", name="Aegean Cloud")

    assert view(world, home, marked(world, reseller, "back_order").id).ribbon == (
        "This order was originated from Aegean Cloud Tenant Reseller purchases"
    )


@pytest.mark.parametrize("standing", ["handed_down", "mirrored"])
def test_up_20_the_distributor_sells_nothing_to_an_account_its_reseller_manages(world: World, standing: str) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="live")
    item = NewItem(priced(world, home).id, "monthly")
    managed = world.account(bill_to=reseller, standing=standing, managed_by=reseller.id)

    with pytest.raises(Refused) as refused:
        create(world, home, managed, item)

    assert refused.value.rule == "UP-20"
    assert world.rows(home, "order", account_id=managed.id) == []
    create(world, home, world.account(bill_to=reseller), item)


def test_up_20_an_order_that_waited_is_not_executed_for_an_account_that_was_handed_down(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="accounts_transferred")
    acme = world.account(bill_to=reseller)
    id = submitted(world, home, acme, NewItem(priced(world, home).id, "monthly"))
    world.update(home, crm.account, acme.id, standing="handed_down", managed_by=reseller.id)

    with pytest.raises(Refused) as refused:
        act(world, home, "execute_order", id)

    assert refused.value.rule == "UP-20"
    world.update(home, crm.account, acme.id, standing="own", managed_by=None)
    act(world, home, "execute_order", id)


def test_dn_31_until_live_the_reseller_places_no_order_for_a_received_account(world: World) -> None:
    reseller, live = world.tenant_reseller(state="accounts_transferred"), world.tenant_reseller(state="live")
    received = world.account(reseller, standing="received")

    with pytest.raises(Refused) as refused:
        create(world, reseller, received)

    assert refused.value.rule == "DN-31"
    create(world, reseller, world.account(reseller))
    create(world, live, world.account(live, standing="received"))


def test_dn_31_until_live_no_product_from_above_is_sold_to_anybody_but_his_own_are(world: World) -> None:
    reseller, live = world.tenant_reseller(state="set_up"), world.tenant_reseller(state="live")
    direct = world.account(reseller)
    own, from_above = priced(world, reseller), priced(world, reseller, standing="inherited")
    mixed = submitted(world, reseller, direct, NewItem(own.id, "monthly"), NewItem(from_above.id, "monthly"))
    his = submitted(world, reseller, direct, NewItem(own.id, "monthly"))
    lives = submitted(
        world, live, world.account(live), NewItem(priced(world, live, standing="inherited").id, "monthly")
    )

    with pytest.raises(Refused) as refused:
        act(world, reseller, "execute_order", mixed)

    assert refused.value.rule == "DN-31"
    assert view(world, reseller, mixed).actions["execute"].rule == "DN-31"
    assert view(world, reseller, mixed).status == "submitted"
    assert world.rows(reseller, "subscription", account_id=direct.id) == []
    assert view(world, reseller, his).actions["execute"]
    act(world, reseller, "execute_order", his)
    act(world, live, "execute_order", lives)
    assert sentences(world, live, lives)[-1] == "Order was executed"


def test_bo_20_an_order_whose_seller_moved_out_is_only_read(world: World) -> None:
    home = world.distributor()
    frozen = world.order(world.account(), standing="frozen")

    for verb, arguments in {"edit_order": ({"name": "x"},), "submit_order": (), "delete_order": ()}.items():
        with pytest.raises(Refused) as refused:
            act(world, home, verb, frozen.id, *arguments)
        assert refused.value.rule == "BO-20"
    assert view(world, home, frozen.id).actions["print_out"]
