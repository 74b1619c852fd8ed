"""An add-on that is bought, cancelled and bought anew is charged above as below, heard of each time or all at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenantry.channel.mirror.charging import charge_mirrors
from tests.channel.mirroring import Channel, channel
from tests.world import World


def dearer(story: Channel, product_id: object, price: int) -> None:
    """Let a product cost the customer something else from now on."""
    [found] = story.world.rows(story.below, "product_price", product_id=product_id)
    story.world.update(story.below, "product_price", found.id, unit_price=Decimal(price))


@pytest.mark.parametrize("heard", ["each time", "at last"])
def test_bo_12_up_31_each_time_that_it_was_bought_costs_what_it_cost_then(world: World, heard: str) -> None:
    story = channel(world)
    mail = story.product(30, 30, name="Mail")
    backup = story.add_on(mail, price=30, cost=30, name="Backup")
    story.listed(backup, 30, valid_until=date(2026, 4, 11))
    story.listed(backup, 60, valid_from=date(2026, 4, 12), valid_until=date(2026, 5, 14))
    story.listed(backup, 90, valid_from=date(2026, 5, 15))
    with story.on("2026-04-01"):
        sold = story.sold(mail, 1)
        story.drain()
        charge_mirrors(world.worker, story.above.id)
    lives: dict[str, tuple[Any, ...]] = {
        "2026-04-04": ("add_add_on", 2),
        "2026-04-10": ("remove_add_on",),
        "2026-04-13": ("add_add_on", 1),
        "2026-04-22": ("remove_add_on",),
        "2026-05-16": ("add_add_on", 3),
    }
    for month, price in (("2026-04-12", 60), ("2026-05-15", 90)):
        lives[month] = ("price", price)
    for day in sorted(lives):
        verb, *given = lives[day]
        with story.on(day):
            story.day_comes()
            if verb == "price":
                dearer(story, backup.id, given[0])
            else:
                story.do(verb, sold, backup.id, *given)
            if heard == "each time":
                story.drain()
                charge_mirrors(world.worker, story.above.id)
    with story.on("2026-06-20"):
        story.day_comes()
        story.drain()
        charge_mirrors(world.worker, story.above.id)

    above, below = (
        sum(one.amount for one in world.rows(at, "charge", product_id=backup.id)) for at in (story.above, story.below)
    )
    assert above == below
