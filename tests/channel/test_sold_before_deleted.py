"""What was sold to a customer before he was deleted, whenever either is heard of (UP-21, UP-41)."""

import pytest

from tenantry.channel.mirror import applying
from tenantry.sales.actions import NewItem
from tests.channel.mirroring import channel
from tests.world import World


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("known", [True, False])
def test_up_21_up_41_what_was_sold_before_a_deletion_goes_up_though_the_deletion_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch, size: int, *, known: bool
) -> None:
    """The first message finds the customer deleted already, whether all came up in one batch or not."""
    monkeypatch.setattr(applying, "BATCH", size)
    story = channel(world)
    router = story.product(cost=60, cycle="one_off")
    story.buy(router, 7)
    if known:
        story.drain()
    story.account("edit", {"name": "Acme AG"})
    story.sell(NewItem(router.id, "one_off", 8))
    story.account("delete")
    story.drain()

    bought = world.rows(story.above, "asset", account_id=story.customer.id)
    assert sorted(one.quantity for one in bought) == [7, 8]
    assert story.sold_above() == [[(router.name, 7)], [(router.name, 8)]]
    mirror = story.over("account", story.customer.id)
    assert (mirror.name, mirror.standing, mirror.managed_by) == ("Acme AG", "archived", None)
    assert story.set_aside() == []
