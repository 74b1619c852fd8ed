"""Activate Back Ordering: a tenant reseller goes live, at once, and back (DN-45, DN-46)."""

from datetime import date, timedelta

import pytest

from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Account, Subscription
from tests.channel.going import activation, standings, state
from tests.channel.stories import (
    again,
    codes,
    finding,
    history,
    verdicts,
)
from tests.world import Row, Tenant, World

LONG_AGO = date(2026, 1, 1)


def test_dn_45_it_goes_live_by_itself_once_nothing_is_left(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    one, other = world.subscription(acme, mail), world.subscription(acme, mail, currency="USD")
    world.transfer_subscriptions(one, to=reseller)
    assert (state(world, reseller), world.is_live(reseller)) == ("accounts_transferred", False)
    world.update(world.distributor(), "subscription", other.id, currency="EUR")

    world.transfer_subscriptions(to=reseller)

    home = world.distributor()
    assert (state(world, reseller), world.is_live(reseller)) == ("live", True)
    assert standings(world, home, "account", acme) == [("mirrored", reseller.id)]
    assert standings(world, home, "subscription", one, other) == [("mirrored", reseller.id)] * 2
    assert standings(world, reseller, "account", acme) == [("received", None)]
    assert standings(world, reseller, "subscription", one, other) == [("own", None)] * 2
    made = activation(world, reseller)
    assert (made.status, made.confirmed_by, made.reason) == (
        "completed",
        home.admin_id,
        "Nothing was left to be transferred.",
    )


def test_dn_45_as_long_as_an_account_is_left_it_does_not_go_live_by_itself(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    world.account(bill_to=reseller)
    world.subscription(acme, mail)

    world.transfer_subscriptions(to=reseller)

    assert state(world, reseller) == "accounts_transferred"


def test_dn_45_the_row_above_keeps_its_id_and_price_and_becomes_the_mirror(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    sold = world.subscription(acme, mail, unit_price=3)

    world.go_live(reseller)

    above, copy = world.row(world.distributor(), "subscription", sold.id), world.row(reseller, "subscription", sold.id)
    assert above
    assert copy
    assert (above.unit_price, above.standing, copy.unit_price) == (3, "mirrored", 10)


def test_dn_45_every_subscription_that_lasts_has_to_be_copied_first(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    world.subscription(acme, mail, status="cancelled")
    lasting = world.subscription(acme, mail, currency="USD")

    plan = world.plan(to=reseller, kind="activate_back_ordering")
    with pytest.raises(Refused) as refused:
        world.confirm(plan)

    assert refused.value.verdict.rule == "DN-45"
    assert finding(plan, "has-subscriptions-left").records == [str(acme.id)]
    world.update(world.distributor(), "subscription", lasting.id, status="expired")
    world.go_live(reseller)
    assert state(world, reseller) == "live"


def test_dn_45_accounts_without_subscriptions_that_are_left_are_copied_first(
    world: World, reseller: Tenant, acme: Row
) -> None:
    """Their transfer is what is planned and confirmed; going live follows it by itself, each with its own record."""
    left, closed = world.account(bill_to=reseller), world.account(bill_to=reseller, status="closed")

    plan = world.plan(to=reseller, kind="activate_back_ordering")
    assert (plan.kind, verdicts(world, plan)) == ("transfer_accounts", {left.id: "new"})
    world.confirm(plan)

    home = world.distributor()
    assert state(world, reseller) == "live"
    assert standings(world, home, "account", acme, left, closed) == [("mirrored", reseller.id)] * 2 + [("own", None)]
    assert world.row(reseller, "account", left.id)
    assert verdicts(world, activation(world, reseller)) == {acme.id: "live", left.id: "live"}


def test_dn_45_what_is_left_of_accounts_that_were_not_copied_stops_it_too(
    world: World, reseller: Tenant, mail: Row
) -> None:
    left = world.account(bill_to=reseller)
    world.subscription(left, mail)

    plan = world.plan(to=reseller, kind="activate_back_ordering")

    assert {"subscriptions-left", "accounts-left"} <= codes(plan)
    with pytest.raises(Refused):
        world.confirm(plan)


def test_ten_06_one_without_customers_goes_straight_from_set_up_to_live(world: World, reseller: Tenant) -> None:
    assert state(world, reseller) == "set_up"

    world.go_live(reseller)

    assert (state(world, reseller), activation(world, reseller).status) == ("live", "completed")
    with pytest.raises(Refused) as refused:
        world.plan(to=reseller, kind="activate_back_ordering")
    assert refused.value.verdict.why == "Back ordering is active already."


def test_dn_31_no_longer_holds_once_he_is_live(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    sold = world.subscription(acme, mail)
    world.account(bill_to=reseller)
    world.transfer_subscriptions(to=reseller)

    def may(live: bool) -> tuple[bool, bool, bool]:  # noqa: FBT001 - the one question
        account, copy = world.row(reseller, "account", acme.id), world.row(reseller, "subscription", sold.id)
        assert account
        assert copy
        kept = Row(**{**vars(copy), "standing": "received", "account_active": True, "price_open": True})
        order = Account.verdict("create_order", account, live=live)
        above = world.row(world.distributor(), "account", acme.id)
        assert above
        return (
            bool(order),
            bool(Subscription.verdict("change_quantity", kept, live=live)),
            bool(Account.verdict("buy", above)),
        )

    assert may(live=world.is_live(reseller)) == (False, False, True)
    world.go_live(reseller)
    assert may(live=world.is_live(reseller)) == (True, True, False)


def test_dn_45_history_says_so_above_and_of_the_tenant_reseller(world: World, reseller: Tenant, acme: Row) -> None:
    world.go_live(reseller)

    home = world.distributor()
    assert history(world, home, acme.id)[-1].sentence == (
        f"{reseller.name} Tenant Reseller went live and sells to this account in his own tenant"
    )
    assert reseller.account_id
    assert history(world, home, reseller.account_id)[-1].sentence == (
        "Back ordering was activated: the tenant reseller is live"
    )


def test_dn_40_charges_that_are_due_above_have_to_be_made_before(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    """So nothing is charged below for the past."""
    other = world.account(bill_to=reseller)
    sold = world.subscription(acme, mail, paid_from=LONG_AGO, charged_until=date(2026, 2, 1))
    world.transfer_subscriptions(to=reseller)
    world.transfer_accounts(other, to=reseller)

    plan = world.plan(to=reseller, kind="activate_back_ordering")
    assert finding(plan, "charges-due").records == [str(acme.id)]
    with pytest.raises(Refused):
        world.confirm(plan)

    world.update(world.distributor(), "subscription", sold.id, charged_until=date.today() + timedelta(days=9))  # noqa: DTZ011
    world.go_live(reseller)
    copy = world.row(reseller, "subscription", sold.id)
    assert copy
    assert copy.charged_until == date.today() + timedelta(days=9)  # noqa: DTZ011 - nobody has told the copy by a message


def test_dn_45_it_happens_as_a_whole_or_not(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    """A subscription that comes between confirming and running leaves everything as it is."""
    from tenantry.channel.handovers import actions, running  # noqa: PLC0415 - only here by hand

    home = world.distributor()
    plan = world.plan(to=reseller, kind="activate_back_ordering")
    with world.web.work(home.id, world.admin(home)) as work:
        actions.confirm(work, plan.id, plan.digest)
    world.subscription(acme, mail)
    running.run(world.worker, home.id, plan.id)

    after = again(world, plan)
    assert after.status == "failed"
    assert "Transfer Subscriptions first" in after.problem
    assert (state(world, reseller), standings(world, home, "account", acme)) == (
        "accounts_transferred",
        [("handed_down", reseller.id)],
    )


def test_hnd_09_an_account_that_changed_since_leaves_everything_as_it_is(
    world: World, reseller: Tenant, acme: Row
) -> None:
    from tenantry.channel.handovers import actions, running  # noqa: PLC0415 - only here by hand

    home, other = world.distributor(), world.account(bill_to=reseller)
    world.transfer_accounts(other, to=reseller)
    plan = world.plan(to=reseller, kind="activate_back_ordering")
    with world.web.work(home.id, world.admin(home)) as work:
        actions.confirm(work, plan.id, plan.digest)
    world.update(home, "account", other.id, standing="own", managed_by=None)
    running.run(world.worker, home.id, plan.id)

    assert again(world, plan).status == "failed"
    assert standings(world, home, "account", acme) == [("handed_down", reseller.id)]
    assert not world.is_live(reseller)


def test_ten_06_only_what_is_set_up_can_go_live(world: World) -> None:
    for one in ("creating", "suspended", "closed"):
        reseller = world.tenant_reseller(one)
        with pytest.raises(Refused):
            world.plan(to=reseller, kind="activate_back_ordering")
