"""Upstream credit: what a reseller sells is provisioned once every seller above has given credit for it (UP-47)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tenantry import jobs
from tenantry.channel import mirror
from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.channel.tenant_resellers import actions as tenant_resellers
from tenantry.channel.upstream_credit import actions, reviewing
from tenantry.channel.upstream_credit.checking import tell_waiting
from tenantry.crm import actions as accounts
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden, Refused
from tenantry.sales import actions as orders
from tenantry.sales.actions import NewItem
from tests.channel.mirroring import Channel, channel, drain
from tests.channel.stories import everything
from tests.world import Row, Tenant, World


def checked(world: World, limit: int) -> Channel:
    """Begin a story in which the reseller's credit is checked."""
    story = channel(world, credit_limit=limit)
    check(story.above, story.below, checked=True)
    return story


def check(above: Tenant, below: Tenant, *, checked: bool) -> None:
    """Say above whether the reseller's credit is checked, and let him hear of it."""
    world = above.world
    with world.web.work(above.id, world.admin(above)) as work:
        tenant_resellers.edit_settings(work, below.account_id, credit_checked=checked)
    drain(world, above)


def provisioned(story: Channel, **given: Any) -> Row:
    """Give both a product that an outside system delivers; a unit costs the reseller 10."""
    system = story.world.insert(story.below, "provisioning_system", name="Mail platform", kind="manual")
    story.world.insert(story.above, "provisioning_system", id=system.id, name="Mail platform", kind="manual")
    return story.product(cost=10, provisioning_system_id=system.id, **given)


def requests(story: Channel, of: Row) -> list[tuple[str, str]]:
    """Give what is asked for of a subscription, oldest first."""
    found = story.world.rows(story.below, "service_request", subscription_id=of.id)
    return [(one.verb, one.status) for one in sorted(found, key=lambda one: (one.created_at, one.id))]


def settle(story: Channel) -> None:
    """Apply what was told below, and what was answered above, until nothing is left."""
    while story.drain() + drain(story.world, story.above):
        pass


def held(story: Channel, order: Row) -> Row:
    """Give what waits below for the credit of an order above."""
    found = story.world.row(story.below, "upstream_credit", order.id)
    assert found
    return found


def above(story: Channel, verb: str, *given: Any, **named: Any) -> Any:
    """Do something about credit as the distributor's admin."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        return getattr(actions, verb)(work, *given, **named)


def below(story: Channel, verb: str, *given: Any, **named: Any) -> Any:
    """Do something about an order as the reseller's admin."""
    room = orders if hasattr(orders, verb) else actions
    with story.world.web.work(story.below.id, story.world.admin(story.below)) as work:
        return getattr(room, verb)(work, *given, **named)


def limit(story: Channel, amount: int) -> None:
    """Give the reseller another credit limit, as a person does."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        accounts.edit(work, story.below.account_id, {"credit_limit": str(amount)})


def charge(story: Channel) -> None:
    """Charge the reseller for what he sold, as the job does."""
    charge_mirrors(story.world.worker, story.above.id)
    with story.world.web.work(story.above.id) as work:
        tell_waiting(work)


def owed(story: Channel) -> Decimal:
    """Give what the reseller was charged."""
    found = story.world.rows(story.above, "charge", bill_to_id=story.below.account_id)
    return sum((one.amount for one in found), Decimal(0))


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
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    for _ in range(2_000):
        with world.web.engine.connect() as connection:
            if connection.scalar(waiting):
                return
    message = "nobody waits"
    raise AssertionError(message)


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


def test_up_47_a_gateway_collects_so_nothing_is_ever_owed(world: World) -> None:
    story = checked(world, 0)
    card = world.payment_method(story.above, name="Card", kind="gateway", gateway="Rheinpay")
    world.update(story.above, "account", story.below.account_id, payment_method_id=card.id)
    made = story.sold(provisioned(story), 5)
    settle(story)
    assert requests(story, made) == [("create", "pending")]
    assert (story.orders()[0].approval, story.orders()[0].reserved) == ("none", None)


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
