"""Messages that are lost, doubled, reordered, replayed or cannot be applied: once in effect (UP-40 to UP-43)."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa

from tenantry.channel import mirror
from tenantry.channel.mirror import applying
from tenantry.sales.actions import NewItem
from tenantry.schema import catalog, metadata
from tenantry.schema.catalog import product_price
from tests.channel.mirroring import Channel, channel, drain
from tests.channel.stories import everything
from tests.world import Row, World

# What says when and after which others something arrived, and not what it is.
ARRIVAL = {"id", "number", "created_at", "at", "version", "tenant_id", "search"}


def busy(story: Channel) -> Row:
    """Let all kinds of things be sold and changed below; gives the subscription that most happened to."""
    mail, more = story.product(name="Mail"), story.product(name="More")
    router = story.product(name="Router", cycle="one_off")
    archive = story.add_on(mail, name="Archive")
    story.path(mail, more)
    made = story.sell(
        NewItem(mail.id, "monthly", 5), NewItem(archive.id, "monthly", 5), NewItem(router.id, "one_off", 1)
    )[0]
    story.do("change_quantity", made, 9)
    story.do("change_add_on_quantity", made, archive.id, 3)
    story.account("edit", {"name": "Acme AG"})
    story.do("suspend", made)
    story.do("resume", made)
    story.do("remove_add_on", made, archive.id)
    story.do("upgrade", made, more.id, 4)
    story.account("suspend", because="unpaid")
    return made


def outcome(story: Channel) -> dict[str, list[str]]:
    """Give what a distributor has of a customer, without what says when it arrived."""
    found = {}
    for table in ("account", "address", "subscription", "subscription_add_on", "asset", "order", "order_item"):
        rows = story.world.rows(story.above, table)
        found[table] = sorted(repr({k: v for k, v in sorted(vars(one).items()) if k not in ARRIVAL}) for one in rows)
    changes = story.world.rows(story.above, "subscription_change")
    found["change"] = [repr((one.id, one.kind, one.order_id)) for one in sorted(changes, key=lambda one: one.number)]
    return found


def test_up_40_replaying_everything_after_everything_changes_nothing(world: World) -> None:
    story = channel(world)
    busy(story)
    told = story.told()
    story.drain()
    before = everything(world, story.above, story.below)
    assert len(story.orders()) == 4

    for again in (told, told[::-1], told * 2):
        story.repeat(*again)
        story.drain()
        assert everything(world, story.above, story.below) == before


def test_up_40_doubled_deliveries_make_no_second_order(world: World) -> None:
    story, other = channel(world), channel(world)
    for one in (story, other):
        busy(one)
    story.repeat(*story.told())
    story.drain()
    other.drain()
    assert len(story.orders()) == len(other.orders()) == 4
    assert story.sold_above() == other.sold_above()


def test_up_40_facts_that_come_in_another_order_converge(world: World) -> None:
    story = channel(world)
    mail, more = story.product(name="Mail"), story.product(name="More")
    archive = story.add_on(mail)
    story.world.insert(story.below, "product_add_on", product_id=more.id, add_on_id=archive.id)
    story.path(mail, more)
    made = story.sold(mail, 5)
    story.do("add_add_on", made, archive.id, 5)
    story.do("change_add_on_quantity", made, archive.id, 2)
    story.do("upgrade", made, more.id)
    told = story.told()
    story.forget(*told)
    # The last first, each in a batch of its own.
    for one in told[::-1]:
        story.repeat(one)
        story.drain()

    assert sorted(map(sorted, story.sold_above())) == sorted(
        map(sorted, [[("Mail", 5)], [(archive.name, 5)], [(archive.name, -3)], [("Mail", -5), ("More", 5)]])
    )
    by_item = {(one.product_id, one.quantity): order.id for order in story.orders() for one in story.items(order)}
    mirror_ = story.over("subscription", made.id)
    assert mirror_.order_id == by_item[more.id, 5]
    [kept] = world.rows(story.above, "subscription_add_on", subscription_id=made.id)
    assert (kept.quantity, kept.order_id) == (2, by_item[archive.id, -3])


def test_up_42_a_lost_state_is_made_good_by_any_later_message_of_the_same_record(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    story.drain()
    story.do("change_quantity", made, 8)
    states = [one for one in story.told() if one.fact_id is None]
    story.forget(*states)
    story.drain()
    assert story.over("subscription", made.id).quantity == 8

    story.account("edit", {"email": "new@acme.example"})
    story.forget(*story.told())
    story.account("edit", {"accounting_no": "R-9"})
    story.drain()
    assert story.over("account", story.customer.id).email == "new@acme.example"


def test_up_42_a_lost_part_of_a_checkout_or_a_partial_move_comes_with_the_rest(world: World) -> None:
    story = channel(world)
    mail, more, router = story.product(name="Mail"), story.product(name="More"), story.product(cycle="one_off")
    story.path(mail, more)
    made = story.sell(NewItem(mail.id, "monthly", 5), NewItem(more.id, "monthly", 5), NewItem(router.id, "one_off", 1))[
        0
    ]
    # Of three only one is left.
    story.forget(*story.told()[1:])
    story.drain()
    [items] = story.sold_above()
    assert sorted(items) == sorted([("Mail", 5), ("More", 5), (router.name, 1)])

    part = story.do("upgrade", made, more.id, 2).part_id
    story.forget(*(one for one in story.told() if one.fact_id is None))
    story.drain()
    assert story.sold_above()[1] == [("Mail", -2), ("More", 2)]
    assert story.over("subscription", part).order_id == story.orders()[1].id


def test_up_42_a_lost_fact_is_made_good_by_telling_it_again(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(name="Mail"), 5)
    story.do("change_quantity", made, 8)
    lost = [one for one in story.told() if one.fact_id][-1]
    story.forget(lost)
    story.drain()
    assert story.sold_above() == [[("Mail", 5)]]
    story.repeat(lost)
    story.drain()
    assert story.sold_above() == [[("Mail", 5)], [("Mail", 3)]]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_bo_03_up_41_however_messages_fall_into_batches_the_outcome_is_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    story = channel(world)
    busy(story)
    again = story.told()
    story.drain()
    whole = outcome(story)

    # The same customer once more, from the same rows below, in another distributor's eyes: all is taken away above.
    _forget_all(story)
    story.repeat(*again)
    monkeypatch.setattr(applying, "BATCH", size)
    story.drain()
    assert outcome(story) == whole


def test_up_41_changes_arrive_in_the_order_in_which_they_were_made(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    for quantity in (8, 2, 9, 1):
        story.do("change_quantity", made, quantity)
    story.drain()
    assert [story.items(order)[0].quantity for order in story.orders()] == [5, 3, -6, 7, -8]
    changes = sorted(world.rows(story.above, "subscription_change"), key=lambda one: one.number)
    assert [one.after["quantity"] for one in changes] == [5, 8, 2, 9, 1]


def row_gone(story: Channel, product: Row) -> Callable[[], None]:
    gone = story.world.account(story.below)
    row = Row(account_id=gone.id, kind="account", subject_id=gone.id, fact_id=None)
    with story.world.web.work(story.below.id) as work:
        work.connection.execute(sa.text("DELETE FROM account WHERE id = :id"), {"id": gone.id})
    story.repeat(row)
    return lambda: None


def not_managed(story: Channel, product: Row) -> Callable[[], None]:
    story.world.account(id=story.customer.id, name="Acme")
    managed = {"standing": "mirrored", "managed_by": story.below.id}
    return lambda: story.world.update(story.above, "account", story.customer.id, **managed)


def product_missing(story: Channel, product: Row) -> Callable[[], None]:
    at = {"id": product.id, "sku": product.sku, "name": product.name}
    with story.world.web.work(story.above.id) as work:
        work.connection.execute(sa.delete(product_price).where(product_price.c.product_id == product.id))
        work.connection.execute(sa.delete(catalog.product).where(catalog.product.c.id == product.id))

    def back() -> None:
        story.world.product(story.above, **at)
        story.priced(story.above, product, 7)

    return back


def price_missing(story: Channel, product: Row) -> Callable[[], None]:
    [price] = story.world.rows(story.above, "product_price", product_id=product.id)
    story.world.update(story.above, "product_price", price.id, currency="USD")
    return lambda: story.world.update(story.above, "product_price", price.id, currency="EUR")


@pytest.mark.parametrize("stand_in_the_way", [not_managed, product_missing, price_missing])
def test_up_43_up_31_what_cannot_be_applied_waits_with_its_reason_and_its_customer_and_comes_back_in_order(
    world: World, stand_in_the_way: Callable[[Channel, Row], Callable[[], None]]
) -> None:
    story = channel(world)
    other = world.account(at=story.below, name="Other")
    mail, files = story.product(name="Mail"), story.product(name="Files")
    way_out = stand_in_the_way(story, mail)
    made = story.sold(mail, 5)
    story.drain()
    code = stand_in_the_way.__name__.replace("_", "-")
    assert {one.reason for one in story.set_aside()} == {code}
    assert {one.account_id for one in story.set_aside()} == {story.customer.id}

    # Behind it his later ones, even those that could be applied; other customers go on.
    story.do("change_quantity", made, 8)
    story.sold(files, 1)
    [theirs] = story.sell(NewItem(files.id, "monthly", 2), to=other)
    story.drain()
    assert {one.reason for one in story.set_aside()} == {code, applying.WAITS}
    assert story.over("subscription", theirs.id).quantity == 2
    assert story.orders() == []

    # Tried again too early it waits again, in the same order.
    ids = [one.id for one in story.set_aside()]
    story.put_back()
    story.drain()
    assert [one.id for one in story.set_aside() if one.id in ids] == [one.id for one in story.set_aside()]
    way_out()
    story.put_back()
    story.drain()
    assert story.set_aside() == []
    assert story.sold_above() == [[("Mail", 5)], [("Mail", 3)], [("Files", 1)]]


def test_up_24_up_43_no_row_and_no_tombstone_is_set_aside_and_deletes_nothing(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    row_gone(story, story.customer)
    gone = story.told()[-1].account_id
    world.account(id=gone, standing="mirrored", managed_by=story.below.id)
    story.drain()
    assert [(one.account_id, one.reason) for one in story.set_aside()] == [(gone, "row-gone")]
    assert story.over("account", gone).standing == "mirrored"


def test_up_43_bo_12_a_change_of_a_day_without_a_price_waits_and_is_not_lost(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    made = story.sold(mail, 5)
    story.drain()
    way_out = price_missing(story, mail)
    story.do("change_quantity", made, 8)
    story.drain()
    assert {one.reason for one in story.set_aside()} == {"price-missing"}
    # Nothing of it was done by half.
    assert story.over("subscription", made.id).quantity == 5
    way_out()
    story.put_back()
    story.drain()
    assert story.sold_above() == [[("Mail", 5)], [("Mail", 3)]]


def test_up_43_what_nobody_foresaw_is_parked_alone_and_the_others_go_on(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    others = [world.account(at=story.below, name=f"Other {place}") for place in range(6)]
    made = []
    for place, one in enumerate(others):
        if place == 3:
            poisoned = story.sold(mail, 5)
        made += story.sell(NewItem(mail.id, "monthly", 1), to=one)
    [change] = world.rows(story.below, "subscription_change", subscription_id=poisoned.id)
    world.update(story.below, "subscription_change", change.id, sold=[{**change.sold[0], "quantity": "many"}])

    story.drain()
    assert {one.reason for one in story.set_aside()} <= {applying.UNEXPECTED, applying.WAITS}
    assert {one.account_id for one in story.set_aside()} == {story.customer.id}
    assert [story.over("subscription", one.id).quantity for one in made] == [1] * 6

    world.update(story.below, "subscription_change", change.id, sold=change.sold)
    story.put_back()
    story.drain()
    assert story.set_aside() == []
    assert story.sold_above() == [[("Mail", 5)]]


def test_up_46_two_resellers_of_one_distributor_drain_at_once(world: World) -> None:
    stories = [channel(world), channel(world)]
    for story in stories:
        mail = story.product(name="Mail")
        for quantity in range(1, 6):
            story.sold(mail, quantity)
    faults: list[BaseException] = []

    def run(story: Channel) -> None:
        try:
            drain(world, story.below)
        except BaseException as fault:  # noqa: BLE001 - it is looked at below
            faults.append(fault)

    threads = [Thread(target=run, args=(story,)) for story in stories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    numbers = [one.number for story in stories for one in story.orders()]
    assert len(numbers) == len(set(numbers)) == 10
    for story in stories:
        assert {one.managed_by for one in story.orders()} == {story.below.id}


def test_up_40_up_42_a_batch_that_dies_in_the_middle_leaves_nothing_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = channel(world)
    busy(story)
    told, before = story.told(), everything(world, story.above)

    def dies(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(applying, "note_progress", dies)
        with pytest.raises(ConnectionError):
            mirror.apply(world.worker, story.below.id)
    after = everything(world, story.above)
    # Numbers that were reserved are gone: they may have gaps.
    assert {name: rows for name, rows in after.items() if name != "counter"} == {
        name: rows for name, rows in before.items() if name != "counter"
    }
    assert [one.id for one in story.told()] == [one.id for one in told]
    story.drain()
    assert len(story.orders()) == 4


def _forget_all(story: Channel) -> None:
    """Take away everything above that came of the customer."""
    tracked = ("subscription", "subscription_add_on", "asset", "subscription_change")
    gone = ("order_item", "subscription_change", "subscription_add_on", "asset", "subscription", "order", "address")
    with story.world.web.work(story.above.id) as work:
        for name in tracked:
            work.connection.execute(sa.update(metadata.tables[name]).values(order_id=None))
        for name in gone:
            work.connection.execute(sa.delete(metadata.tables[name]))
        account = metadata.tables["account"]
        work.connection.execute(sa.delete(account).where(account.c.standing == "mirrored"))
