"""What was sold and went on before anybody above heard of it is tracked all the same (BO-02, UP-41)."""

from tenantry.channel.mirror.charging import charge_mirrors
from tests.channel.mirroring import channel
from tests.channel.test_reconcile import compared
from tests.world import World


def test_bo_02_what_went_on_to_his_own_product_before_it_was_heard_of_has_its_order_and_has_ended(world: World) -> None:
    story = channel(world)
    mail, mine = story.product(cost=7, name="Mail"), world.product(story.below, name="My Mail")
    story.priced(story.below, mine, 4)
    story.path(mail, mine)
    with story.on("2026-04-05"):
        sold = story.sold(mail, 5)
    with story.on("2026-04-11"):
        story.do("upgrade", sold, mine.id)
        told = story.told()
        story.drain()

    assert story.sold_above() == [[("Mail", 5)], [("Mail", -5)]]
    kept = story.over("subscription", sold.id)
    assert (kept.product_id, kept.status, str(kept.end_on), kept.unit_price) == (mail.id, "cancelled", "2026-04-10", 7)
    with story.on("2026-05-20"):
        charge_mirrors(world.worker, story.above.id)
        # Six of thirty days.
        assert sum(one.amount for one in world.rows(story.above, "charge")) == 7

        story.repeat(*told)
        story.drain()
    assert len(story.orders()) == 2
    assert compared(story).differences == 0


def test_bo_02_what_went_on_twice_before_it_was_heard_of_is_kept_as_it_last_was_from_above(world: World) -> None:
    story = channel(world)
    mail, big = story.product(cost=7, name="Mail"), story.product(cost=20, name="Big")
    mine = world.product(story.below, name="My Mail")
    story.priced(story.below, mine, 4)
    story.path(mail, big)
    story.path(big, mine)
    with story.on("2026-04-05"):
        sold = story.sold(mail, 5)
        story.do("change_quantity", sold, 6)
    with story.on("2026-04-08"):
        story.do("upgrade", sold, big.id)
    with story.on("2026-04-11"):
        story.do("upgrade", sold, mine.id)
        story.drain()

    assert story.sold_above() == [[("Mail", 5)], [("Mail", 1)], [("Mail", -6), ("Big", 6)], [("Big", -6)]]
    kept = story.over("subscription", sold.id)
    assert (kept.product_id, kept.quantity, kept.status, kept.unit_price) == (big.id, 6, "cancelled", 20)


def test_up_31_what_went_up_and_came_back_before_it_was_heard_of_is_priced_anew(world: World) -> None:
    story = channel(world)
    mail, big = story.product(name="Mail"), story.product(cost=20, name="Big")
    story.listed(mail, 7)
    story.listed(mail, 5, min_quantity=10)
    story.path(mail, big)
    story.path(big, mail, "downgrade")
    sold, other = story.sold(mail, 12), story.sold(mail, 12)
    story.drain()
    for one in (sold, other):
        story.do("change_quantity", one, 3)
    story.drain()
    before = [story.over("subscription", one.id).unit_price for one in (sold, other)]

    story.do("upgrade", sold, big.id)
    story.do("downgrade", sold, mail.id)
    # Some of its units go up, it stays what it is.
    story.do("upgrade", other, big.id, 1)
    told = story.told()
    story.drain()
    now = [story.over("subscription", one.id).unit_price for one in (sold, other)]

    assert (before, now) == ([5, 5], [7, 5])
    world.update(story.above, "subscription", sold.id, unit_price=6)
    story.repeat(*told)
    story.drain()
    assert story.over("subscription", sold.id).unit_price == 6
