"""What the reseller owes for what he sold: the mirror's charges, late or in time the same (BO-12, UP-31, BIL-07)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.sales.actions import NewItem
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


def upgraded_before_what_was_planned(story: Channel, sold: Row) -> None:
    with on("2026-04-11"):
        story.do("change_quantity", sold, 4, at_next_cycle=True)
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


def cancelled_on_its_first_day(story: Channel, sold: Row) -> None:
    with on("2026-04-05"):
        story.do("cancel", sold)


def cancelled_on_the_first_day_of_a_cycle(story: Channel, sold: Row) -> None:
    with on("2026-05-05"):
        bring_up_to_date(story.world.worker, story.below.id)
        story.do("cancel", sold)


def paused_on_its_first_day(story: Channel, sold: Row) -> None:
    with on("2026-04-05"):
        story.do("suspend", sold)
    with on("2026-04-18"):
        bring_up_to_date(story.world.worker, story.below.id)
        story.do("resume", sold)


def cancelled_while_suspended(story: Channel, sold: Row) -> None:
    with on("2026-04-11"):
        story.do("suspend", sold)
        charged_above(story)
    with on("2026-05-11"):
        bring_up_to_date(story.world.worker, story.below.id)
        story.do("cancel", sold)
        charged_above(story)


def charged_above(story: Channel) -> None:
    story.drain()
    charge_mirrors(story.world.worker, story.above.id)


ENDED = [cancelled, cancelled_while_suspended, cancelled_on_its_first_day, cancelled_on_the_first_day_of_a_cycle]


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


def promoted(world: World, story: Channel, product: Row, **given: object) -> None:
    """Let both take half off a product, for so many cycles."""
    for at in (story.above, story.below):
        off = {"kind": "percent", "off": 50, "duration": "cycles", "cycles": 3}
        world.insert(at, "promotion", name="Half", product_id=product.id, **{**off, **given})


BUY = ("add_add_on", 2)
# What happens to a subscription of 5 April and its add-on, each on its day; both have a promotion for three cycles.
LIVES: dict[str, dict[str, tuple[str, object]]] = {
    "bought and paused": {"04-11": BUY, "04-20": ("suspend", None), "04-25": ("resume", None)},
    "bought with a cycle": {"05-05": BUY},
    "paused for long": {"04-11": BUY, "05-05": ("suspend", None), "06-20": ("resume", None)},
    "bought anew": {"04-11": BUY, "06-11": ("remove_add_on", None), "06-21": ("add_add_on", 3)},
    "more of it": {"04-11": BUY, "06-11": ("change_add_on_quantity", 5)},
    "cancelled": {"04-11": BUY, "06-11": ("remove_add_on", None)},
    "cancelled later": {"04-11": BUY, "08-11": ("remove_add_on", None)},
}


def live(story: Channel, sold: Row, backup: Row, verb: str, quantity: object) -> None:
    of_it = (backup.id,) if "add_on" in verb else ()
    story.do(verb, sold, *of_it, *([quantity] if quantity else []))


def catch_up(story: Channel) -> None:
    bring_up_to_date(story.world.worker, story.below.id)
    story.drain()
    charge_mirrors(story.world.worker, story.above.id)


@pytest.mark.parametrize("late", ["", "late"], ids=["in time", "all at once, later"])
@pytest.mark.parametrize(
    "what",
    [
        pause,
        paused_on_its_first_day,
        upgraded_before_what_was_planned,
        more_and_fewer,
        an_add_on,
        whole_upgrade,
        part_upgrade,
        *ENDED,
    ],
)
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


@pytest.mark.parametrize("late", ["", "late"], ids=["in time", "all at once, later"])
@pytest.mark.parametrize("cycles", [1, 3])
def test_bo_09_bo_12_what_is_left_behind_by_an_upgrade_is_given_back_at_its_promotion(
    world: World, cycles: int, late: str
) -> None:
    story = channel(world)
    mail = story.product(10, 10, name="Mail")
    promoted(world, story, mail, cycles=cycles)
    with on("2026-04-05"):
        sold = story.sold(mail, 5)
        if not late:
            charged_above(story)
    with on("2026-05-11"):
        bring_up_to_date(world.worker, story.below.id)
        story.do("upgrade", sold, dearer(story, sold).id)
    with on("2026-06-20"):
        catch_up(story)

    assert owed(story, above=True) == owed(story, above=False)


def test_bo_12_bil_03_the_first_cycle_is_charged_for_the_back_order_that_began_it(world: World) -> None:
    story = channel(world)
    with on("2026-04-05"):
        alone, changed = story.sell(
            NewItem(story.product().id, "monthly", 5), NewItem(story.product().id, "monthly", 5)
        )
        story.do("change_quantity", changed, 7)
        story.drain()
        charge_mirrors(world.worker, story.above.id)
    with on("2026-05-20"):
        charge_mirrors(world.worker, story.above.id)

    def made_by(sold: Row) -> list[object]:
        charges = world.rows(story.above, "charge", subscription_id=sold.id)
        return [one.order_id for one in sorted(charges, key=lambda one: one.period_from)]

    assert made_by(alone) == [story.over("subscription", alone.id).order_id, None]
    # What it began with was another quantity.
    assert made_by(changed) == [None, None]


def test_bo_12_what_was_parted_and_changed_since_is_charged_as_it_was_and_then_for_the_change(world: World) -> None:
    story = channel(world)
    mail, suite = story.product(cost=3, name="Mail"), story.product(cost=5, name="Suite")
    story.path(mail, suite)
    story.path(suite, mail, "downgrade")
    with on("2026-04-01"):
        sold = story.sold(mail, 4)
        story.drain()
        charge_mirrors(world.worker, story.above.id)
        story.do("upgrade", sold, suite.id, 1)
        [part] = [one for one in world.rows(story.below, "subscription") if one.split_from_id == sold.id]
        story.do("change_quantity", part, 18)
        story.do("downgrade", part, mail.id)
        story.drain()
        charge_mirrors(world.worker, story.above.id)

    charged = [one for one in world.rows(story.above, "charge") if one.subscription_id == part.id]
    assert sum(one.quantity for one in charged) == 18
    assert sorted(one.amount for one in charged) == [-90, -5, 5, 54, 90]


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


@pytest.mark.parametrize("heard", ["each time", "in June", "at last"])
@pytest.mark.parametrize("life", LIVES)
def test_bo_09_bo_12_promotions_are_given_above_for_the_same_cycles(world: World, life: str, heard: str) -> None:
    story = channel(world)
    mail = story.product(30, 30, name="Mail")
    backup = story.add_on(mail, price=30, cost=30, name="Backup")
    promoted(world, story, mail)
    promoted(world, story, backup)
    with on("2026-04-05"):
        sold = story.sold(mail, 5)
        catch_up(story)

    for day in sorted({*LIVES[life], "06-15"}):
        with on(f"2026-{day}"):
            if day in LIVES[life]:
                live(story, sold, backup, *LIVES[life][day])
            if heard == "each time" or (heard, day) == ("in June", "06-15"):
                catch_up(story)
    with on("2026-10-20"):
        catch_up(story)

    assert charged_for(story, backup, above=True) == charged_for(story, backup, above=False)
    assert owed(story, above=True) == owed(story, above=False)
    assert any(one.promotion_id for one in world.rows(story.above, "charge", product_id=backup.id))


def charged_for(story: Channel, product: Row, *, above: bool) -> Decimal:
    """Give what was charged in all for a product."""
    at = story.above if above else story.below
    return sum((one.amount for one in story.world.rows(at, "charge", product_id=product.id)), Decimal(0))
