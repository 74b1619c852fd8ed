"""What raises a back order, and what does not: an order per event, of what was sold (BO-01 to BO-04, BO-08, BO-12)."""

from datetime import date
from decimal import Decimal

import pytest

from tenantry.kernel.problems import Problem
from tenantry.sales.actions import NewItem, NewOrder, create_order, deliver_items, execute_order, submit_order
from tenantry.sales.baskets import actions as baskets
from tenantry.sales.baskets.actions import NewBasketItem
from tenantry.sales.baskets.queries import basket_view
from tenantry.sales.baskets.reach import acting
from tenantry.sales.subscriptions import actions
from tests.channel.mirroring import channel
from tests.sales.shopping import shopper
from tests.sales.stories import priced
from tests.world import World


def test_bo_02_a_new_subscription_and_an_asset_raise_an_order_each(world: World) -> None:
    story = channel(world)
    mail, router = story.product(name="Mail"), story.product(name="Router", cycle="one_off", price=90, cost=60)

    made = story.sold(mail, 5)
    bought = story.buy(router, 2)
    story.drain()

    assert story.sold_above() == [[("Mail", 5)], [("Router", 2)]]
    subscribed, once = (story.items(order)[0] for order in story.orders())
    assert (subscribed.subscription_id, subscribed.asset_id, subscribed.cycle) == (made.id, None, "monthly")
    assert (once.subscription_id, once.asset_id, once.cycle, once.unit_price) == (None, bought.id, "one_off", 60)


def test_bo_01_an_order_that_is_not_executed_below_creates_nothing_above(world: World) -> None:
    story = channel(world)
    mail = story.product()
    with world.web.work(story.below.id, world.admin(story.below)) as work:
        id = create_order(work, NewOrder(story.customer.id, items=[NewItem(mail.id, "monthly", 5)]))
        submit_order(work, id)
    story.drain()
    assert world.row(story.above, "account", story.customer.id) is None

    with world.web.work(story.below.id, world.admin(story.below)) as work:
        execute_order(work, id)
    story.drain()
    # It is no copy of the reseller's: it has an id, a number and a name of its own.
    [order] = story.orders()
    assert order.id != id
    assert (order.name, order.came_by) == ("Acme", "system")


def test_bo_02_quantity_up_and_down_is_a_signed_delta(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(name="Mail"), 5)
    story.do("change_quantity", made, 8)
    story.do("change_quantity", made, 6)
    story.drain()

    assert story.sold_above() == [[("Mail", 5)], [("Mail", 3)], [("Mail", -2)]]
    assert story.over("subscription", made.id).quantity == 6


def test_bo_03_a_checkout_of_three_subscriptions_makes_one_order_of_three_items(world: World) -> None:
    story = channel(world)
    world.update(story.below, "tenant", story.below.id, edition="premium")
    products = [story.product(name=name) for name in ("Mail", "Files", "Talk")]
    ada = shopper(world, story.customer, story.below)
    with world.web.work(story.below.id) as work:
        basket = baskets.open_basket(work, story.customer.id, ada)
        for product in products:
            baskets.put_in(work, basket, NewBasketItem(product.id, cycle="monthly", quantity=2), ada)
    with world.web.work(story.below.id) as work:
        shown = basket_view(acting(work, ada), basket, ada)
    with world.web.work(story.below.id) as work:
        baskets.check_out(work, basket, digest=shown.digest, shopper=ada)
    story.drain()

    assert len(world.rows(story.above, "subscription", account_id=story.customer.id)) == 3
    [items] = story.sold_above()
    assert sorted(items) == [("Files", 2), ("Mail", 2), ("Talk", 2)]
    [order] = story.orders()
    assert [one.position for one in story.items(order)] == [0, 1, 2]


def test_up_01_bo_02_of_a_mixed_order_only_what_comes_from_above_and_none_at_all_if_nothing_does(world: World) -> None:
    story = channel(world)
    mail, router = story.product(name="Mail"), story.product(name="Router", cycle="one_off")
    own, own_once = priced(world, story.below, "4"), priced(world, story.below, "4", cycle="one_off")

    story.sell(NewItem(own.id, "monthly", 1), NewItem(own_once.id, "one_off", 1))
    story.drain()
    assert world.row(story.above, "account", story.customer.id) is None

    story.sell(*(NewItem(one.id, cycle, 2) for one, cycle in ((own, "monthly"), (mail, "monthly"))))
    story.sell(*(NewItem(one.id, cycle, 3) for one, cycle in ((router, "one_off"), (own_once, "one_off"))))
    story.sell(NewItem(own.id, "monthly", 9))
    story.drain()

    assert story.sold_above() == [[("Mail", 2)], [("Router", 3)]]
    assert len(world.rows(story.above, "subscription", account_id=story.customer.id)) == 1
    assert len(world.rows(story.above, "asset", account_id=story.customer.id)) == 1


def test_bo_02_bo_03_subscriptions_and_assets_of_one_order_are_one_order(world: World) -> None:
    story = channel(world)
    mail, router = story.product(name="Mail"), story.product(name="Router", cycle="one_off")
    story.sell(NewItem(mail.id, "monthly", 2), NewItem(router.id, "one_off", 1))
    story.drain()
    assert [sorted(items) for items in story.sold_above()] == [[("Mail", 2), ("Router", 1)]]


def test_bo_02_an_add_on_bought_later_and_its_number_raise_orders_and_its_cancellation_none(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    archive = story.add_on(mail, name="Archive", cost=2)
    made = story.sold(mail, 5)
    story.do("add_add_on", made, archive.id, 5)
    story.do("change_add_on_quantity", made, archive.id, 3)
    story.drain()
    assert story.sold_above() == [[("Mail", 5)], [("Archive", 5)], [("Archive", -2)]]
    [kept] = world.rows(story.above, "subscription_add_on", subscription_id=made.id)
    assert (kept.quantity, kept.unit_price) == (3, 2)

    story.do("remove_add_on", made, archive.id)
    story.drain()
    assert len(story.orders()) == 3
    assert world.rows(story.above, "subscription_add_on", subscription_id=made.id) == []
    assert f"Add-on Archive was cancelled due to changes on {story.below.name}" in story.history(made.id)


def test_bo_02_bo_03_an_add_on_that_is_sold_with_its_service_is_an_item_of_the_same_order(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    archive = story.add_on(mail, name="Archive")
    made = story.sell(NewItem(mail.id, "monthly", 2), NewItem(archive.id, "monthly", 2))[0]
    story.drain()
    assert story.sold_above() == [[("Mail", 2), ("Archive", 2)]]
    assert {one.subscription_id for one in story.items(story.orders()[0])} == {made.id}


def test_up_01_bo_02_a_trial_raises_nothing_until_it_is_converted(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail", trial_allowed=True)
    tried = story.sold(mail, 5, trial=True)
    story.do("change_quantity", tried, 4)
    story.drain()
    assert world.row(story.above, "account", story.customer.id) is None

    story.do("convert", tried)
    story.drain()
    assert story.sold_above() == [[("Mail", 4)]]
    mirror = story.over("subscription", tried.id)
    assert (mirror.status, mirror.quantity, mirror.trial_until) == ("active", 4, None)
    # What was tried stays below, whenever it was told.
    assert [one.kind for one in world.rows(story.above, "subscription_change")] == ["conversion"]


@pytest.mark.parametrize("kind", ["upgrade", "downgrade"])
def test_bo_02_a_full_move_gives_back_the_old_product_and_sells_the_new(world: World, kind: str) -> None:
    story = channel(world)
    mail, other = story.product(name="Mail"), story.product(name="Other", cost=9)
    story.path(mail, other, kind)
    made = story.sold(mail, 5)
    story.drain()
    story.do(kind, made, other.id)
    story.drain()

    assert story.sold_above() == [[("Mail", 5)], [("Mail", -5), ("Other", 5)]]
    mirror = story.over("subscription", made.id)
    assert (mirror.product_id, mirror.unit_price, mirror.name) == (other.id, 9, "Acme - Other")


@pytest.mark.parametrize("kind", ["upgrade", "downgrade"])
def test_bo_02_a_partial_move_parts_a_subscription(world: World, kind: str) -> None:
    story = channel(world)
    mail, other = story.product(name="Mail"), story.product(name="Other", cost=9)
    story.path(mail, other, kind)
    made = story.sold(mail, 5)
    part = story.do(kind, made, other.id, 2).part_id
    story.drain()

    assert story.sold_above() == [[("Mail", 5)], [("Mail", -2), ("Other", 2)]]
    assert story.over("subscription", made.id).quantity == 3
    parted = story.over("subscription", part)
    assert (parted.quantity, parted.split_from_id, parted.unit_price) == (2, made.id, 9)


def test_up_33_bo_02_a_name_that_the_distributor_gave_stays_through_an_upgrade(world: World) -> None:
    story = channel(world)
    mail, other = story.product(), story.product()
    story.path(mail, other)
    made = story.sold(mail)
    story.drain()
    world.update(story.above, "subscription", made.id, name="Project North")
    story.do("upgrade", made, other.id)
    story.drain()
    mirror = story.over("subscription", made.id)
    assert (mirror.name, mirror.product_id) == ("Project North", other.id)


def test_bo_08_bo_12_a_new_subscription_is_told_at_once_even_if_it_starts_later(world: World) -> None:
    story = channel(world)
    mail, files = story.product(), story.product()
    with story.on("2026-03-10"):
        late, soon = story.sell(
            NewItem(mail.id, "monthly", 1, start_on=date(2026, 4, 1)),
            NewItem(files.id, "monthly", 1, start_on=date(2026, 3, 20)),
        )
        story.drain()
        [order] = story.orders()
        # The earliest of several; each item keeps its own.
        assert order.ordered_on == date(2026, 3, 20)
        assert {one.subscription_id: one.start_on for one in story.items(order)} == {
            late.id: date(2026, 4, 1),
            soon.id: date(2026, 3, 20),
        }
        mirror = story.over("subscription", late.id)
        assert (mirror.status, mirror.start_on, mirror.paid_from) == ("starting_later", date(2026, 4, 1), None)
    with story.on("2026-04-01"):
        story.day_comes()
        story.drain()
    mirror = story.over("subscription", late.id)
    assert (mirror.status, mirror.paid_from) == ("active", date(2026, 4, 1))
    assert len(story.orders()) == 1


def test_bo_12_bo_08_a_scheduled_change_is_told_when_it_is_applied_with_its_planned_date(world: World) -> None:
    story = channel(world)
    with story.on("2026-03-10"):
        made = story.sold(story.product(name="Mail"), 5)
        story.do("change_quantity", made, 8, on=date(2026, 3, 20))
        story.drain()
        assert len(story.orders()) == 1
        assert story.over("subscription", made.id).quantity == 5
    # The worker is late: the order is of the day that was planned, and so is its price.
    story.listed(world.row(story.above, "product", made.product_id), 6, valid_until=date(2026, 3, 20))
    with story.on("2026-03-23"):
        story.day_comes()
        story.drain()
    order = story.orders()[1]
    assert (order.ordered_on, order.executed_at.date()) == (date(2026, 3, 20), date(2026, 3, 23))
    assert [(one.quantity, one.unit_price) for one in story.items(order)] == [(3, 6)]
    assert story.over("subscription", made.id).quantity == 8


def test_bo_12_a_change_that_is_revoked_before_it_is_applied_makes_no_order(world: World) -> None:
    story = channel(world)
    with story.on("2026-03-10"):
        made = story.sold(story.product(), 5)
        planned = story.do("change_quantity", made, 8, on=date(2026, 3, 20))
        story.do("withdraw_change", made, planned.change_id)
    with story.on("2026-03-23"):
        story.day_comes()
        story.drain()
    assert len(story.orders()) == 1
    assert story.over("subscription", made.id).quantity == 5


def test_bo_03_each_delivery_of_an_order_is_an_event_of_its_own(world: World) -> None:
    story = channel(world)
    products = [story.product(name=name) for name in ("Mail", "Files", "Talk")]
    with world.web.work(story.below.id, world.admin(story.below)) as work:
        id = create_order(work, NewOrder(story.customer.id, items=[NewItem(one.id, "monthly", 2) for one in products]))
        submit_order(work, id)
    mail, files, talk = (one.id for one in sorted(world.rows(story.below, "order_item"), key=lambda one: one.position))
    for chosen in ([mail, files], [talk]):
        with world.web.work(story.below.id, world.admin(story.below)) as work:
            deliver_items(work, id, chosen)
    story.drain()
    assert story.sold_above() == [[("Mail", 2), ("Files", 2)], [("Talk", 2)]]


def test_bo_04_what_sells_nothing_follows_with_a_line_and_makes_no_order(world: World) -> None:
    story = channel(world)
    with story.on("2026-03-10"):
        made = story.sold(story.product(), 5)
        story.do("suspend", made)
        story.drain()
        assert story.over("subscription", made.id).status == "suspended"
        story.do("resume", made)
        story.do("set_renewal", made, renew=False)
        story.do("set_renewal", made, renew=True)
        story.drain()
        mirror = story.over("subscription", made.id)
        assert (mirror.status, mirror.renew) == ("active", True)
    with story.on("2026-04-11"):
        story.day_comes()
        story.do("cancel", made, mode="end_of_period")
        story.drain()
        mirror = story.over("subscription", made.id)
        assert (mirror.status, mirror.end_on) == ("pending_cancellation", story.under("subscription", made.id).end_on)
    with story.on("2026-05-12"):
        story.day_comes()
        story.drain()
    assert story.over("subscription", made.id).status == "cancelled"

    assert len(story.orders()) == 1
    said = [line.removesuffix(f" due to changes on {story.below.name}") for line in story.history(made.id)]
    assert said[1:] == [
        "Subscription was suspended",
        "Subscription was resumed",
        "Subscription does not renew",
        "Subscription renews by itself",
        "Subscription was renewed until 2026-05-09",
        "Subscription was cancelled, last day 2026-05-09",
    ]


def test_bo_04_what_happened_is_known_above_as_below_but_for_people_and_prices(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    story.do("change_quantity", made, 8)
    story.do("suspend", made)
    story.drain()
    names = "id subscription_id account_id kind status effective_on done_at event_id product_id sold number".split()
    above, below = (
        sorted(repr({name: getattr(one, name) for name in names}) for one in world.rows(at, "subscription_change"))
        for at in (story.above, story.below)
    )
    assert above == below
    known = world.rows(story.above, "subscription_change")
    assert {(one.actor_id, one.actor, one.problem) for one in known} == {(None, story.below.name, "")}


def test_bo_04_a_subscription_that_does_not_renew_expires_above_without_an_order(world: World) -> None:
    story = channel(world)
    with story.on("2026-03-10"):
        made = story.sold(story.product(), 5)
        story.do("set_renewal", made, renew=False)
    with story.on("2026-04-20"):
        story.day_comes()
        story.drain()
    assert story.over("subscription", made.id).status == "expired"
    assert len(story.orders()) == 1
    assert f"Subscription has expired due to changes on {story.below.name}" in story.history(made.id)


def test_up_31_what_the_reseller_asks_for_it_is_no_change_above(world: World) -> None:
    story = channel(world)
    mail = story.product(price=10, cost=7)
    with story.on("2026-03-10"):
        made = story.sold(mail, 5)
        story.drain()
        [price] = world.rows(story.below, "product_price", product_id=mail.id)
        world.update(story.below, "product_price", price.id, unit_price=Decimal(99))
        with world.web.work(story.below.id, world.admin(story.below)) as work:
            actions.update_prices(work, [made.id])
    with story.on("2026-04-10"):
        story.day_comes()
        story.drain()
    assert story.under("subscription", made.id).unit_price == 99
    assert story.over("subscription", made.id).unit_price == 7
    assert len(story.orders()) == 1
    known = [(one.kind, one.before, one.after) for one in world.rows(story.above, "subscription_change")]
    assert [one[0] for one in known] == ["activation", "renewal"]
    assert "unit_price" not in repr(known)


def test_bo_02_a_refused_change_raises_nothing(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(max_quantity=6), 5)
    story.drain()
    with pytest.raises(Problem):
        story.do("change_quantity", made, 7)
    assert story.told() == []


def test_hnd_10_what_happened_below_is_the_resellers_above_and_names_none_of_his_people(world: World) -> None:
    story = channel(world)
    sold = story.sold(story.product(), 5)
    story.drain()

    [below] = world.rows(story.below, "subscription_change", subscription_id=sold.id)
    [above] = world.rows(story.above, "subscription_change", subscription_id=sold.id)
    assert below.actor_id is not None
    assert (above.actor_id, above.actor) == (None, story.over("account", story.below.account_id).name)
