"""What holds back a tenant reseller who is to go live: each by itself, and gone again once it is put right."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tenantry.kernel.problems import Refused
from tenantry.schema import channel
from tests.channel.going import state
from tests.channel.stories import again, codes, confirm, finding, run
from tests.world import Row, Tenant, World

KIND = "activate_back_ordering"
Story = Callable[[World, Tenant, Row, Row], Callable[[], object]]


def _copy_is_gone(world: World, reseller: Tenant, acme: Row, _: Row) -> Callable[[], object]:
    world.update(reseller, "account", acme.id, standing="own")
    return lambda: world.update(reseller, "account", acme.id, standing="received")


def _copy_is_behind(world: World, _: Tenant, __: Row, sold: Row) -> Callable[[], object]:
    world.update(world.distributor(), "subscription", sold.id, product_id=world.product().id)
    return lambda: world.update(world.distributor(), "subscription", sold.id, product_id=sold.product_id)


@pytest.mark.parametrize(
    ("happens", "code", "rule"),
    [(_copy_is_gone, "copy-gone", "DN-45"), (_copy_is_behind, "copy-behind", "DN-42")],
)
def test_dn_45_dn_42_a_copy_that_is_gone_or_fell_behind_holds_its_reseller_back(
    world: World, reseller: Tenant, mail: Row, happens: Story, code: str, rule: str
) -> None:
    acme, left = world.account(bill_to=reseller), world.account(bill_to=reseller)
    sold = world.subscription(acme, mail)
    world.transfer_accounts(acme, to=reseller)
    world.transfer_subscriptions(to=reseller)
    world.transfer_accounts(left, to=reseller)
    put_right = happens(world, reseller, acme, sold)

    plan = world.plan(to=reseller, kind=KIND)
    found = finding(plan, code)
    assert (found.severity, found.rule, found.records) == ("blocker", rule, [str(acme.id)])
    with pytest.raises(Refused):
        world.confirm(plan)
    put_right()

    again_planned = world.plan(to=reseller, kind=KIND)
    assert code not in codes(again_planned)
    world.confirm(again_planned)
    assert world.is_live(reseller)


def test_dn_45_what_was_not_copied_is_a_blocker(world: World, reseller: Tenant, mail: Row) -> None:
    world.subscription(world.account(bill_to=reseller), mail)

    plan = world.plan(to=reseller, kind=KIND)

    assert {finding(plan, code).severity for code in ("accounts-left", "subscriptions-left")} == {"blocker"}


@pytest.mark.parametrize("stands", ["suspended", "set_up"])
def test_ten_06_a_reseller_suspended_before_a_scheduled_run_does_not_go_live(
    world: World, reseller: Tenant, stands: str
) -> None:
    home, id = world.distributor(), reseller.account_id
    assert id
    plan = world.plan(to=reseller, kind=KIND)
    confirm(world, plan, when=datetime(2099, 1, 1, tzinfo=UTC))
    assert again(world, plan).status == "scheduled"
    world.update(home, channel.tenant_reseller, id, state=stands)

    done = run(world, plan)

    if stands == "set_up":
        assert (done.status, state(world, reseller)) == ("completed", "live")
    else:
        assert (done.status, state(world, reseller), world.is_live(reseller)) == ("failed", "suspended", False)
        assert "not in a state" in done.problem


@pytest.mark.parametrize("stands", ["suspended", "accounts_transferred"])
def test_ten_06_a_reseller_suspended_before_a_scheduled_run_is_given_no_subscriptions(
    world: World, reseller: Tenant, acme: Row, mail: Row, one_is_left: Row, stands: str
) -> None:
    assert one_is_left
    sold = world.subscription(acme, mail)
    plan = world.plan(to=reseller, kind="transfer_subscriptions")
    confirm(world, plan, when=datetime(2099, 1, 1, tzinfo=UTC))
    assert reseller.account_id
    world.update(world.distributor(), channel.tenant_reseller, reseller.account_id, state=stands)

    done = run(world, plan)

    is_copied = world.row(reseller, "subscription", sold.id) is not None
    if stands == "suspended":
        assert (done.status, is_copied) == ("failed", False)
        assert "not in a state" in done.problem
    else:
        assert (done.status, is_copied) == ("completed", True)
