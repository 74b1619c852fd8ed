"""Transfer Subscriptions: what holds a subscription or an asset back, and what is said of it (DN-41 to DN-44)."""

from datetime import date
from decimal import Decimal

import pytest

from tenantry.kernel.problems import Conflict, Invalid, Refused
from tenantry.rules.transfer_subscriptions import TRANSFER_SUBSCRIPTIONS
from tenantry.schema import catalog
from tests.channel.going import below, extra
from tests.channel.stories import codes, finding, outcomes, resold_product, verdicts
from tests.world import Row, Tenant, World

pytestmark = pytest.mark.usefixtures("one_is_left")


def test_dn_41_another_currency_holds_it_back_until_a_rate_is_stated(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    fine, dollars = world.subscription(acme, mail), world.subscription(acme, mail, currency="USD", unit_price=10)

    plan = world.plan(to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {fine.id: "new", dollars.id: "held"}
    found = finding(plan, "subscription-currency")
    assert (found.rule, found.severity, found.records) == ("DN-41", "blocker", [str(dollars.id)])
    assert "rate" in found.remedy


def test_dn_44_what_passes_goes_now_and_the_rest_later(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    fine, dollars = world.subscription(acme, mail), world.subscription(acme, mail, currency="USD", unit_price=10)

    first = world.transfer_subscriptions(to=reseller)
    then = world.plan(to=reseller, kind="transfer_subscriptions", rates={"USD": Decimal("0.92")})

    assert outcomes(world, first)[fine.id] == ("copied", None)
    assert outcomes(world, first)[dollars.id][0] is None
    assert verdicts(world, then) == {dollars.id: "new"}
    assert "converted" in codes(then)


def test_dn_44_it_is_converted_above_at_the_stated_rate_half_even(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    """The distributor's row gets the currency of the list; below, the reseller's own price counts as ever."""
    archive = extra(world, reseller, mail)
    home = world.distributor()
    sold = world.subscription(acme, mail, currency="USD", unit_price=Decimal("10.25"))
    part = world.insert(
        home, "subscription_add_on", subscription_id=sold.id, product_id=archive.id, quantity=1, unit_price=3
    )
    handover = world.transfer_subscriptions(to=reseller, rates={"USD": Decimal("0.5")})

    above, add_on = below(world, home, sold), below(world, home, part, "subscription_add_on")
    assert (above.currency, above.unit_price, add_on.unit_price) == ("EUR", Decimal("5.12"), Decimal("1.5"))
    assert (below(world, reseller, sold).currency, below(world, reseller, sold).unit_price) == ("EUR", 10)

    assert world.undo(handover).status == "undone"
    above, add_on = below(world, home, sold), below(world, home, part, "subscription_add_on")
    assert (above.currency, above.unit_price, add_on.unit_price) == ("USD", Decimal("10.25"), 3)
    assert above.managed_by is None


@pytest.mark.parametrize(
    "rates",
    [{"EUR": Decimal(1)}, {"USD": Decimal(0)}, {"USD": Decimal(-1)}, {"XXX-": Decimal(1)}, {"USD": Decimal("NaN")}],
)
def test_dn_44_a_rate_that_is_none_is_refused(
    world: World, reseller: Tenant, acme: Row, mail: Row, rates: dict[str, Decimal]
) -> None:
    world.subscription(acme, mail, currency="USD")
    with pytest.raises(Invalid) as problem:
        world.plan(to=reseller, kind="transfer_subscriptions", rates=rates)
    assert {fault.rule for fault in problem.value.faults} == {"DN-44"}


def test_dn_42_product_cycle_and_every_add_on_have_to_be_sold_below(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    unsold, archive = world.product(), world.product(kind="add_on")
    fine, yearly = world.subscription(acme, mail), world.subscription(acme, mail, cycle="yearly")
    missing, with_add_on = world.subscription(acme, unsold), world.subscription(acme, mail)
    world.insert(
        world.distributor(),
        "subscription_add_on",
        subscription_id=with_add_on.id,
        product_id=archive.id,
        quantity=1,
        unit_price=1,
    )
    plan = world.plan(to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {fine.id: "new", yearly.id: "held", missing.id: "held", with_add_on.id: "held"}
    assert set(finding(plan, "product-not-sold-below").records) == {str(yearly.id), str(missing.id)}
    assert finding(plan, "add-on-not-sold-below").records == [str(with_add_on.id)]
    assert finding(plan, "product-not-sold-below").rule == "DN-42"


@pytest.mark.parametrize(
    ("above", "beneath", "verdict"),
    [
        ("synchronized", "synchronized", "new"),
        ("failed", "synchronized", "new"),
        ("failed", "failed", "new"),
        (None, None, "new"),
        (None, "synchronized", "new"),
        ("synchronized", "pending", "held"),
        ("synchronized", None, "held"),
    ],
)
def test_dn_43_the_account_is_synchronized_below_or_stands_as_it_does_above(
    world: World, reseller: Tenant, above: str | None, beneath: str | None, verdict: str
) -> None:
    home = world.distributor()
    system = world.insert(home, catalog.provisioning_system, name="Cloud")
    cloud = resold_product(world, reseller, provisioning_system_id=system.id)
    acme = world.account(bill_to=reseller)
    world.transfer_accounts(acme, to=reseller)
    for at, status in ((home, above), (reseller, beneath)):
        if status:
            world.insert(at, catalog.sync_option, account_id=acme.id, system_id=system.id, status=status)
    sold = world.subscription(acme, cloud)

    plan = world.plan(to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {sold.id: verdict}
    assert ("account-not-synchronized" in codes(plan)) == (verdict == "held")


def test_dn_40_only_what_copied_accounts_have_can_go(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    other = world.account(bill_to=reseller)
    going, staying = world.subscription(acme, mail), world.subscription(other, mail)

    plan = world.plan(going, staying, to=reseller, kind="transfer_subscriptions")
    all_ = world.plan(to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {going.id: "new", staying.id: "held"}
    assert finding(plan, "account-not-copied").records == [str(staying.id)]
    assert verdicts(world, all_) == {going.id: "new"}


def test_dn_40_what_somebody_else_has_a_copy_of_stays(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    elsewhere = world.subscription(acme, mail, managed_by=world.tenant_reseller().id)
    fine = world.subscription(acme, mail)

    plan = world.plan(elsewhere, fine, to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {elsewhere.id: "held", fine.id: "new"}
    assert "managed-elsewhere" in codes(plan)


def test_dn_40_before_accounts_were_transferred_there_is_nothing_to_go(world: World, reseller: Tenant) -> None:
    with pytest.raises(Refused):
        world.plan(to=reseller, kind="transfer_subscriptions")


def test_ten_03_a_stranger_of_the_same_id_below_is_a_clash(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    sold = world.subscription(acme, mail)
    world.subscription(acme, mail, reseller, id=sold.id, bill_to_id=acme.id)

    plan = world.plan(to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {sold.id: "clash"}


def test_hnd_03_the_customer_is_claimed_for_both_kinds(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    """Two handovers never touch one customer at the same time, whatever of his they are about."""
    from tests.channel.stories import confirm  # noqa: PLC0415 - the story's own word shadows the world's

    one, other = world.subscription(acme, mail), world.subscription(acme, mail)
    first = world.plan(one, to=reseller, kind="transfer_subscriptions")
    second = world.plan(other, to=reseller, kind="transfer_subscriptions")
    confirm(world, first)

    with pytest.raises(Conflict):
        confirm(world, second)
    later = world.plan(other, to=reseller, kind="transfer_subscriptions")
    assert finding(later, "being-handed-over").records == [str(other.id)]


def test_dn_40_planned_changes_are_warned_of(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    sold = world.subscription(acme, mail)
    world.insert(
        world.distributor(),
        "subscription_change",
        subscription_id=sold.id,
        account_id=acme.id,
        number=1,
        kind="quantity",
        status="scheduled",
        effective_on=date(2027, 1, 1),
        after={"quantity": 2},
    )
    plan = world.plan(to=reseller, kind="transfer_subscriptions")

    assert finding(plan, "changes-planned").severity == "warning"
    assert verdicts(world, plan) == {sold.id: "new"}


def test_hnd_01_every_check_of_it_has_a_way_out() -> None:
    checks = (*TRANSFER_SUBSCRIPTIONS.candidates, *TRANSFER_SUBSCRIPTIONS.checks, *TRANSFER_SUBSCRIPTIONS.obstacles)
    assert all(one.remedy.endswith(".") and one.says.endswith(".") for one in checks)
