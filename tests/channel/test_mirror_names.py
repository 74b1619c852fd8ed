"""What a mirror is called after a move to another product: by the rule, or as the distributor did (UP-30, UP-33)."""

import pytest

from tenantry.sales.subscriptions import actions
from tests.channel.mirroring import Channel, channel
from tests.world import Row, World


def upgradable(world: World) -> tuple[Channel, Row, Row]:
    """Give a mirrored subscription of Mail, and Big, to which it can be upgraded."""
    story = channel(world)
    mail, big = story.product(name="Mail"), story.product(name="Big")
    story.path(mail, big)
    sold = story.sold(mail, 5)
    story.drain()
    return story, sold, big


@pytest.mark.parametrize("heard_of", [True, False], ids=["heard of before", "heard of with the move"])
def test_up_30_a_mirror_is_named_after_its_new_product_also_of_a_renamed_customer(
    world: World, *, heard_of: bool
) -> None:
    story, sold, big = upgradable(world)
    story.account("edit", {"name": "Acme AG"})
    if heard_of:
        story.drain()

    story.do("upgrade", sold, big.id)
    story.drain()

    assert story.over("account", story.customer.id).name == "Acme AG"
    assert (story.under("subscription", sold.id).name, story.over("subscription", sold.id).name) == ("Acme - Big",) * 2


@pytest.mark.parametrize(("called", "then"), [("For the branch", "For the branch"), ("Branch - Mail", "Branch - Big")])
def test_up_33_a_name_that_the_distributor_gave_stays_but_for_the_old_product(
    world: World, called: str, then: str
) -> None:
    story, sold, big = upgradable(world)
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        actions.edit_subscription(work, sold.id, {"name": called})

    story.do("upgrade", sold, big.id)
    story.drain()

    assert story.over("subscription", sold.id).name == then


def test_up_30_a_name_that_is_too_long_is_cut_anew(world: World) -> None:
    story = channel(world)
    mail, big = story.product(name="Mail" * 20), story.product(name="Big" * 20)
    story.path(mail, big)
    story.account("edit", {"name": "A" * 255})
    sold = story.sold(mail, 5)
    story.drain()

    story.do("upgrade", sold, big.id)
    story.drain()

    assert story.over("subscription", sold.id).name == f"{'A' * 255} - {'Big' * 20}"[:320]
