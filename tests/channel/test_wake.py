"""A customer that comes back finds its old row and wakes it (design: copy rules)."""

from typing import Any

import pytest

from tenantry.schema import catalog, crm
from tests.channel.stories import (
    GENERIC,
    OF_THE_SELLER,
    account_of,
    everything,
    full_account,
    history,
    moved_out,
    preview,
    resold_product,
    verdicts,
)
from tests.world import Row, Tenant, World

ASLEEP = pytest.mark.parametrize("standing", ["moved_out", "transferred_out"])


@ASLEEP
def test_ten_03_an_account_that_sleeps_below_is_woken_not_doubled(world: World, standing: str) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, new = full_account(world, reseller), world.account(bill_to=reseller)
    old = moved_out(world, reseller, acme.id, standing=standing, status=standing, version=4)

    handover = world.plan(acme, new, to=reseller)
    done = world.confirm(handover)

    assert verdicts(world, handover) == {acme.id: "wake", new.id: "new"}
    assert done.counts == {"new": 1, "wake": 1, "copied": 2}
    woken = account_of(world, reseller, acme.id)
    assert (woken.standing, woken.status, woken.number, woken.created_at) == (
        "received",
        "active",
        old.number,
        old.created_at,
    )
    assert woken.version == 5
    assert account_of(world, home, acme.id).standing == "handed_down"


@ASLEEP
def test_ten_03_what_is_carried_and_filled_overwrites_and_what_is_blank_keeps_what_the_taker_had(
    world: World, standing: str
) -> None:
    """The giver's generic fields win; custom fields and words of the taker's own stay."""
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    his = {name: f"his {name}" for name in OF_THE_SELLER if name != "custom_fields"} | {"custom_fields": {"his": "own"}}
    moved_out(
        world, reseller, acme.id, standing=standing, **his, credit_limit=77, separate_invoices=True, billing_day=3
    )

    copy = world.transfer_accounts(acme, to=reseller)

    assert {name: getattr(copy, name) for name in GENERIC} == GENERIC
    assert {name: getattr(copy, name) for name in his} == his
    assert (copy.credit_limit, copy.separate_invoices, copy.billing_day) == (0, False, 1)


def test_hnd_01_the_preview_of_a_waking_account_shows_what_the_taker_has_today(world: World) -> None:
    reseller = world.tenant_reseller()
    acme, new = full_account(world, reseller), world.account(bill_to=reseller)
    moved_out(world, reseller, acme.id, name="Acme, as it was", phone="old", description="his")

    shown = preview(world, world.plan(acme, new, to=reseller))

    fields = {one.field: one for one in shown[acme.id].fields}
    assert (fields["name"].before, fields["name"].after) == ("Acme, as it was", "Acme GmbH")
    assert (fields["phone"].before, fields["phone"].after) == ("old", GENERIC["phone"])
    assert (fields["description"].before, fields["description"].after) == ("his", "his")
    assert {one.before for one in shown[new.id].fields} == {None}


def test_ten_09_contacts_that_the_giver_lacks_have_moved_out_when_an_account_wakes(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = full_account(world, reseller)
    moved_out(world, reseller, acme.id)
    known = world.contact(acme, first_name="New", email="new@acme.example")
    woken = world.contact(acme, reseller, id=known.id, first_name="Old", custom_fields={"his": 1}, standing="moved_out")
    gone = world.contact(acme, reseller, last_name="Gone", version=3)
    awake = world.account(reseller)
    others = world.contact(awake, reseller)
    fresh = world.contact(acme)
    assert woken.id == known.id

    world.transfer_accounts(acme, to=reseller)

    contacts = {row.id: row for row in world.rows(reseller, crm.contact)}
    assert contacts.keys() == {known.id, gone.id, fresh.id, others.id}
    assert (contacts[known.id].first_name, contacts[known.id].standing) == ("New", "own")
    assert contacts[known.id].custom_fields == {"his": 1}
    left = contacts[gone.id]
    assert (left.standing, left.last_name, left.version) == ("moved_out", "Gone", 4)
    assert contacts[others.id] == others
    assert len(world.rows(home, crm.contact)) == 2


def test_dn_23_when_an_account_wakes_the_billing_address_moves_to_the_givers_first(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    moved_out(world, reseller, acme.id)
    first, second = world.address(acme, position=1, city="Bonn"), world.address(acme, position=2, city="Köln")
    world.address(acme, reseller, id=second.id, position=1, city="Cologne", is_billing=True)
    his_own = world.address(acme, reseller, position=9, city="Athens")

    world.transfer_accounts(acme, to=reseller)

    addresses = {row.id: (row.city, row.is_billing) for row in world.rows(reseller, crm.address)}
    assert addresses == {first.id: ("Bonn", True), second.id: ("Köln", False), his_own.id: ("Athens", False)}


def sleeping(world: World, reseller: Tenant, acme: Row) -> dict[str, Any]:
    """Leave a customer asleep with everything that a wake writes over, and things it does not touch."""
    home = world.distributor()
    system = world.insert(home, catalog.provisioning_system, name="Cloud")
    resold_product(world, reseller, provisioning_system_id=system.id)
    tie = world.insert(home, catalog.sync_option, account_id=acme.id, system_id=system.id, external_id="new")
    second = world.address(acme, position=2)
    first = world.address(acme, position=1)
    eva = world.contact(acme, first_name="New")
    moved_out(world, reseller, acme.id, version=4, credit_limit=9, description="his")
    world.address(acme, reseller, id=second.id, city="Old", is_billing=True, version=2)
    world.address(acme, reseller, id=first.id, city="Older", version=5)
    world.address(acme, reseller, city="His own")
    world.contact(acme, reseller, id=eva.id, first_name="Old", standing="moved_out", version=6)
    world.contact(acme, reseller, last_name="Gone", version=3)
    world.insert(
        reseller, catalog.sync_option, id=tie.id, account_id=acme.id, system_id=system.id, external_id="old", version=2
    )
    return everything(world, reseller)


def without(found: dict[str, Any], *columns: str) -> dict[str, Any]:
    """Leave out what an undo does not put back: versions only ever grow."""
    left_out = {"counter", "history_line", "audit_line"}
    return {
        table: [{name: value for name, value in row.items() if name not in columns} for row in rows]
        for table, rows in found.items()
        if table not in left_out
    }


def test_dn_34_undo_of_a_wake_restores_the_old_rows(world: World) -> None:
    """Account, addresses with their billing address, contacts and sync options are as they were; versions go on."""
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    before = sleeping(world, reseller, acme)
    handover = world.plan(acme, to=reseller)
    world.confirm(handover)
    assert account_of(world, reseller, acme.id).standing == "received"

    undone = world.undo(handover)

    assert (undone.status, undone.counts) == ("undone", {"wake": 1, "undone": 1})
    assert without(everything(world, reseller), "version") == without(before, "version")
    assert account_of(world, reseller, acme.id).version == 6
    assert account_of(world, world.distributor(), acme.id).standing == "own"
    assert len(history(world, reseller, acme.id)) == 1


def test_dn_34_a_woken_account_that_went_back_can_be_woken_again(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    before = sleeping(world, reseller, acme)
    world.undo(confirmed(world, acme, reseller))

    again = confirmed(world, acme, reseller)

    assert verdicts(world, again) == {acme.id: "wake"}
    assert account_of(world, reseller, acme.id).standing == "received"
    world.undo(again)
    assert without(everything(world, reseller), "version") == without(before, "version")


def confirmed(world: World, acme: Row, reseller: Tenant) -> Row:
    handover = world.plan(acme, to=reseller)
    world.confirm(handover)
    return handover


def test_dn_25_a_tie_that_was_made_anew_above_does_not_stop_a_wake(world: World) -> None:
    """Of one system an account has one tie; the taker's old one has another id than the giver's."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = full_account(world, reseller)
    system = world.insert(home, catalog.provisioning_system, name="Cloud")
    resold_product(world, reseller, provisioning_system_id=system.id)
    moved_out(world, reseller, acme.id)
    world.insert(reseller, catalog.sync_option, account_id=acme.id, system_id=system.id, external_id="old")
    world.insert(home, catalog.sync_option, account_id=acme.id, system_id=system.id, external_id="new")

    handover = world.plan(acme, to=reseller)
    done = world.confirm(handover)

    assert done.status == "completed"
    (tie,) = world.rows(reseller, catalog.sync_option)
    assert tie.external_id == "new"
    world.undo(handover)
    (tie,) = world.rows(reseller, catalog.sync_option)
    assert tie.external_id == "old"
