"""Orders of one's own: what they cost, and the life they have."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tenantry.kernel import clock
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.sales import actions, queries
from tenantry.sales.actions import NewItem, NewOrder
from tenantry.sales.subscriptions import queries as subscriptions
from tenantry.schema import catalog, crm
from tenantry.schema.tenant import custom_field
from tests.sales.stories import LATER, act, create, priced, sentences, submitted, view
from tests.world import World


def test_ord_01_a_new_order_takes_what_is_not_given_from_account_and_tenant(world: World) -> None:
    home = world.distributor()
    acme = world.account(name="Acme")

    order = view(world, home, create(world, home, acme, NewItem(priced(world, home).id, "monthly", 3)))

    assert (order.status, order.standing, order.name) == ("draft", "own", "Order of Acme")
    assert (order.account.id, order.bill_to.id, order.currency) == (acme.id, acme.id, "EUR")
    assert order.order_type
    assert order.order_type.name == "Standard"
    assert order.payment_method
    assert order.payment_method.name == "Invoice"
    assert order.responsible_user
    assert order.responsible_user.id == home.admin_id
    assert order.permission_rule
    assert order.permission_rule.name == "Common"
    assert order.total == Money(Decimal("30.00"), "EUR")
    assert sentences(world, home, order.id) == ["Order was created"]


def test_ord_01_an_item_costs_the_price_lists_price_else_the_unit_price(world: World) -> None:
    home = world.distributor()
    listed, unlisted = priced(world, home, "10"), priced(world, home, "7")
    prices = world.insert(home, catalog.price_list, name="Friends", currency="EUR")
    world.insert(home, catalog.price_list_item, price_list_id=prices.id, product_id=listed.id, cycle="monthly", price=8)
    items = (NewItem(listed.id, "monthly"), NewItem(unlisted.id, "monthly"))

    friend = create(world, home, world.account(price_list_id=prices.id), *items)
    stranger = create(world, home, world.account(), *items)

    assert [item.unit_price.amount for item in view(world, home, friend).items] == [8, 7]
    assert [item.unit_price.amount for item in view(world, home, stranger).items] == [10, 7]


def test_ord_01_a_price_list_counts_only_on_the_days_it_is_valid(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10")
    prices = world.insert(home, catalog.price_list, name="June", currency="EUR", valid_until=date(2026, 6, 30))
    world.insert(
        home, catalog.price_list_item, price_list_id=prices.id, product_id=product.id, cycle="monthly", price=8
    )
    acme = world.account(price_list_id=prices.id)

    june = view(world, home, create(world, home, acme, NewItem(product.id, "monthly"), ordered_on=date(2026, 6, 30)))
    july = view(world, home, create(world, home, acme, NewItem(product.id, "monthly"), ordered_on=date(2026, 7, 1)))

    assert [one.items[0].unit_price.amount for one in (june, july)] == [8, 10]
    with pytest.raises(Invalid, match="active and valid"):
        create(world, home, acme, price_list_id=prices.id, ordered_on=date(2026, 7, 1))


def test_ord_01_totals_are_rounded_half_even_line_by_line(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "0.125")

    order = view(
        world,
        home,
        create(
            world,
            home,
            world.account(),
            NewItem(product.id, "monthly", 1),
            NewItem(product.id, "monthly", 3),
            NewItem(product.id, "monthly", 1, unit_price=Decimal(10), discount_percent=Decimal("12.5")),
        ),
    )

    assert [item.total.amount for item in order.items] == [Decimal("0.12"), Decimal("0.38"), Decimal("8.75")]
    assert order.total.amount == Decimal("9.25")


def test_ord_01_what_cannot_be_sold_is_refused_item_by_item_and_nothing_is_made(world: World) -> None:
    home = world.distributor()
    acme, sold, gone = world.account(), priced(world, home), priced(world, home, active=False)
    foreign = priced(world, world.tenant("distributor"))

    with pytest.raises(Invalid) as refused:
        create(
            world,
            home,
            acme,
            NewItem(sold.id, "monthly"),
            NewItem(sold.id, "yearly"),
            NewItem(gone.id, "monthly"),
            NewItem(foreign.id, "monthly"),
        )

    assert [fault.field for fault in refused.value.faults] == [
        "items.1.cycle",
        "items.2.product_id",
        "items.3.product_id",
    ]
    assert world.rows(home, "order", account_id=acme.id) == []
    with pytest.raises(Invalid) as refused:
        create(world, home, acme, NewItem(sold.id, "weekly", 0, unit_price=Decimal(-1)))
    assert [fault.field for fault in refused.value.faults] == [
        "items.0.cycle",
        "items.0.quantity",
        "items.0.unit_price",
    ]


def test_ord_02_items_change_while_it_is_a_draft_and_not_afterwards(world: World) -> None:
    home = world.distributor()
    product, other = priced(world, home), priced(world, home, "5")
    id = create(world, home, world.account(), NewItem(product.id, "monthly"))
    item = view(world, home, id).items[0]

    added = act(world, home, "add_item", id, NewItem(other.id, "monthly", 2))
    act(world, home, "change_quantity", id, item.id, 4)
    act(world, home, "update_item", id, item.id, {"discount_percent": 50})
    act(world, home, "delete_item", id, added)

    assert view(world, home, id).total.amount == 20
    act(world, home, "submit_order", id)
    for verb, arguments in {
        "add_item": (id, NewItem(other.id, "monthly")),
        "change_quantity": (id, item.id, 5),
        "update_item": (id, item.id, {"quantity": 5}),
        "delete_item": (id, item.id),
    }.items():
        with pytest.raises(Refused) as refused:
            act(world, home, verb, *arguments)
        assert refused.value.rule == "ORD-02"
    assert view(world, home, id).total.amount == 20


def test_ord_02_an_order_is_submitted_then_executed_or_cancelled_then_deleted(world: World) -> None:
    home = world.distributor()
    item = NewItem(priced(world, home).id, "monthly")
    executed, cancelled = create(world, home, world.account(), item), create(world, home, world.account(), item)

    with pytest.raises(Refused, match="Only a submitted order"):
        act(world, home, "execute_order", executed)
    act(world, home, "submit_order", executed)
    act(world, home, "execute_order", executed)
    act(world, home, "cancel_order", cancelled, because="Too dear")

    assert view(world, home, executed).status == "executed"
    assert sentences(world, home, cancelled)[-1] == "Order was cancelled: Too dear"
    for verb in ("submit_order", "cancel_order", "delete_order"):
        with pytest.raises(Refused):
            act(world, home, verb, executed)
    act(world, home, "delete_order", cancelled)
    with pytest.raises(NotFound):
        view(world, home, cancelled)


def test_ord_02_an_order_without_items_cannot_be_submitted(world: World) -> None:
    home = world.distributor()
    id = create(world, home, world.account())

    with pytest.raises(Invalid, match="no items"):
        act(world, home, "submit_order", id)
    act(world, home, "add_item", id, NewItem(priced(world, home).id, "monthly"))
    act(world, home, "submit_order", id)


def test_ord_03_executing_starts_one_subscription_per_recurring_item(world: World) -> None:
    home = world.distributor()
    acme = world.account(name="Acme")
    mail, setup = priced(world, home, name="Mail"), priced(world, home, "99", cycle="one_off")
    id = submitted(
        world, home, acme, NewItem(mail.id, "monthly", 5, discount_percent=Decimal(10)), NewItem(setup.id, "one_off")
    )

    with clock.stopped(datetime(2026, 5, 31, 12, tzinfo=UTC)):
        [started] = act(world, home, "execute_order", id)

    with world.web.work(home.id, world.admin(home)) as work:
        subscription = subscriptions.subscription(work, started)
    assert (subscription.name, subscription.status, subscription.start_on) == (
        "Acme - Mail",
        "active",
        date(2026, 5, 31),
    )
    assert (subscription.quantity, subscription.unit_price) == (5, Money(Decimal(10), "EUR"))
    assert subscription.total == Money(Decimal("45.00"), "EUR")
    assert subscription.order
    assert subscription.order.id == id
    assert [one.id for one in view(world, home, id).subscriptions] == [started]
    assert sentences(world, home, id)[-1] == "Order was executed"


def test_ord_02_a_start_more_than_twelve_months_back_is_refused_when_added_changed_and_submitted(world: World) -> None:
    home = world.distributor()
    mail, first, back = priced(world, home), date(2025, 6, 1), timedelta(days=366)
    with clock.stopped(datetime(2025, 6, 1, 12, tzinfo=UTC) + back):
        id = create(world, home, world.account(), NewItem(mail.id, "monthly", start_on=first))
        [line] = view(world, home, id).items
        earlier = first - timedelta(days=1)
        with pytest.raises(Invalid, match="twelve months ago") as added:
            act(world, home, "add_item", id, NewItem(mail.id, "monthly", start_on=earlier))
        with pytest.raises(Invalid, match="twelve months ago") as changed:
            act(world, home, "update_item", id, line.id, {"start_on": earlier})
    with clock.stopped(datetime(2025, 6, 2, 12, tzinfo=UTC) + back):
        with pytest.raises(Invalid, match="twelve months ago") as submitting:
            act(world, home, "submit_order", id)
        act(world, home, "update_item", id, line.id, {"quantity": 2})
        act(world, home, "update_item", id, line.id, {"start_on": first + timedelta(days=1)})
        act(world, home, "submit_order", id)

    faults = [one.value.faults[0] for one in (added, changed, submitting)]
    assert [one.field for one in faults] == ["items.0.start_on", "start_on", "items.0.start_on"]
    assert {one.rule for one in faults} == {"ORD-02"}
    assert view(world, home, id).status == "submitted"


def test_ord_03_a_start_that_lies_ahead_starts_later(world: World) -> None:
    home = world.distributor()
    product = priced(world, home)
    id = submitted(world, home, world.account(), NewItem(product.id, "monthly"), NewItem(product.id, "monthly"))
    second = view(world, home, id).items[1].id

    act(world, home, "execute_order", id, starts={second: LATER})

    statuses = {row.start_on == LATER: row.status for row in world.rows(home, "subscription", order_id=id)}
    assert statuses == {False: "active", True: "starting_later"}


def test_ord_03_today_is_the_tenants_day(world: World) -> None:
    home = world.tenant("distributor", time_zone="Pacific/Auckland")
    id = submitted(world, home, world.account(home), NewItem(priced(world, home).id, "monthly"))

    with clock.stopped(datetime(2026, 5, 31, 20, tzinfo=UTC)):
        act(world, home, "execute_order", id)

    assert [row.start_on for row in world.rows(home, "subscription", order_id=id)] == [date(2026, 6, 1)]


def test_ord_03_each_step_happens_once_however_often_it_is_asked_for(world: World) -> None:
    home = world.distributor()
    id = submitted(world, home, world.account(), NewItem(priced(world, home).id, "monthly"))

    act(world, home, "execute_order", id)
    with pytest.raises(Refused) as refused:
        act(world, home, "execute_order", id)

    assert refused.value.rule == "ORD-02"
    assert len(world.rows(home, "subscription", order_id=id)) == 1


def test_cat_01_an_add_on_goes_with_a_service_that_takes_it(world: World) -> None:
    home = world.distributor()
    mail, archive = priced(world, home), priced(world, home, "2", kind="add_on")
    alone = create(world, home, world.account(), NewItem(archive.id, "monthly"))
    together = create(world, home, world.account(), NewItem(archive.id, "monthly", 3), NewItem(mail.id, "monthly"))

    with pytest.raises(Invalid, match="add-on"):
        act(world, home, "submit_order", together)
    world.insert(home, catalog.product_add_on, product_id=mail.id, add_on_id=archive.id)
    act(world, home, "submit_order", together)
    [started] = act(world, home, "execute_order", together)

    assert [
        (one.product_id, one.quantity) for one in world.rows(home, "subscription_add_on", subscription_id=started)
    ] == [(archive.id, 3)]
    with pytest.raises(Invalid, match="add-on"):
        act(world, home, "submit_order", alone)


def test_ord_01_an_edit_says_before_and_after(world: World) -> None:
    home = world.distributor()
    id = create(world, home, world.account(), name="First")

    act(world, home, "edit_order", id, {"name": "Second", "campaign": "Spring"}, version=1)

    [_, line] = world.rows(home, "history_line", subject_id=id)
    assert line.changes == {
        "name": {"before": "First", "after": "Second"},
        "campaign": {"before": "", "after": "Spring"},
    }
    with pytest.raises(Stale):
        act(world, home, "edit_order", id, {"name": "Third"}, version=1)
    with pytest.raises(Invalid) as refused:
        act(world, home, "edit_order", id, {"name": "x" * 5_000_000, "standing": "own", "contact_id": str(new_id())})
    assert {fault.field for fault in refused.value.faults} == {"name", "standing"}


def test_ord_01_prices_follow_the_price_list_so_it_changes_only_without_items(world: World) -> None:
    home = world.distributor()
    dollars = world.insert(home, catalog.price_list, name="Dollars", currency="USD")
    id = create(world, home, world.account())
    priced_already = create(world, home, world.account(), NewItem(priced(world, home).id, "monthly"))

    act(world, home, "edit_order", id, {"price_list_id": str(dollars.id)})

    assert view(world, home, id).currency == "USD"
    with pytest.raises(Conflict, match="another price list"):
        act(world, home, "edit_order", priced_already, {"price_list_id": dollars.id})


def test_ten_20_and_ten_21_say_who_sees_and_changes_orders(world: World) -> None:
    home = world.distributor()
    id = create(world, home, world.account())
    words = frozenset({"orders:view", "orders:edit"})
    rule = frozenset({home.rule_id})
    reader = Actor(None, "Reader", words, rule, frozenset(), frozenset())
    stranger = Actor(None, "Stranger", words)
    nobody = Actor(None, "Nobody", frozenset(), None, None, None)

    with world.web.work(home.id, reader) as work:
        assert queries.order(work, id).id == id
        with pytest.raises(Forbidden, match="not change"):
            actions.edit_order(work, id, {"name": "Mine"})
    with world.web.work(home.id, stranger) as work:
        with pytest.raises(NotFound):
            queries.order(work, id)
        with pytest.raises(NotFound):
            actions.cancel_order(work, id)
    with world.web.work(home.id, nobody) as work:
        with pytest.raises(Forbidden):
            queries.order(work, id)
        with pytest.raises(Forbidden):
            actions.create_order(work, NewOrder(account_id=new_id()))


def test_ten_02_another_tenants_order_looks_like_none(world: World) -> None:
    home, elsewhere = world.distributor(), world.tenant("distributor")
    id = create(world, home, world.account())

    for unknown in (id, new_id()):
        with pytest.raises(NotFound):
            view(world, elsewhere, unknown)
        with pytest.raises(NotFound):
            act(world, elsewhere, "cancel_order", unknown)
    assert view(world, home, id).status == "draft"


def test_ord_01_its_contact_is_one_of_the_account(world: World) -> None:
    home = world.distributor()
    acme, other = world.account(), world.account()
    mine, theirs = world.contact(acme), world.contact(other)
    id = create(world, home, acme, contact_id=mine.id)

    with pytest.raises(Invalid, match="no such contact"):
        act(world, home, "edit_order", id, {"contact_id": theirs.id})

    found = view(world, home, id).contact
    assert found
    assert found.id == mine.id


def test_ord_01_an_account_without_ordering_is_not_sold_to(world: World) -> None:
    home = world.distributor()

    assert isinstance(create(world, home, world.account()), UUID)
    with pytest.raises(Refused, match="Ordering is not enabled"):
        create(world, home, world.account(ordering_enabled=False))
    closed = world.account(status="closed")
    with pytest.raises(Refused) as refused:
        create(world, home, closed)
    assert refused.value.rule == "TEN-26"
    assert world.row(home, crm.account, closed.id)


def test_ten_23_an_order_has_the_tenants_own_fields(world: World) -> None:
    home = world.distributor()
    world.insert(home, custom_field, entity="order", name="region", label="Region", type="choice", choices=["N", "S"])
    id = create(world, home, world.account(), custom_fields={"region": "N"})

    act(world, home, "edit_order", id, {"custom_fields": {"region": "S"}})

    assert view(world, home, id).custom_fields == {"region": "S"}
    with pytest.raises(Invalid) as refused:
        act(world, home, "edit_order", id, {"custom_fields": {"region": "W"}})
    assert refused.value.faults[0].field == "custom_fields.region"
