"""Choosing who goes (DN-01 to DN-03)."""

from uuid import UUID

import pytest

from tenantry.channel.handovers import actions
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid, NotFound, Refused
from tenantry.schema import channel, crm
from tests.channel.stories import account_of, codes, confirm, finding, run, verdicts
from tests.world import Row, Tenant, World


def plan(world: World, kind: str, reseller_id: UUID, accounts: list[UUID]) -> UUID:
    home = world.distributor()
    with world.web.work(home.id, world.admin(home)) as work:
        return actions.plan(work, kind, reseller_id, accounts)


def test_dn_01_transfer_accounts_is_one_of_the_handovers_and_starts_from_the_tenant_reseller(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    assert reseller.account_id

    planned = plan(world, "transfer_accounts", reseller.account_id, [acme.id])

    row = world.row(world.distributor(), channel.handover, planned)
    assert row
    assert (row.kind, row.status, row.taker_id) == ("transfer_accounts", "planned", reseller.id)
    with pytest.raises(Invalid) as unknown:
        plan(world, "transfer_everything", reseller.account_id, [acme.id])
    assert unknown.value.faults[0].field == "kind"
    with pytest.raises(NotFound):
        plan(world, "transfer_accounts", world.account().id, [acme.id])


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_ten_07_a_plan_from_before_is_not_confirmed_and_stays_as_it_is(world: World, state: str) -> None:
    reseller = world.tenant_reseller()
    early = world.plan(world.account(bill_to=reseller), to=reseller)
    assert reseller.account_id
    world.update(world.distributor(), channel.tenant_reseller, reseller.account_id, state=state)

    with pytest.raises(Refused) as refused:
        confirm(world, early)

    assert refused.value.rule == "TEN-07"
    world.update(world.distributor(), channel.tenant_reseller, reseller.account_id, state="set_up")
    assert world.confirm(early).status == "completed"


@pytest.mark.parametrize("state", ["creating", "live"])
def test_ten_06_only_a_reseller_that_is_set_up_and_not_live_is_given_accounts(world: World, state: str) -> None:
    """Each state says who may sell to his customers."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    early = world.plan(acme, to=reseller)
    assert reseller.account_id
    world.update(world.distributor(), channel.tenant_reseller, reseller.account_id, state=state)

    with pytest.raises(Refused) as refused:
        world.plan(acme, to=reseller)
    assert refused.value.rule == "TEN-06"
    with pytest.raises(actions.Replanned):
        confirm(world, early)
    again = world.row(world.distributor(), channel.handover, early.id)
    assert again
    found = finding(again, "reseller-not-ready")
    assert (found.severity, found.rule) == ("blocker", "TEN-06")
    with pytest.raises(Refused):
        confirm(world, again)

    for ready in ("set_up", "accounts_transferred"):
        world.update(world.distributor(), channel.tenant_reseller, reseller.account_id, state=ready)
        assert "reseller-not-ready" not in codes(world.plan(acme, to=reseller))


def test_ten_06_the_first_transfer_makes_a_set_up_reseller_one_with_accounts(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    assert reseller.account_id
    acme, late = world.account(bill_to=reseller), world.account(bill_to=reseller)
    world.contact(late)
    nothing = world.plan(late, to=reseller)
    confirm(world, nothing)
    world.update(home, crm.account, late.id, name="Changed meanwhile")
    run(world, nothing)
    before = world.row(home, channel.tenant_reseller, reseller.account_id)
    world.transfer_accounts(acme, to=reseller)

    after = world.row(home, channel.tenant_reseller, reseller.account_id)
    assert before
    assert after
    assert (before.state, after.state) == ("set_up", "accounts_transferred")


CANNOT_GO = {
    "is-the-reseller": lambda world, reseller: Row(id=reseller.account_id),
    "managed-elsewhere": lambda world, reseller: world.account(
        bill_to=reseller, standing="mirrored", managed_by=world.tenant_reseller().id
    ),
    "bill-to-another": lambda world, reseller: world.account(parent_id=reseller.account_id),
    "reseller-with-customers": lambda world, reseller: with_customer(
        world, world.account(bill_to=reseller, reselling_enabled=True)
    ),
    "closed": lambda world, reseller: world.account(bill_to=reseller, status="closed"),
    "closed, as it was transferred out": lambda world, reseller: world.account(
        bill_to=reseller, status="transferred_out"
    ),
}


def with_customer(world: World, lite: Row) -> Row:
    world.account(bill_to=lite)
    return lite


@pytest.mark.parametrize("why", CANNOT_GO)
def test_dn_02_who_cannot_go_is_held_back_with_the_reason_and_the_rest_goes(world: World, why: str) -> None:
    reseller = world.tenant_reseller()
    code = why.partition(",")[0]
    stays, goes = CANNOT_GO[why](world, reseller), world.account(bill_to=reseller)

    handover = world.plan(stays, goes, to=reseller)

    assert verdicts(world, handover) == {stays.id: "held", goes.id: "new"}
    found = finding(handover, code)
    assert (found.rule, found.severity, found.records) == ("DN-02", "blocker", [str(stays.id)])
    assert found.remedy
    done = world.confirm(handover)
    assert done.status == "completed"
    assert done.counts["copied"] == 1
    assert world.row(reseller, crm.account, stays.id) is None
    assert account_of(world, reseller, goes.id).standing == "received"


def test_dn_02_already_copied_ones_say_so(world: World) -> None:
    """A lite reseller without customers may go; one that was copied may not go again."""
    reseller = world.tenant_reseller()
    lite, other = world.account(bill_to=reseller, reselling_enabled=True), world.account(bill_to=reseller)
    world.transfer_accounts(lite, to=reseller)

    handover = world.plan(lite, other, to=reseller)

    assert verdicts(world, handover) == {lite.id: "held", other.id: "new"}
    assert finding(handover, "already-copied").rule == "DN-02"
    assert "managed-elsewhere" not in codes(handover)


def test_dn_02_all_means_those_who_can_go(world: World) -> None:
    reseller, other = world.tenant_reseller(), world.tenant_reseller()
    fits, late = world.account(bill_to=reseller), world.account(bill_to=reseller)
    for left_out in ({"status": "closed"}, {"status": "deleted"}, {"bill_to": other}):
        world.account(**{"bill_to": reseller, **left_out})

    assert set(verdicts(world, world.plan(to=reseller))) == {fits.id, late.id}


def test_dn_03_some_or_all_are_chosen_and_copied_ones_drop_out(world: World) -> None:
    """Repeatable: each goes once."""
    reseller = world.tenant_reseller()
    first, second, third = (world.account(bill_to=reseller) for _ in range(3))

    world.transfer_accounts(first, to=reseller)
    rest = world.plan(to=reseller)
    world.confirm(rest)

    assert set(verdicts(world, rest)) == {second.id, third.id}
    assert {row.id for row in world.rows(reseller, crm.account)} == {first.id, second.id, third.id}
    nobody_left = world.plan(to=reseller)
    assert verdicts(world, nobody_left) == {}


def test_dn_03_nothing_chosen_and_ids_from_elsewhere_are_named_one_by_one(world: World) -> None:
    """An unknown id, another tenant's and nonsense of a list look the same."""
    reseller, stranger = world.tenant_reseller(), world.tenant("distributor")
    theirs = world.account(stranger)
    mine, unknown = world.account(bill_to=reseller), new_id()
    assert reseller.account_id

    with pytest.raises(Invalid) as nothing:
        plan(world, "transfer_accounts", reseller.account_id, [])
    with pytest.raises(Invalid) as strange:
        plan(world, "transfer_accounts", reseller.account_id, [mine.id, unknown, theirs.id])

    assert nothing.value.rule == "DN-03"
    assert [fault.field for fault in strange.value.faults] == ["accounts[1]", "accounts[2]"]
    said = {
        fault.message.replace(str(id_), "ID")
        for fault, id_ in zip(strange.value.faults, (unknown, theirs.id), strict=True)
    }
    assert len(said) == 1
    assert handovers_of(world, world.distributor()) == []


def test_dn_03_an_account_named_twice_goes_once(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    assert reseller.account_id

    planned = plan(world, "transfer_accounts", reseller.account_id, [acme.id, acme.id])

    row = world.row(world.distributor(), channel.handover, planned)
    assert row
    assert row.total == 1
    assert world.confirm(row).counts["copied"] == 1


def handovers_of(world: World, at: Tenant) -> list[Row]:
    return world.rows(at, channel.handover)
