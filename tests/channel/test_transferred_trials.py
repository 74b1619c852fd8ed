"""A trial that was transferred before its reseller went live: what becomes of it above (UP-30, DN-40)."""

from datetime import timedelta

import pytest

from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.kernel import clock
from tests.channel.mirroring import Channel
from tests.channel.test_reconcile import compared, found
from tests.world import Row, Tenant, World


@pytest.mark.parametrize(
    ("verb", "given", "becomes"), [("cancel", {"mode": "now"}, "cancelled"), ("convert", {}, "active")]
)
def test_up_30_dn_40_a_trial_that_was_transferred_is_followed_above(
    world: World, reseller: Tenant, acme: Row, mail: Row, verb: str, given: dict[str, str], becomes: str
) -> None:
    world.insert(
        world.distributor(), "product_price", product_id=mail.id, cycle="monthly", currency="EUR", unit_price=7
    )
    tried = world.subscription(
        acme, mail, status="trial", paid_from=None, trial_until=clock.now().date() + timedelta(days=20), quantity=3
    )
    world.go_live(reseller)
    story = Channel(world, world.distributor(), reseller, acme)
    assert (story.over("subscription", tried.id).status, found(story, compared(story))) == ("trial", [])

    story.do("change_quantity", tried, 5)
    story.drain()
    assert (story.over("subscription", tried.id).quantity, story.orders()) == (5, [])

    story.do(verb, tried, **given)
    story.drain()

    assert story.over("subscription", tried.id).status == becomes
    assert story.sold_above() == ([[(mail.name, 5)]] if verb == "convert" else [])
    assert found(story, compared(story)) == []
    charge_mirrors(world.worker, story.above.id)
    charged = sum(one.amount for one in world.rows(story.above, "charge", subscription_id=tried.id))
    # Sold, it costs what its order says: the price of that day, whatever stood there while it was tried (BO-12).
    assert charged == (35 if verb == "convert" else 0)
