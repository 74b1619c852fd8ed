"""What is made above begins with what the rules say, and with nothing else that it has below."""

from datetime import date
from decimal import Decimal

from tenantry.sales.actions import NewItem
from tests.channel.mirroring import channel
from tests.world import World


def test_up_30_bo_01_bo_03_bo_04_what_is_made_begins_at_its_first_version(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    story.drain()

    assert story.over("subscription", made.id).version == 1
    [order] = story.orders()
    assert (order.version, [one.version for one in story.items(order)]) == (1, [1])
    [change] = world.rows(story.above, "subscription_change", subscription_id=made.id)
    assert change.version == 1


def test_bo_12_bil_05_sub_01_an_item_has_no_discount_tax_or_trial_from_below(world: World) -> None:
    story = channel(world)
    [made] = story.sell(NewItem(story.product().id, "monthly", 5, discount_percent=Decimal(20)))
    [below] = world.rows(story.below, "order_item", subscription_id=made.id)
    world.update(story.below, "order_item", below.id, tax_percent=Decimal(19))
    story.drain()

    [item] = story.items(story.orders()[0])
    assert (item.discount_percent, item.tax_percent, item.trial) == (0, 0, False)


def test_up_31_what_a_move_changed_stands_above_without_his_prices(world: World) -> None:
    story = channel(world)
    mail, big = story.product(price=13), story.product(price=17)
    story.path(mail, big)
    made = story.sold(mail, 5)
    story.do("upgrade", made, big.id)
    story.drain()

    [below] = world.rows(story.below, "subscription_change", subscription_id=made.id, kind="upgrade")
    assert below.before.keys() == below.after.keys() == {"product", "unit_price"}
    [above] = world.rows(story.above, "subscription_change", subscription_id=made.id, kind="upgrade")
    assert (above.before, above.after) == ({"product": mail.name}, {"product": big.name})


def test_bo_04_what_stood_in_its_way_before_it_was_done_stays_below(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    [change] = world.rows(story.below, "subscription_change", subscription_id=made.id)
    world.update(story.below, "subscription_change", change.id, problem="The line was cut.")
    story.drain()

    assert [one.problem for one in world.rows(story.above, "subscription_change")] == [""]


def test_up_31_an_add_on_costs_what_the_reseller_pays_and_has_none_of_his_discount(world: World) -> None:
    story = channel(world)
    mail = story.product()
    archive = story.add_on(mail, price=Decimal("4.50"), cost=2)
    order = (NewItem(mail.id, "monthly", 5), NewItem(archive.id, "monthly", 3, discount_percent=Decimal(10)))
    made = story.sell(*order)[0]
    [below] = world.rows(story.below, "subscription_add_on", subscription_id=made.id)
    assert (below.unit_price, below.discount_percent) == (Decimal("4.50"), 10)
    story.drain()

    [above] = world.rows(story.above, "subscription_add_on", subscription_id=made.id)
    assert (above.unit_price, above.discount_percent) == (2, 0)


def test_up_31_up_34_an_asset_costs_what_the_reseller_pays_in_his_currency_and_is_new_above(world: World) -> None:
    story = channel(world)
    router = story.product(price=90, cost=60, cycle="one_off")
    world.update(story.above, "account", story.below.account_id, currency="USD")
    story.priced(story.above, router, 66, cycle="one_off", currency="USD")
    bought = story.buy(router, 2)
    assert (bought.unit_price, bought.currency) == (90, "EUR")
    world.update(story.below, "asset", bought.id, version=3)
    story.drain()

    mirror = story.over("asset", bought.id)
    assert (mirror.unit_price, mirror.currency, mirror.version) == (66, "USD", 1)


def test_bo_09_an_add_on_has_the_cycles_of_the_promotion_above(world: World) -> None:
    story = channel(world)
    mail = story.product()
    archive = story.add_on(mail, cost=2)
    for at, cycles in ((story.below, 2), (story.above, 5)):
        off = {"kind": "percent", "off": 10, "duration": "cycles", "cycles": cycles}
        world.insert(at, "promotion", name="Of its own", product_id=archive.id, **off)
    with story.on("2026-03-10"):
        made = story.sold(mail, 5)
        story.do("add_add_on", made, archive.id, 3)
        story.drain()

    below, above = (
        world.rows(at, "subscription_add_on", subscription_id=made.id)[0] for at in (story.below, story.above)
    )
    assert below.promotion_cycles_left in {1, 2}
    assert above.promotion_cycles_left == 5


def test_bo_16_a_part_of_what_is_not_here_was_parted_from_nothing(world: World) -> None:
    story = channel(world)
    mail = story.product(price=20)
    own = world.product(story.below, name="His own")
    story.priced(story.below, own, 5)
    story.path(own, mail)
    with story.on("2026-03-10"):
        made = story.sold(own, 5)
    with story.on("2026-03-20"):
        part_id = story.do("upgrade", made, mail.id, 2).part_id
        story.drain()

    assert story.under("subscription", part_id).split_from_id == made.id
    part = story.over("subscription", part_id)
    assert (part.split_from_id, part.quantity, part.start_on) == (None, 2, date(2026, 3, 20))


def test_up_33_custom_fields_are_the_distributors_to_fill(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    world.update(story.below, "subscription", made.id, custom_fields={"colour": "red"})
    story.drain()

    assert story.over("subscription", made.id).custom_fields == {}
