"""Upstream credit: what a reseller sells is provisioned once every seller above has given credit for it (UP-47)."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tenantry import jobs
from tenantry.channel import mirror
from tenantry.channel.upstream_credit import actions, reviewing
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden, Refused
from tenantry.sales.actions import NewItem
from tests.channel.crediting import above, below, check, checked, held, limit, provisioned, requests, settle
from tests.channel.mirroring import Channel, channel, drain
from tests.channel.stories import everything
from tests.channel.waiting import until
from tests.world import Row, Tenant, World


def test_up_47_it_runs_once_there_is_credit_above_and_waits_with_figures_where_there_is_not(world: World) -> None:
    story = checked(world, 100)
    mail = provisioned(story)

    within, over = story.sold(mail, 6), story.sold(mail, 5)
    assert [requests(story, one) for one in (within, over)] == [[("create", "held")], [("create", "held")]]
    assert story.under("subscription", over.id).provisioning_status == "pending"
    settle(story)

    assert [requests(story, one) for one in (within, over)] == [[("create", "pending")], [("create", "held")]]
    assert story.under("subscription", within.id).provisioning_status == "requested"
    first, second = story.orders()
    assert (first.approval, first.reserved, second.approval, second.reserved) == ("none", 60, "waiting", None)
    found = held(story, second)
    assert found.status == "refused"
    figures = {"seller": story.above.name, "open": "0.00", "ordered": "60.00", "adds": "50.00"}
    assert {name: found.figures[name] for name in figures} == figures
    assert Decimal(found.figures["limit"]) == 100
    assert "waits for credit" in story.history(second.id)[-1]
    lines = [one.sentence for one in world.rows(story.below, "history_line", subject_id=over.order_id)]
    assert lines[-1].startswith(f"It waits for credit at {story.above.name}: with it 110.00 EUR would be owed")


def test_up_47_nothing_is_held_where_nobody_checks_and_everything_where_somebody_does(world: World) -> None:
    story = channel(world, credit_limit=0)
    mail = provisioned(story)

    at_once = story.sold(mail, 6)
    assert requests(story, at_once) == [("create", "pending")]
    settle(story)
    assert (story.orders()[0].approval, story.orders()[0].reserved) == ("none", None)
    assert world.rows(story.below, "upstream_credit") == []

    check(story.above, story.below, checked=True)
    assert requests(story, story.sold(mail, 6)) == [("create", "held")]
    settle(story)
    assert story.orders()[1].approval == "waiting", "a limit of 0 means that nothing may be owed"

    check(story.above, story.below, checked=False)
    settle(story)
    assert story.orders()[1].approval == "none", "what waited is free once nobody checks any more"
    assert requests(story, story.sold(mail, 6)) == [("create", "pending")]


def test_up_47_who_was_never_given_a_limit_waits_for_nothing_and_who_was_is_held_to_it(world: World) -> None:
    story = channel(world, credit_limit=0)
    mail = provisioned(story)
    assert requests(story, story.sold(mail, 6)) == [("create", "pending")]
    settle(story)

    limit(story, 50)
    settle(story)
    within, over = story.sold(mail, 5), story.sold(mail, 1)
    settle(story)
    assert [requests(story, one) for one in (within, over)] == [[("create", "pending")], [("create", "held")]]
    lines = story.history(story.below.account_id or story.above.id)
    assert "The check of his credit before provisioning was turned on, as he was given a credit limit" in lines

    limit(story, 0)
    settle(story)
    waits = story.sold(mail, 1)
    settle(story)
    assert requests(story, waits) == [("create", "held")], "a limit of 0 given by hand means that nothing may be owed"


def test_up_47_whom_somebody_decided_not_to_check_is_not_checked_with_a_limit_either(world: World) -> None:
    story = channel(world, credit_limit=0)
    mail = provisioned(story)
    check(story.above, story.below, checked=False)
    limit(story, 5)
    settle(story)
    assert requests(story, story.sold(mail, 6)) == [("create", "pending")]


def test_up_47_what_the_reseller_has_of_his_own_and_trials_wait_for_nobody(world: World) -> None:
    story = checked(world, 0)
    mail = provisioned(story, trial_allowed=True)
    own = world.product(story.below, provisioning_system_id=world.rows(story.below, "provisioning_system")[0].id)
    story.priced(story.below, own, 5)

    [mixed, his] = sorted(story.sell(NewItem(mail.id, "monthly", 1), NewItem(own.id, "monthly", 1)), key=_product(mail))
    tried = story.sell(NewItem(mail.id, "monthly", 1, trial=True))[0]

    assert requests(story, his) == [("create", "pending")]
    assert requests(story, tried) == [("create", "pending")]
    assert requests(story, mixed) == [("create", "held")]


def _product(first: Row) -> Any:
    return lambda one: one.product_id != first.id


def test_up_47_who_may_approve_lets_the_limit_be_exceeded_once_and_nobody_else_does(world: World) -> None:
    story = checked(world, 10)
    mail = provisioned(story)
    made = story.sold(mail, 5)
    settle(story)
    [order] = story.orders()

    seller = Actor(story.above.admin_id, "Seller", frozenset({"orders:view", "orders:edit"}), None, None, None)
    with pytest.raises(Forbidden), world.web.work(story.above.id, seller) as work:
        actions.exceed_limit(work, order.id)
    assert requests(story, made) == [("create", "held")]

    above(story, "exceed_limit", order.id, because="Always pays")
    settle(story)
    assert requests(story, made) == [("create", "pending")]
    [order] = story.orders()
    assert (order.approval, order.reserved, order.credit_figures["because"]) == ("approved", 50, "Always pays")
    assert held(story, order).status == "released"
    assert "because" not in (held(story, order).figures or {}), "who decided, and why, stays above"
    with pytest.raises(Refused) as refused:
        above(story, "exceed_limit", order.id)
    assert refused.value.rule == "UP-47"

    again = story.sold(mail, 1)
    settle(story)
    assert requests(story, again) == [("create", "held")], "it was for once"


def test_up_47_a_higher_limit_sets_free_what_fits_oldest_first_by_itself(world: World) -> None:
    story = checked(world, 10)
    mail = provisioned(story)
    old, large, small = (story.sold(mail, units) for units in (2, 9, 3))
    settle(story)
    assert [one.approval for one in story.orders()] == ["waiting", "waiting", "waiting"]

    limit(story, 60)
    settle(story)

    assert [one.approval for one in story.orders()] == ["none", "waiting", "none"]
    assert [requests(story, one)[0][1] for one in (old, large, small)] == ["pending", "held", "pending"]
    assert story.history(story.orders()[0].id)[-1] == "Order no longer waits for credit"


def test_up_47_either_side_may_have_it_looked_at_again(world: World) -> None:
    story = checked(world, 10)
    mail = provisioned(story)
    first, second = story.sold(mail, 2), story.sold(mail, 3)
    settle(story)

    # Behind the program's back, so nothing is looked at by itself.
    world.update(story.above, "account", story.below.account_id, credit_limit=20)
    below(story, "check_credit", first.order_id)
    settle(story)
    assert [requests(story, one)[0][1] for one in (first, second)] == ["pending", "held"]
    with pytest.raises(Refused, match="does not wait for credit"):
        below(story, "check_credit", first.order_id)

    below(story, "check_credit", second.order_id)
    settle(story)
    assert held(story, story.orders()[1]).status == "refused"

    world.update(story.above, "account", story.below.account_id, credit_limit=50)
    above(story, "check_credit", story.orders()[1].id)
    settle(story)
    assert requests(story, second) == [("create", "pending")]


def test_up_47_telling_it_again_reserves_nothing_twice_and_is_answered_the_same(world: World) -> None:
    story = checked(world, 100)
    mail = provisioned(story)
    story.sold(mail, 6), story.sold(mail, 5)
    told = story.told()
    settle(story)
    before = everything(world, story.above, story.below)

    story.repeat(*told)
    settle(story)
    assert everything(world, story.above, story.below) == before

    # The answer was lost: told again, it is given again, and as it was.
    for order in story.orders():
        world.update(story.below, "upstream_credit", order.id, status="asked", figures=None)
    story.repeat(*told)
    settle(story)
    assert [held(story, one).status for one in story.orders()] == ["released", "refused"]
    assert [one.reserved for one in story.orders()] == [60, None]


def test_up_47_killed_before_the_answer_was_applied_it_is_applied_afterwards(world: World) -> None:
    story = checked(world, 100)
    made = story.sold(provisioned(story), 6)
    story.drain()
    assert story.orders()[0].reserved == 60
    assert requests(story, made) == [("create", "held")], "the answer is a message that nobody has taken yet"

    with pytest.raises(RuntimeError, match="killed"):
        claim_and_die(world, story.above)

    drain(world, story.above)
    assert requests(story, made) == [("create", "pending")]


def claim_and_die(world: World, at: Tenant) -> None:
    """Take what a tenant told, and be killed before it is committed."""
    with world.worker.channel(at.id, [at.id], snapshot=True) as work:
        assert jobs.claim(work.connection, at.id, 1_000)
        message = "killed"
        raise RuntimeError(message)


def test_up_47_of_two_decisions_at_once_at_the_limit_one_gives_credit(world: World) -> None:
    story = checked(world, 60)
    mail = provisioned(story)
    first = story.sold(mail, 6)
    world.update(story.above, "account", story.below.account_id, credit_limit=0)
    settle(story)
    world.update(story.above, "account", story.below.account_id, credit_limit=60)
    second = story.sold(mail, 6)

    # Somebody gives the first one its credit while the drain decides about the second, on an older snapshot.
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        reviewing.review(work, story.below.account_id)
        with ThreadPoolExecutor(1) as pool:
            drained = pool.submit(mirror.apply, world.worker, story.below.id)
            wait_until_blocked(world, story)
            work.connection.commit()
            with pytest.raises(OperationalError):
                drained.result(timeout=20)
    settle(story)

    assert sorted(one.approval for one in story.orders()) == ["none", "waiting"]
    assert sorted(requests(story, one)[0][1] for one in (first, second)) == ["held", "pending"]


def wait_until_blocked(world: World, story: Channel) -> None:
    """Wait until the drain waits for the reseller's credit."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    until(world.web, waiting)


def test_up_47_a_gateway_collects_so_nothing_is_ever_owed(world: World) -> None:
    story = checked(world, 0)
    card = world.payment_method(story.above, name="Card", kind="gateway", gateway="Rheinpay")
    world.update(story.above, "account", story.below.account_id, payment_method_id=card.id)
    made = story.sold(provisioned(story), 5)
    settle(story)
    assert requests(story, made) == [("create", "pending")]
    assert (story.orders()[0].approval, story.orders()[0].reserved) == ("none", None)
