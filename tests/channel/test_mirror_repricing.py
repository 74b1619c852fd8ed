"""Prices of mirrors updated from a day that lies ahead: what the reseller pays changes on that day (SUB-04)."""

from datetime import date
from decimal import Decimal
from typing import Any

from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.sales.subscriptions import actions
from tests.channel.mirroring import Channel, channel
from tests.world import Row, World


def update(story: Channel, *mirrors: Row) -> list[date]:
    """Update the prices of mirrors, as the distributor's admin; gives the days from which they count."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        return [one.effective_on for one in actions.update_prices(work, [one.id for one in mirrors])]


def catch_up(story: Channel) -> None:
    story.day_comes()
    story.drain()
    charge_mirrors(story.world.worker, story.above.id)


def dearer(story: Channel, product: Row, price: int) -> None:
    """Let a product cost the reseller something else from now on."""
    [found] = story.world.rows(story.above, "product_price", product_id=product.id)
    story.world.update(story.above, "product_price", found.id, unit_price=Decimal(price))


def charged(story: Channel, of: Row, **given: Any) -> list[Decimal]:
    """Give what was charged above, in the order of the days."""
    found = story.world.rows(story.above, "charge", subscription_id=of.id, **given)
    return [one.amount for one in sorted(found, key=lambda one: (one.period_from, one.id))]


def test_sub_04_up_31_a_mirror_that_starts_later_is_charged_at_its_updated_price_from_its_start(world: World) -> None:
    story = channel(world)
    mail = story.product(cost=7)
    with story.on("2026-03-01"):
        sold = story.sold(mail, 5, start_on=date(2026, 3, 10))
        catch_up(story)
        dearer(story, mail, 9)
        assert update(story, sold) == [date(2026, 3, 10)]
        assert story.over("subscription", sold.id).unit_price == 7
    with story.on("2026-03-11"):
        catch_up(story)

    assert story.over("subscription", sold.id).unit_price == 9
    assert charged(story, sold) == [45]
    [line] = world.rows(story.above, "subscription_change", subscription_id=sold.id, kind="price")
    assert (line.status, line.effective_on) == ("done", date(2026, 3, 10))


def test_sub_04_up_31_what_is_charged_already_keeps_its_price_and_the_next_cycle_has_the_new_one(world: World) -> None:
    story = channel(world)
    mail = story.product(cost=7)
    archive = story.add_on(mail, cost=2)
    with story.on("2026-03-01"):
        sold = story.sold(mail, 5)
        story.do("add_add_on", sold, archive.id, 1)
        catch_up(story)
        dearer(story, mail, 9)
        dearer(story, archive, 3)
        assert update(story, sold) == [date(2026, 4, 1)]
    # Heard of a cycle late, and with more units from the middle of it on.
    with story.on("2026-04-16"):
        story.do("change_quantity", sold, 6)
    with story.on("2026-05-02"):
        catch_up(story)

    assert charged(story, sold, product_id=archive.id) == [2, 3, 3]
    assert charged(story, sold, product_id=mail.id) == [35, 45, Decimal("-22.50"), 27, 54]
    assert update(story, sold) == []


def test_sub_04_a_planned_price_of_what_has_moved_on_meanwhile_is_not_taken(world: World) -> None:
    story = channel(world)
    mail, big = story.product(cost=7), story.product(cost=20)
    story.path(mail, big)
    with story.on("2026-03-01"):
        sold = story.sold(mail, 5)
        catch_up(story)
        dearer(story, mail, 9)
        update(story, sold)
    with story.on("2026-03-16"):
        story.do("upgrade", sold, big.id)
        catch_up(story)
    with story.on("2026-04-01"):
        catch_up(story)

    assert story.over("subscription", sold.id).unit_price == 20
    [line] = world.rows(story.above, "subscription_change", subscription_id=sold.id, kind="price")
    assert (line.status, line.problem) == ("failed", "It costs something else by now.")
