"""Undo of Transfer Accounts, account by account, and each thing that stands in its way (DN-34, HND-05)."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tenantry.channel.handovers import actions, running
from tenantry.crm import history as history_of
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Invalid, Refused
from tenantry.schema import catalog, channel, crm, sales, tenant as t
from tests.channel.stories import (
    account_of,
    again,
    everything,
    full_account,
    history,
    moved_out,
    obstacles,
    outcomes,
    resold_product,
    reverse,
    tenant_row,
)
from tests.channel.test_wake import without
from tests.world import Row, Tenant, World


def transferred(world: World, reseller: Tenant, *accounts: Row) -> Row:
    handover = world.plan(*accounts, to=reseller)
    world.confirm(handover)
    return handover


def furnished(world: World, reseller: Tenant) -> Row:
    """Make a customer with something in every table that a transfer touches."""
    acme = full_account(world, reseller)
    world.address(acme, position=1)
    world.address(acme, position=2, is_billing=True)
    world.contact(acme)
    world.order(acme)
    return acme


def test_dn_34_copies_go_marks_and_ribbons_are_lifted_and_history_stays(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(name="Aegean Cloud")
    acme = furnished(world, reseller)
    before = everything(world, home, reseller)
    handover = transferred(world, reseller, acme)
    assert len(world.rows(reseller, crm.address)) == 2

    undone = world.undo(handover)

    after = everything(world, home, reseller)
    kept = ("handover", "handover_record", "handover_before", "tenant_reseller", "activity")
    assert {table: rows for table, rows in without(after, "version").items() if table not in kept} == {
        table: rows for table, rows in without(before, "version").items() if table not in kept
    }
    assert (undone.status, undone.counts) == ("undone", {"new": 1, "undone": 1})
    assert [line.sentence for line in history(world, home, acme.id)] == [
        "Account was transferred to Aegean Cloud Tenant Reseller",
        "Transfer to Aegean Cloud Tenant Reseller was undone",
    ]
    assert len(history(world, reseller, acme.id)) == 1
    assert reseller.account_id
    state = world.row(home, channel.tenant_reseller, reseller.account_id)
    assert state
    assert state.state == "set_up"


def test_dn_34_undone_accounts_can_be_transferred_again(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = furnished(world, reseller)
    first = transferred(world, reseller, acme)
    world.undo(first)

    second = transferred(world, reseller, acme)

    assert account_of(world, reseller, acme.id).standing == "received"
    with pytest.raises(Conflict):
        reverse(world, first)
    assert account_of(world, reseller, acme.id).standing == "received"
    assert world.undo(second).status == "undone"


def edit_account(world: World, reseller: Tenant, acme: Row) -> None:
    world.update(reseller, crm.account, acme.id, credit_limit=5, version=2)


def write_history(world: World, reseller: Tenant, acme: Row) -> None:
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        history_of.write(work, "account", acme.id, "Told about prices")


def edit_contact(world: World, reseller: Tenant, acme: Row) -> None:
    (contact,) = world.rows(reseller, crm.contact, account_id=acme.id)
    world.update(reseller, crm.contact, contact.id, phone="1", version=2)


def edit_address(world: World, reseller: Tenant, acme: Row) -> None:
    address = world.rows(reseller, crm.address, account_id=acme.id)[0]
    world.update(reseller, crm.address, address.id, phone="1", version=2)


def edit_tie(world: World, reseller: Tenant, acme: Row) -> None:
    system = world.insert(reseller, catalog.provisioning_system, name="Own")
    world.insert(reseller, catalog.sync_option, account_id=acme.id, system_id=system.id)


def add_activity(world: World, reseller: Tenant, acme: Row) -> None:
    access = {"responsible_user_id": reseller.admin_id, "permission_rule_id": reseller.rule_id}
    world.insert(reseller, crm.activity, kind="task", account_id=acme.id, about="account", about_id=acme.id, **access)


OBSTACLES: dict[str, tuple[str, Callable[[World, Tenant, Row], object]]] = {
    "an edited account": ("copy-changed", edit_account),
    "a line in its history": ("copy-changed", write_history),
    "an edited contact": ("contacts-changed", edit_contact),
    "an added contact": ("contacts-changed", lambda world, reseller, acme: world.contact(acme, reseller)),
    "an edited address": ("contacts-changed", edit_address),
    "an added address": ("contacts-changed", lambda world, reseller, acme: world.address(acme, reseller)),
    "a new tie": ("contacts-changed", edit_tie),
    "an order": ("business-done", lambda world, reseller, acme: world.order(acme, reseller, bill_to_id=acme.id)),
    "a subscription": (
        "business-done",
        lambda world, reseller, acme: world.subscription(acme, world.product(reseller), reseller, bill_to_id=acme.id),
    ),
    "an activity": ("business-done", add_activity),
    "moving on": (
        "copy-gone",
        lambda world, reseller, acme: world.update(reseller, crm.account, acme.id, standing="moved_out"),
    ),
}


@pytest.mark.parametrize("what", OBSTACLES)
def test_dn_34_what_stands_in_the_way_is_listed_and_keeps_that_account_only(world: World, what: str) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, free = furnished(world, reseller), furnished(world, reseller)
    handover = transferred(world, reseller, acme, free)
    assert obstacles(world, handover) == {}
    code, do = OBSTACLES[what]

    do(world, reseller, acme)

    found = obstacles(world, handover)
    assert found.keys() == {code}
    assert (found[code].rule, found[code].severity, found[code].records) == ("DN-34", "blocker", (str(acme.id),))
    assert found[code].remedy
    undone = world.undo(handover)
    assert undone.status == "completed_with_failures"
    assert outcomes(world, handover) == {acme.id: ("kept", code), free.id: ("undone", None)}
    assert world.row(reseller, crm.account, free.id) is None
    assert account_of(world, reseller, acme.id)
    assert account_of(world, home, acme.id).standing == "handed_down"
    assert {row.standing for row in world.rows(home, sales.order, account_id=acme.id)} == {"marked"}
    assert account_of(world, home, free.id).standing == "own"


def test_dn_34_what_the_giver_deletes_of_his_own_is_not_the_resellers_doing(world: World) -> None:
    """His contact, address or tie above; one that the reseller makes below is the reseller's."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, other = furnished(world, reseller), furnished(world, reseller)
    system = world.insert(home, catalog.provisioning_system, name="Cloud").id
    resold_product(world, reseller, provisioning_system_id=system)
    world.insert(home, catalog.sync_option, account_id=acme.id, system_id=system)
    handover = transferred(world, reseller, acme, other)
    assert len(world.rows(reseller, catalog.sync_option)) == 1

    with world.web.work(home.id) as work:
        for table in (crm.contact, crm.address, catalog.sync_option):
            work.connection.execute(table.delete().where(table.c.tenant_id == home.id, table.c.account_id == acme.id))

    assert obstacles(world, handover) == {}
    world.contact(other, reseller)
    assert obstacles(world, handover)["contacts-changed"].records == (str(other.id),)
    assert world.undo(handover).counts == {"new": 2, "undone": 1, "kept": 1}
    assert world.rows(reseller, crm.contact, account_id=acme.id) == []


def test_dn_34_once_the_obstacle_is_gone_what_was_kept_can_go_too(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = furnished(world, reseller)
    handover = transferred(world, reseller, acme)
    added = world.contact(acme, reseller)
    assert world.undo(handover).status == "completed_with_failures"
    with world.web.work(reseller.id) as work:
        work.connection.execute(
            crm.contact.delete().where(crm.contact.c.id == added.id, crm.contact.c.tenant_id == reseller.id)
        )

    assert world.undo(handover).status == "undone"
    assert world.row(reseller, crm.account, acme.id) is None


def test_dn_34_a_live_reseller_keeps_everything(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = furnished(world, reseller)
    handover = transferred(world, reseller, acme)
    world.update(reseller, t.tenant, reseller.id, live_at=sa.func.now())

    found = obstacles(world, handover)
    with pytest.raises(Refused) as refused:
        world.undo(handover)

    assert found.keys() == {"reseller-live"}
    assert (found["reseller-live"].rule, found["reseller-live"].severity) == ("DN-34", "blocker")
    assert (refused.value.rule, bool(refused.value.remedy)) == ("DN-34", True)
    assert again(world, handover).status == "completed"
    assert account_of(world, reseller, acme.id)
    world.update(reseller, t.tenant, reseller.id, live_at=None)
    assert world.undo(handover).status == "undone"


def test_dn_34_going_live_while_an_undo_waits_keeps_what_is_left(world: World) -> None:
    """The undo looks again in the transaction that takes back."""
    from tenantry.channel.handovers import reversal  # noqa: PLC0415 - the worker's half of it

    home, reseller = world.distributor(), world.tenant_reseller()
    acme = furnished(world, reseller)
    handover = transferred(world, reseller, acme)
    with world.web.work(home.id, world.admin(home)) as work:
        actions.reverse(work, handover.id)
    world.update(reseller, t.tenant, reseller.id, live_at=sa.func.now())

    reversal.run(world.worker, home.id, handover.id)

    assert outcomes(world, handover) == {acme.id: ("kept", "reseller-live")}
    assert account_of(world, reseller, acme.id)
    assert tenant_row(world, reseller).live_at


def test_dn_34_one_account_of_many_goes_back(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, stays = furnished(world, reseller), furnished(world, reseller)
    handover = transferred(world, reseller, acme, stays)

    partly = reverse(world, handover, acme.id)

    assert partly.counts == {"new": 2, "copied": 1, "undone": 1}
    assert world.row(reseller, crm.account, acme.id) is None
    assert account_of(world, home, stays.id).standing == "handed_down"
    assert reseller.account_id
    state = world.row(home, channel.tenant_reseller, reseller.account_id)
    assert state
    assert state.state == "accounts_transferred"
    assert reverse(world, handover).status == "undone"


def test_hnd_05_only_what_ran_is_undone_and_only_once(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = furnished(world, reseller)
    planned = world.plan(acme, to=reseller)
    with pytest.raises(Conflict) as early:
        reverse(world, planned)
    world.confirm(planned)
    assert account_of(world, home, acme.id).standing == "handed_down"
    world.undo(planned)

    with pytest.raises(Conflict) as late:
        reverse(world, planned)

    assert [one.value.code for one in (early, late)] == ["not-undoable", "not-undoable"]
    assert all(one.value.rule == "HND-05" for one in (early, late))


def test_hnd_05_accounts_that_the_handover_does_not_have_are_named_and_nothing_is_undone(world: World) -> None:
    """Unknown ones, ones of another handover, and another tenant's look the same; without them it is undone."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, kept = (world.account(bill_to=reseller) for _ in range(2))
    handover, theirs = transferred(world, reseller, acme, kept), world.account(at=world.tenant())
    others = [new_id(), theirs.id, transferred(world, reseller, world.account(bill_to=reseller)).id]

    with pytest.raises(Invalid) as refused:
        reverse(world, handover, acme.id, *others)

    assert [fault.field for fault in refused.value.faults] == ["accounts[1]", "accounts[2]", "accounts[3]"]
    assert all(str(id_) in fault.message for id_, fault in zip(others, refused.value.faults, strict=True))
    assert {account_of(world, home, one.id).standing for one in (acme, kept)} == {"handed_down"}
    assert reverse(world, handover, acme.id).status == "completed_with_failures"
    assert account_of(world, home, acme.id).standing == "own"
    with pytest.raises(Conflict) as nothing:
        reverse(world, handover, acme.id)
    assert nothing.value.code == "nothing-to-undo"
    assert account_of(world, home, kept.id).standing == "handed_down"


def test_hnd_05_an_undo_in_chunks_goes_on_after_the_last_committed_one(world: World) -> None:
    from tenantry.channel.handovers import reversal  # noqa: PLC0415 - the worker's half of it

    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(5)]
    handover = transferred(world, reseller, *accounts)
    with world.web.work(home.id, world.admin(home)) as work:
        actions.reverse(work, handover.id)

    assert not reversal.run(world.worker, home.id, handover.id, should_stop=lambda: True, chunk=2)
    assert len(world.rows(reseller, crm.account)) == 3
    assert again(world, handover).done == 2
    assert reversal.run(world.worker, home.id, handover.id, chunk=2)

    assert world.rows(reseller, crm.account) == []
    assert again(world, handover).status == "undone"


def test_dn_34_a_woken_accounts_own_ties_do_not_stand_in_the_way(world: World) -> None:
    """What the taker had before the wake was not made since."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = full_account(world, reseller)
    world.account(reseller, id=acme.id, standing="moved_out", status="moved_out")
    own = world.insert(reseller, catalog.provisioning_system, name="His own")
    resold_product(world, reseller)
    tie = world.insert(reseller, catalog.sync_option, account_id=acme.id, system_id=own.id, version=3)
    handover = transferred(world, reseller, acme)

    assert obstacles(world, handover) == {}
    assert world.undo(handover).status == "undone"
    kept = world.row(reseller, catalog.sync_option, tie.id)
    assert kept
    assert kept.system_id == own.id
    assert account_of(world, home, acme.id).standing == "own"


def test_dn_34_undoing_what_was_kept_leaves_alone_what_went_back_before(world: World) -> None:
    """What went back sleeps again, or is in the hands of a later transfer; the second undo is about the rest."""
    reseller = world.tenant_reseller()
    again_there, asleep, kept = (furnished(world, reseller) for _ in range(3))
    moved_out(world, reseller, asleep.id)
    handover = transferred(world, reseller, again_there, asleep, kept)
    added = world.contact(kept, reseller)
    assert world.undo(handover).counts == {"new": 2, "wake": 1, "undone": 2, "kept": 1}
    transferred(world, reseller, again_there)

    assert world.undo(handover).counts == {"new": 2, "wake": 1, "undone": 2, "kept": 1}

    assert outcomes(world, handover) == {
        again_there.id: ("undone", None),
        asleep.id: ("undone", None),
        kept.id: ("kept", "contacts-changed"),
    }
    assert account_of(world, reseller, again_there.id).standing == "received"
    assert account_of(world, reseller, asleep.id).standing == "moved_out"
    assert world.row(reseller, crm.contact, added.id)


def test_dn_34_what_is_added_to_one_while_others_are_still_handed_down_stays_with_the_reseller(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, other = furnished(world, reseller), furnished(world, reseller)
    handover = world.plan(acme, other, to=reseller)
    with world.web.work(home.id, world.admin(home)) as work:
        actions.confirm(work, handover.id, handover.digest)
    assert not running.run(world.worker, home.id, handover.id, should_stop=lambda: True, size=1)
    added = world.contact(acme, reseller)
    assert running.run(world.worker, home.id, handover.id, size=1)

    assert world.undo(handover).counts == {"new": 2, "undone": 1, "kept": 1}

    assert outcomes(world, handover) == {acme.id: ("kept", "contacts-changed"), other.id: ("undone", None)}
    assert world.row(reseller, crm.contact, added.id) == added
