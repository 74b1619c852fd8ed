"""The order above and where its subscription shows it, as the seeds tell it (BO-05 to BO-17)."""

from datetime import date

from tenantry.sales import queries as orders
from tenantry.sales.actions import NewItem
from tests.channel.mirroring import Channel, channel
from tests.world import World


def test_bo_05_bo_07_price_list_payment_method_and_payer_are_the_resellers(world: World) -> None:
    story = channel(world)
    card = world.payment_method(story.above, name="Card")
    world.update(story.above, "account", story.below.account_id, payment_method_id=card.id)
    story.sold(story.product())
    story.drain()

    [order] = story.orders()
    assert (order.price_list_id, order.payment_method_id) == (story.below.price_list_id, card.id)
    assert (order.account_id, order.bill_to_id) == (story.customer.id, story.below.account_id)


def test_bo_05_the_list_he_buys_by_comes_before_the_one_his_tenant_was_made_with(world: World) -> None:
    story = channel(world)
    other = world.insert(story.above, "price_list", name="Better", currency="EUR")
    world.update(story.above, "account", story.below.account_id, price_list_id=other.id)
    mail = story.product(cost=7)
    story.listed(mail, 6)
    world.insert(story.above, "price_list_item", price_list_id=other.id, product_id=mail.id, cycle="monthly", price=5)
    made = story.sold(mail)
    story.drain()
    assert story.orders()[0].price_list_id == other.id
    assert story.over("subscription", made.id).unit_price == 5


def test_bo_06_type_and_status_are_the_defaults_and_it_is_never_open_business(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product())
    story.drain()
    [order] = story.orders()
    [named] = world.rows(story.above, "order_type", is_default=True)
    [status] = world.rows(story.above, "order_status", is_default=True, status="executed")
    assert (order.order_type_id, order.status, order.order_status_id) == (named.id, "executed", status.id)

    # Another default is another order's, from then on.
    world.update(story.above, "order_type", named.id, is_default=False)
    other = world.insert(story.above, "order_type", name="Resold", is_default=True)
    world.update(story.above, "order_status", status.id, is_default=False)
    done = world.insert(story.above, "order_status", name="Recorded", status="executed", is_default=True)
    story.do("change_quantity", made, 9)
    story.drain()
    assert [(one.order_type_id, one.order_status_id) for one in story.orders()] == [
        (named.id, status.id),
        (other.id, done.id),
    ]


def test_bo_08_the_order_date_is_the_day_it_counts_from_not_the_day_it_arrives(world: World) -> None:
    story = channel(world)
    with story.on("2026-03-10"):
        made = story.sold(story.product())
    with story.on("2026-03-12"):
        story.do("change_quantity", made, 9)
    with story.on("2026-04-02"):
        story.drain()
    assert [one.ordered_on for one in story.orders()] == [date(2026, 3, 10), date(2026, 3, 12)]
    assert [one.executed_at.date() for one in story.orders()] == [date(2026, 3, 10), date(2026, 3, 12)]
    assert [one.created_at.date() for one in story.orders()] == [date(2026, 4, 2)] * 2


def test_bo_09_bo_12_promotion_and_price_are_those_of_the_items_day(world: World) -> None:
    story = channel(world)
    mail = story.product(cost=7)
    march = {"valid_from": date(2026, 3, 1), "valid_until": date(2026, 3, 31)}
    given = {"kind": "percent", "off": 10, "duration": "once"}
    spring = world.insert(story.above, "promotion", name="Spring", product_id=mail.id, **given, **march)
    story.listed(mail, 6, **march)
    with story.on("2026-03-10"):
        early = story.sold(mail)
        late = story.sell(NewItem(mail.id, "monthly", 1, start_on=date(2026, 4, 1)))[0]
    with story.on("2026-04-20"):
        story.do("change_quantity", early, 9)
        story.drain()
    found = [(one.unit_price, one.promotion_id) for order in story.orders() for one in story.items(order)]
    assert found == [(6, spring.id), (7, None), (7, None)]
    mirrors = [story.over("subscription", one.id) for one in (early, late)]
    # The subscription keeps what it was sold at (SUB-04).
    assert [(one.unit_price, one.promotion_id, one.promotion_cycles_left) for one in mirrors] == [
        (6, spring.id, 1),
        (7, None, None),
    ]


def test_bo_10_responsible_user_and_permission_rule_are_the_api_options_of_orders(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    assert (story.orders()[0].responsible_user_id, story.orders()[0].permission_rule_id) == (
        story.above.admin_id,
        story.above.rule_id,
    )
    rules = {name: world.insert(story.above, "permission_rule", name=name).id for name in ("order", "account")}
    users = {name: _user(story, name) for name in rules}
    story.above.world.rows(story.above, "api_option")
    _options(story, "account", users["account"], rules["account"])
    story.sold(story.product())
    story.drain()
    assert (story.orders()[1].responsible_user_id, story.orders()[1].permission_rule_id) == (
        users["account"],
        rules["account"],
    )
    _options(story, "order", users["order"], rules["order"])
    story.sold(story.product())
    story.drain()
    assert (story.orders()[2].responsible_user_id, story.orders()[2].permission_rule_id) == (
        users["order"],
        rules["order"],
    )


def test_bo_11_its_ribbon_names_the_resellers_account(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    [order] = story.orders()
    assert (order.standing, order.managed_by) == ("back_order", story.below.id)
    world.update(story.above, "account", story.below.account_id, name="Renamed Ltd")
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        shown = orders.order(work, order.id)
    assert shown.ribbon == "This order was originated from Renamed Ltd Tenant Reseller purchases"


def test_bo_15_a_new_subscription_a_conversion_and_full_moves_show_it_as_the_order_field(world: World) -> None:
    story = channel(world)
    mail, more = story.product(trial_allowed=True), story.product()
    story.path(mail, more)
    story.path(more, mail, "downgrade")
    made, tried = story.sold(mail), story.sold(mail, 1, trial=True)
    story.do("convert", tried)
    story.drain()
    first, converted = story.orders()
    assert story.over("subscription", made.id).order_id == first.id
    assert story.over("subscription", tried.id).order_id == converted.id

    for verb, to in (("upgrade", more), ("downgrade", mail)):
        story.do(verb, made, to.id)
        story.drain()
        assert story.over("subscription", made.id).order_id == story.orders()[-1].id


def test_bo_15_an_asset_shows_the_order_too(world: World) -> None:
    story = channel(world)
    bought = story.buy(story.product(cycle="one_off"))
    story.drain()
    assert story.over("asset", bought.id).order_id == story.orders()[0].id


def test_bo_16_quantity_and_partial_moves_show_it_as_a_line_of_history(world: World) -> None:
    story = channel(world)
    mail, more = story.product(name="Mail"), story.product(name="More")
    story.path(mail, more)
    made = story.sold(mail, 5)
    story.do("change_quantity", made, 8)
    part = story.do("upgrade", made, more.id, 2).part_id
    story.drain()

    first, changed, moved = story.orders()
    assert story.over("subscription", made.id).order_id == first.id
    by = f"due to changes on {story.below.name}"
    assert story.history(made.id) == [
        f"Subscription was created {by} (order {first.number})",
        f"Quantity was changed from 5 to 8 {by} (order {changed.number})",
        f"Upgrade of 2 units to More {by} (order {moved.number})",
    ]
    # What a partial move starts shows it as its Order field.
    assert story.over("subscription", part).order_id == moved.id
    kept = {one.kind: one.order_id for one in world.rows(story.above, "subscription_change")}
    assert kept == {"activation": first.id, "quantity": changed.id, "upgrade": moved.id}


def test_bo_17_add_ons_show_it_as_their_source(world: World) -> None:
    story = channel(world)
    mail = story.product()
    archive, backup = story.add_on(mail), story.add_on(mail)
    made = story.sell(NewItem(mail.id, "monthly", 2), NewItem(backup.id, "monthly", 2))[0]
    story.do("add_add_on", made, archive.id, 2)
    story.drain()
    first, bought = story.orders()

    def sources() -> dict[object, object]:
        kept = world.rows(story.above, "subscription_add_on", subscription_id=made.id)
        return {one.product_id: one.order_id for one in kept}

    assert sources() == {backup.id: first.id, archive.id: bought.id}
    story.do("change_add_on_quantity", made, backup.id, 1)
    story.drain()
    assert sources() == {backup.id: story.orders()[2].id, archive.id: bought.id}
    assert story.over("subscription", made.id).order_id == first.id


def _user(story: Channel, name: str) -> object:
    given = {"name": name, "email": f"{name}@{story.above.code}.example"}
    return story.world.insert(story.above, "tenant_user", **given).id


def _options(story: Channel, entity: str, user: object, rule: object) -> None:
    given = {"responsible_user_id": user, "permission_rule_id": rule}
    for one in story.world.rows(story.above, "api_option", entity=entity):
        return story.world.update(story.above, "api_option", one.id, **given)
    story.world.insert(story.above, "api_option", entity=entity, **given)
    return None
