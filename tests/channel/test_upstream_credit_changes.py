"""Upstream credit: what is charged, changed, put off or ended while it waits for credit (UP-47)."""

from datetime import date

import pytest

from tenantry.kernel.problems import Problem, Refused
from tenantry.sales.actions import NewItem
from tenantry.sales.assets.actions import take_back
from tests.channel.crediting import (
    above,
    below,
    charge,
    check,
    checked,
    held,
    limit,
    owed,
    provisioned,
    requests,
    settle,
)
from tests.channel.mirroring import Channel
from tests.world import World


def test_up_47_what_waits_is_not_charged_above_and_what_was_given_counts_until_it_is(world: World) -> None:
    story = checked(world, 100)
    mail = provisioned(story)
    story.sold(mail, 6)
    waits = story.sold(mail, 5)
    settle(story)
    charge(story)
    settle(story)
    assert owed(story) == 60
    assert [one.reserved for one in story.orders()] == [None, None]
    assert requests(story, waits) == [("create", "held")], "60 are owed by now, no longer only promised"

    limit(story, 110)
    settle(story)
    assert story.orders()[1].reserved == 50
    charge(story)
    assert owed(story) == 110
    assert story.orders()[1].reserved is None


def test_up_47_more_units_wait_as_well_and_fewer_again_set_both_free(world: World) -> None:
    story = checked(world, 100)
    mail = provisioned(story)
    made = story.sold(mail, 8)
    settle(story)
    story.do("change_quantity", made, 12)
    settle(story)
    assert requests(story, made) == [("create", "pending"), ("change", "held")]

    story.do("change_quantity", made, 11)
    settle(story)
    assert requests(story, made)[1:] == [("change", "held"), ("change", "held")], "11 units are over the limit, too"

    story.do("change_quantity", made, 10)
    settle(story)
    assert [status for _, status in requests(story, made)] == ["pending"] * 4
    assert [one.reserved for one in story.orders()] == [80, 40, -10, -10]


def test_up_47_add_ons_upgrades_and_conversions_wait_too_and_renewals_and_suspensions_do_not(world: World) -> None:
    story = checked(world, 10)
    mail, more = provisioned(story, trial_allowed=True), story.product(cost=20)
    system = world.rows(story.below, "provisioning_system")[0].id
    world.update(story.below, "product", more.id, provisioning_system_id=system)
    archive = story.add_on(mail, cost=5)
    story.path(mail, more)
    made, tried = story.sold(mail, 1), story.sold(mail, 1, trial=True)
    settle(story)
    assert requests(story, made) == requests(story, tried) == [("create", "pending")]

    story.do("add_add_on", made, archive.id, 1)
    story.do("convert", tried)
    settle(story)
    assert requests(story, made)[-1] == requests(story, tried)[-1] == ("change", "held")
    story.do("remove_add_on", made, archive.id)
    story.do("upgrade", made, more.id)
    settle(story)
    assert requests(story, made)[-1] == ("change", "held")
    story.do("suspend", made)
    assert requests(story, made)[-1] == ("suspend", "pending")


def test_up_47_what_starts_later_is_not_set_up_on_its_day_while_it_waits(world: World) -> None:
    story = checked(world, 10)
    mail = provisioned(story)
    with story.on("2026-03-01"):
        waits = story.sold(mail, 5, start_on=date(2026, 3, 10))
        settle(story)
    with story.on("2026-03-10"):
        story.day_comes()
        assert requests(story, waits) == [("create", "held")]
        limit(story, 100)
        settle(story)
        assert requests(story, waits) == [("create", "pending")]
        runs = story.sold(mail, 1, start_on=date(2026, 3, 12))
        settle(story)
    with story.on("2026-03-12"):
        story.day_comes()
        assert requests(story, runs) == [("create", "pending")]


def test_up_47_the_reseller_withdraws_what_waits_and_nobody_pays_for_it(world: World) -> None:
    story = checked(world, 60)
    mail = provisioned(story)
    runs, waits = story.sold(mail, 6), story.sold(mail, 5)
    settle(story)
    with pytest.raises(Refused) as refused:
        below(story, "withdraw_order", runs.order_id)
    assert refused.value.rule == "UP-47"

    below(story, "withdraw_order", waits.order_id, because="Too dear")
    settle(story)
    charge(story)

    assert requests(story, waits) == [("create", "withdrawn")]
    assert story.under("subscription", waits.id).status == "cancelled"
    assert story.under("order", waits.order_id).status == "cancelled"
    assert sum(one.amount for one in world.rows(story.below, "charge", subscription_id=waits.id)) == 0
    assert owed(story) == 60
    assert story.orders()[1].approval == "none"
    assert story.history(story.orders()[1].id)[-1] == "Order was withdrawn by the reseller"
    assert held(story, story.orders()[1]).status == "withdrawn"


def test_up_47_what_is_cancelled_while_it_waits_is_never_asked_for(world: World) -> None:
    story = checked(world, 0)
    waits = story.sold(provisioned(story), 5)
    settle(story)

    story.do("cancel", waits)

    assert requests(story, waits) == [("create", "withdrawn")]
    assert story.under("subscription", waits.id).provisioning_status == "not_provisioned"


def test_up_47_an_asset_waits_for_credit_as_well(world: World) -> None:
    story = checked(world, 10)
    router = story.product(cost=30, cycle="one_off")
    story.buy(router)
    settle(story)
    [order] = story.orders()
    assert (order.approval, held(story, order).status) == ("waiting", "refused")
    above(story, "exceed_limit", order.id)
    settle(story)
    assert held(story, story.orders()[0]).status == "released"


def test_up_47_up_34_what_was_given_for_an_asset_is_kept_until_it_is_charged_and_given_back_with_it(
    world: World,
) -> None:
    story = checked(world, 70)
    router = story.product(cost=30, cycle="one_off")
    first, second = story.buy(router), story.sell(NewItem(router.id, "one_off", 1))
    assert second == []
    settle(story)
    assert [one.reserved for one in story.orders()] == [30, 30]

    charge(story)
    assert owed(story) == 60
    assert [one.reserved for one in story.orders()] == [None, None]
    charge(story)
    assert owed(story) == 60, "each once"
    third = story.sell(NewItem(router.id, "one_off", 1))
    settle(story)
    assert (third, story.orders()[2].approval) == ([], "waiting"), "it counts as owed from now on"

    with world.web.work(story.below.id, world.admin(story.below)) as work:
        take_back(work, first.id)
    settle(story)
    charge(story)
    assert owed(story) == 30
    settle(story)
    assert story.orders()[2].approval == "none"
    charge(story)
    assert owed(story) == 60


def test_up_47_an_asset_that_is_withdrawn_while_it_waits_is_never_charged(world: World) -> None:
    story = checked(world, 10)
    bought = story.buy(story.product(cost=30, cycle="one_off"))
    settle(story)
    charge(story)
    assert owed(story) == 0

    below(story, "withdraw_order", bought.order_id)
    settle(story)
    charge(story)
    assert owed(story) == 0
    assert story.orders()[0].reserved is None


def test_up_47_a_part_that_is_upgraded_waits_and_both_parts_are_charged_once_it_is_free(world: World) -> None:
    story = checked(world, 60)
    mail = provisioned(story)
    system = world.rows(story.below, "provisioning_system")[0].id
    big = story.product(cost=40)
    world.update(story.below, "product", big.id, provisioning_system_id=system)
    story.path(mail, big)
    with story.on("2026-03-01"):
        made = story.sold(mail, 5)
        settle(story)
        charge(story)
        assert owed(story) == 50

        story.do("upgrade", made, big.id, quantity=2)
        settle(story)
        [part] = world.rows(story.below, "subscription", split_from_id=made.id)
        assert requests(story, part) == [("create", "held")]
        assert requests(story, made)[-1] == ("change", "held")
        assert story.orders()[-1].approval == "waiting"
        charge(story)
        assert owed(story) == 50, "neither part is charged for what waits"

        limit(story, 200)
        settle(story)
        assert requests(story, part) == [("create", "pending")]
        charge(story)
        assert owed(story) == 3 * 10 + 2 * 40
        assert [one.reserved for one in story.orders()] == [None, None]


def test_up_47_dn_46_going_live_is_not_undone_while_something_waits_for_credit(world: World) -> None:
    reseller = world.tenant_reseller(credit_limit=10)
    live = world.confirm(world.plan(to=reseller, kind="activate_back_ordering"))
    story = Channel(world, world.distributor(), reseller, world.account(at=reseller))
    check(story.above, story.below, checked=True)
    made = story.sold(provisioned(story), 5)
    for hears in (lambda: None, lambda: settle(story)):
        hears()
        with pytest.raises(Problem) as refused:
            world.undo(live)
        assert refused.value.rule == "DN-46"
    assert world.is_live(story.below)
    assert requests(story, made) == [("create", "held")]
