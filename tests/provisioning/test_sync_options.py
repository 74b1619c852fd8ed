"""Systems, and what ties accounts to them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tenantry.channel import mirror
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.provisioning import actions, queries
from tenantry.provisioning.actions import NewSyncOption, NewSystem
from tenantry.schema.catalog import provisioning_system, sync_option
from tests.world import Row, Tenant, World


def act(world: World, at: Tenant, verb: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Do something as the tenant's admin."""
    with world.web.work(at.id, world.admin(at)) as work:
        return verb(work, *arguments, **named)


def test_prv_34_an_account_is_tied_to_a_system_once(world: World) -> None:
    home, acme = world.distributor(), world.account()
    system = act(world, home, actions.create_system, NewSystem("Mailer", "manual"))
    id = act(
        world,
        home,
        actions.add_sync_option,
        acme.id,
        NewSyncOption(system, "acme-1", "synchronized", {"domain": "acme.example"}),
    )

    act(world, home, actions.edit_sync_option, id, {"external_id": "acme-2"}, version=1)

    [option] = act(world, home, queries.sync_options, acme.id)
    assert (option.system_name, option.external_id, option.system_data) == (
        "Mailer",
        "acme-2",
        {"domain": "acme.example"},
    )
    assert option.actions["edit"]
    with pytest.raises(Conflict, match="tied to Mailer already"):
        act(world, home, actions.add_sync_option, acme.id, NewSyncOption(system))
    with pytest.raises(Stale):
        act(world, home, actions.edit_sync_option, id, {"external_id": "acme-3"}, version=1)
    act(world, home, actions.delete_sync_option, id)
    assert act(world, home, queries.sync_options, acme.id) == []
    assert [line.sentence for line in world.rows(home, "history_line", subject_id=acme.id)] == [
        "Sync option for Mailer was added",
        "Sync option for Mailer was edited",
        "Sync option for Mailer was deleted",
    ]


@pytest.mark.parametrize("standing", ["handed_down", "mirrored"])
def test_up_09_sync_options_of_an_account_its_reseller_manages_are_locked(world: World, standing: str) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(state="accounts_transferred")
    managed = world.account(bill_to=reseller, standing=standing, managed_by=reseller.id)
    own = world.account()
    system = act(world, home, actions.create_system, NewSystem("Mailer"))
    other = act(world, home, actions.create_system, NewSystem("Storage"))
    option = world.insert(home, sync_option, account_id=managed.id, system_id=system, external_id="1")

    for verb, arguments in (
        (actions.add_sync_option, (managed.id, NewSyncOption(other))),
        (actions.edit_sync_option, (option.id, {"external_id": "2"})),
        (actions.delete_sync_option, (option.id,)),
    ):
        with pytest.raises(Refused) as refused:
            act(world, home, verb, *arguments)
        assert refused.value.rule == "UP-20"

    assert world.row(home, sync_option, option.id) == option
    [shown] = act(world, home, queries.sync_options, managed.id)
    assert not shown.actions["edit"]
    assert not shown.actions["delete"]
    act(world, home, actions.add_sync_option, own.id, NewSyncOption(system))


def test_dn_30_the_reseller_ties_received_accounts_to_his_systems(world: World) -> None:
    reseller = world.tenant_reseller(state="accounts_transferred")
    system = act(world, reseller, actions.create_system, NewSystem("Mailer"))
    received = world.account(reseller, standing="received")
    gone = world.account(reseller, standing="moved_out", status="moved_out")

    act(world, reseller, actions.add_sync_option, received.id, NewSyncOption(system))

    with pytest.raises(Refused) as refused:
        act(world, reseller, actions.add_sync_option, gone.id, NewSyncOption(system))
    assert refused.value.rule == "TEN-26"


def test_up_09_each_change_of_a_sync_option_below_is_told_above_and_followed_there(world: World) -> None:
    above, reseller, acme, panel = handed_down(world)

    def followed(verb: Callable[..., Any], *arguments: Any) -> tuple[Any, list[str]]:
        assert mirror.apply(world.worker, reseller.id) == 0
        gave = act(world, reseller, verb, *arguments)
        assert mirror.apply(world.worker, reseller.id) == 1
        return gave, [one.external_id for one in world.rows(above, sync_option, account_id=acme.id)]

    id, added = followed(actions.add_sync_option, acme.id, NewSyncOption(panel, "R-1"))
    _, edited = followed(actions.edit_sync_option, id, {"external_id": "R-2"})
    _, deleted = followed(actions.delete_sync_option, id)

    assert (added, edited, deleted) == (["R-1"], ["R-2"], [])


def test_up_09_what_changes_nothing_or_has_nobody_above_tells_nobody(world: World) -> None:
    above, reseller, acme, panel = handed_down(world)
    id = act(world, reseller, actions.add_sync_option, acme.id, NewSyncOption(panel, "R-1"))
    assert mirror.apply(world.worker, reseller.id) == 1

    act(world, reseller, actions.edit_sync_option, id, {"external_id": "R-1"})
    act(world, above, actions.add_sync_option, world.account().id, NewSyncOption(panel, "D-1"))

    assert mirror.apply(world.worker, reseller.id) == 0
    assert mirror.apply(world.worker, above.id) == 0


def handed_down(world: World) -> tuple[Tenant, Tenant, Row, UUID]:
    """Give the distributor, a tenant reseller, an account that was copied to him, and a system that both have."""
    above, reseller = world.distributor(), world.tenant_reseller()
    panel = world.insert(above, provisioning_system, name="Panel")
    world.insert(reseller, provisioning_system, id=panel.id, name="Panel")
    acme = world.account(bill_to=reseller)
    world.transfer_accounts(acme, to=reseller)
    return above, reseller, acme, panel.id


def test_prv_34_a_system_in_use_is_kept(world: World) -> None:
    home = world.distributor()
    used, unused = (act(world, home, actions.create_system, NewSystem(name)) for name in ("Used", "Unused"))
    world.product(provisioning_system_id=used)

    with pytest.raises(Conflict, match="tied to this system"):
        act(world, home, actions.delete_system, used)
    act(world, home, actions.edit_system, used, {"name": "Still used"})
    act(world, home, actions.delete_system, unused)

    names = [one.name for one in act(world, home, queries.systems)]
    assert "Still used" in names
    assert "Unused" not in names


def test_prv_34_what_is_unknown_or_forbidden_is_refused(world: World) -> None:
    home, acme = world.distributor(), world.account()
    elsewhere = world.tenant("distributor")
    system = act(world, home, actions.create_system, NewSystem("Mailer"))

    with pytest.raises(Invalid, match="no such provisioning system"):
        act(world, home, actions.add_sync_option, acme.id, NewSyncOption(new_id()))
    with pytest.raises(NotFound):
        act(world, elsewhere, actions.add_sync_option, acme.id, NewSyncOption(system))
    with pytest.raises(NotFound):
        act(world, elsewhere, queries.sync_options, acme.id)
    with world.web.work(home.id, Actor(None, "Reader", frozenset({"accounts:view"}), None)) as work:
        with pytest.raises(Forbidden):
            actions.add_sync_option(work, acme.id, NewSyncOption(system))
        assert queries.sync_options(work, acme.id) == []
    with pytest.raises(Invalid) as refused:
        act(world, home, actions.add_sync_option, acme.id, NewSyncOption(system, "x" * 400, "odd", {"k": "v" * 3_000}))
    assert [fault.field for fault in refused.value.faults] == ["external_id", "status", "system_data"]
