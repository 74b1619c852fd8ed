"""What the reseller owes for what he sold: the mirror's charges, late or in time the same (BO-12, UP-31, BIL-07)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.sales.subscriptions.due import bring_up_to_date
from tests.channel.mirroring import Channel, channel
from tests.sales.subscriptions.stories import on
from tests.world import Row, World


def pause(story: Channel, sold: Row) -> None:
    with on("2026-04-11"):
        story.do("suspend", sold)
    with on("2026-04-21"):
        bring_up_to_date(story.world.worker, story.below.id)
        story.do("resume", sold)


def more_and_fewer(story: Channel, sold: Row) -> None:
    with on("2026-04-11"):
        story.do("change_quantity", sold, 9)
    with on("2026-04-21"):
        story.do("change_quantity", sold, 4)


def an_add_on(story: Channel, sold: Row) -> None:
    backup = story.product(3, 3, kind="add_on", name="Backup")
    for at in (story.above, story.below):
        story.world.insert(at, "product_add_on", product_id=sold.product_id, add_on_id=backup.id)
    with on("2026-04-11"):
        story.do("add_add_on", sold, backup.id, 2)
    with on("2026-04-16"):
        story.do("change_add_on_quantity", sold, backup.id, 5)
    with on("2026-04-21"):
        story.do("remove_add_on", sold, backup.id)


def whole_upgrade(story: Channel, sold: Row) -> None:
    with on("2026-04-11"):
        story.do("change_quantity", sold, 8)
        story.do("upgrade", sold, dearer(story, sold).id)


def part_upgrade(story: Channel, sold: Row) -> None:
    with on("2026-04-11"):
        story.do("upgrade", sold, dearer(story, sold).id, quantity=2)


def on_to_his_own(story: Channel, sold: Row) -> None:
    mine = story.world.product(story.below, name="My Mail")
    story.priced(story.below, mine, 4)
    story.world.insert(story.below, "product_path", product_id=sold.product_id, kind="upgrade", to_product_id=mine.id)
    with on("2026-04-11"):
        story.do("upgrade", sold, mine.id)


def cancelled(story: Channel, sold: Row) -> None:
    with on("2026-04-21"):
        story.do("cancel", sold)


def dearer(story: Channel, sold: Row) -> Row:
    big = story.product(31, 31, name="Big Mail")
    for at in (story.above, story.below):
        story.world.insert(at, "product_path", product_id=sold.product_id, kind="upgrade", to_product_id=big.id)
    return big


def owed(story: Channel, *, above: bool) -> dict[str, Decimal]:
    """Give what was charged in all for each subscription of the customer, for what comes from the distributor."""
    at = story.above if above else story.below
    totals: dict[str, Decimal] = {}
    known = {product.id for product in story.world.rows(story.above, "product")}
    for charge in story.world.rows(at, "charge", account_id=story.customer.id):
        if charge.product_id not in known:
            continue
        key = str(charge.subscription_id)
        totals[key] = totals.get(key, Decimal(0)) + charge.amount
    return totals


@pytest.mark.parametrize("late", ["", "late"], ids=["in time", "all at once, later"])
@pytest.mark.parametrize("what", [pause, more_and_fewer, an_add_on, whole_upgrade, part_upgrade, cancelled])
def test_bo_12_at_equal_prices_the_reseller_owes_to_the_cent_what_he_charges(
    world: World, what: Callable[[Channel, Row], None], late: str
) -> None:
    story = channel(world)
    mail = story.product(10, 10, name="Mail")
    with on("2026-04-05"):
        sold = story.sold(mail, 5)
        if not late:
            story.drain()
            charge_mirrors(world.worker, story.above.id)

    what(story, sold)
    with on("2026-05-20"):
        bring_up_to_date(world.worker, story.below.id)
        story.drain()
        charge_mirrors(world.worker, story.above.id)
        assert charge_mirrors(world.worker, story.above.id) == 0

    assert owed(story, above=True) == owed(story, above=False)
    assert sum(owed(story, above=True).values()) > 0


def test_bo_12_what_goes_on_to_his_own_product_is_charged_until_the_day_before(world: World) -> None:
    story = channel(world)
    with on("2026-04-05"):
        sold = story.sold(story.product(10, 10, name="Mail"), 5)
        story.drain()
        charge_mirrors(world.worker, story.above.id)
    on_to_his_own(story, sold)
    with on("2026-05-20"):
        bring_up_to_date(world.worker, story.below.id)
        story.drain()
        charge_mirrors(world.worker, story.above.id)

    assert owed(story, above=True) == owed(story, above=False)
    # Six of thirty days from 5 April on.
    assert sum(owed(story, above=True).values()) == Decimal(10)
