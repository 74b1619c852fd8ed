"""Activate Back Ordering: a tenant reseller goes live, at once, and back (DN-45, DN-46)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.kernel.problems import Conflict, Refused
from tenantry.rules.policy import Account, Subscription
from tenantry.schema import channel, message
from tests.channel.stories import (
    again,
    codes,
    everything,
    finding,
    history,
    obstacles,
    outcomes,
    resold_product,
    tenant_row,
    verdicts,
)
from tests.world import Row, Tenant, World

LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def reseller(world: World) -> Tenant:
    return world.tenant_reseller()


@pytest.fixture
def mail(world: World, reseller: Tenant) -> Row:
    return resold_product(world, reseller)


@pytest.fixture
def acme(world: World, reseller: Tenant) -> Row:
    account = world.account(bill_to=reseller)
    world.transfer_accounts(account, to=reseller)
    return account


def state(world: World, reseller: Tenant) -> str:
    [found] = world.rows(world.distributor(), channel.tenant_reseller, id=reseller.account_id)
    value: str = found.state
    return value


def standings(world: World, at: Tenant, table: str, *rows: Row) -> list[tuple[str, Any]]:
    found = [world.row(at, table, one.id) for one in rows]
    return [(one.standing, one.managed_by) for one in found if one]


def activation(world: World, reseller: Tenant) -> Row:
    """Give the last handover that made him live."""
    done = world.rows(world.distributor(), channel.handover, tenant_reseller_id=reseller.account_id)
    return [one for one in done if one.kind == "activate_back_ordering"][-1]


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


def test_dn_46_undone_everything_is_as_before(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    live = activation(world, reseller)
    world.undo(live)
    ignored = {"version", "handover", "handover_record", "history_line", "audit_line", "tenant_reseller", "message"}

    def seen() -> dict[str, Any]:
        found = everything(world, world.distributor(), reseller)
        return {
            table: [{name: value for name, value in row.items() if name not in ignored} for row in rows]
            for table, rows in found.items()
            if table not in ignored | {"counter"}
        }

    before = seen()
    world.go_live(reseller)
    assert seen() != before
    assert world.undo(activation(world, reseller)).status == "undone"

    assert seen() == before
    assert (state(world, reseller), tenant_row(world, reseller).live_at) == ("accounts_transferred", None)
    assert reseller.account_id
    assert history(world, world.distributor(), reseller.account_id)[-1].sentence == (
        "Going live was undone: back ordering is disabled"
    )


def test_dn_46_one_without_customers_goes_back_to_set_up(world: World, reseller: Tenant) -> None:
    world.go_live(reseller)

    assert world.undo(activation(world, reseller)).status == "undone"

    assert (state(world, reseller), world.is_live(reseller)) == ("set_up", False)


def test_dn_46_it_is_undone_as_a_whole(world: World, reseller: Tenant, acme: Row) -> None:
    world.go_live(reseller)

    with pytest.raises(Conflict) as conflict:
        world.undo(activation(world, reseller), acme)

    assert conflict.value.code == "only-whole"


def _wait_on_the_way_up(world: World, reseller: Tenant, acme: Row, _: Row) -> None:
    with world.web.work(reseller.id) as work:
        jobs.tell(work.connection, reseller.id, "subscription", acme.id, account_id=acme.id)


def _set_aside(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    _wait_on_the_way_up(world, reseller, acme, mail)
    with world.worker.channel(reseller.id, [reseller.id]) as work:
        jobs.set_aside(work.connection, jobs.claim(work.connection, reseller.id, 10), "test")


def _come_up(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    world.subscription(acme, mail, standing="mirrored", managed_by=reseller.id)


def _raise_a_back_order(world: World, reseller: Tenant, acme: Row, _: Row) -> None:
    world.order(acme, standing="back_order", managed_by=reseller.id)


def _change_below(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    [copy] = world.rows(reseller, "subscription", account_id=acme.id, product_id=mail.id)
    world.insert(
        reseller,
        "subscription_change",
        subscription_id=copy.id,
        account_id=acme.id,
        number=1,
        kind="quantity",
        effective_on=LONG_AGO,
        after={"quantity": 2},
        done_at=datetime.now(UTC),
    )


def _charge_below(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    world.insert(
        reseller,
        "charge",
        account_id=acme.id,
        bill_to_id=acme.id,
        product_id=mail.id,
        kind="cycle",
        quantity=1,
        unit_price=1,
        amount=1,
        currency="EUR",
        due_on=LONG_AGO,
    )


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (_wait_on_the_way_up, "messages-waiting"),
        (_set_aside, "messages-waiting"),
        (_come_up, "mirrored-since"),
        (_raise_a_back_order, "mirrored-since"),
        (_change_below, "changed-since"),
        (_charge_below, "charged-since"),
    ],
)
def test_dn_46_what_was_mirrored_up_since_stands_in_the_way(
    world: World, reseller: Tenant, acme: Row, mail: Row, happens: Any, code: str
) -> None:
    """Refused with what it is; without it, from the same set-up, nothing stands in the way."""
    world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    live = activation(world, reseller)
    assert obstacles(world, live) == {}
    happens(world, reseller, acme, mail)

    assert set(obstacles(world, live)) == {code}
    with pytest.raises(Refused) as refused:
        world.undo(live)
    assert refused.value.verdict.rule == "DN-46"
    assert world.is_live(reseller)


def test_dn_46_business_with_his_own_products_stands_in_nobodys_way(world: World, reseller: Tenant, acme: Row) -> None:
    world.go_live(reseller)
    own = world.product(reseller)
    sold = world.subscription(acme, own, reseller, bill_to_id=acme.id)
    _change_below(world, reseller, acme, own)
    _charge_below(world, reseller, acme, own)
    with world.web.work(reseller.id) as work:
        jobs.tell(work.connection, reseller.id, "account", acme.id)
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(message.message))

    assert obstacles(world, activation(world, reseller)) == {}
    assert world.row(reseller, "subscription", sold.id)


def test_dn_46_what_comes_between_asking_and_undoing_stops_it_too(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    from tenantry.channel.handovers import actions, reversal  # noqa: PLC0415 - only here by hand

    world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    live, home = activation(world, reseller), world.distributor()
    with world.web.work(home.id, world.admin(home)) as work:
        actions.reverse(work, live.id)
    _charge_below(world, reseller, acme, mail)
    reversal.run(world.worker, home.id, live.id)

    assert again(world, live).status == "completed_with_failures"
    assert outcomes(world, live) == {acme.id: ("kept", "charged-since")}
    assert (world.is_live(reseller), state(world, reseller)) == (True, "live")
    assert standings(world, home, "account", acme) == [("mirrored", reseller.id)]


def test_ten_06_only_what_is_set_up_can_go_live(world: World) -> None:
    for one in ("creating", "suspended", "closed"):
        reseller = world.tenant_reseller(one)
        with pytest.raises(Refused):
            world.plan(to=reseller, kind="activate_back_ordering")
