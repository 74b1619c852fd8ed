"""A confirmation carries the digest of the plan that was seen, and counts once (HND-02)."""

from collections.abc import Callable

import pytest

from tenantry.channel.handovers import actions
from tenantry.kernel.problems import Conflict
from tenantry.schema import crm
from tests.channel.stories import again, confirm, full_account, moved_out, outcomes, run
from tests.world import Row, Tenant, World


def test_hnd_02_a_confirmation_carries_the_digest_of_the_plan_that_was_seen(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)

    for stale in ("", "0" * 64, handover.digest.upper()):
        with pytest.raises(Conflict) as refused:
            confirm(world, handover, digest=stale)
        assert (refused.value.code, refused.value.rule) == ("stale-digest", "HND-02")
        assert refused.value.extra["digest"] == handover.digest
    assert again(world, handover) == handover
    confirm(world, handover)
    assert again(world, handover).status == "running"


def order_submitted(world: World, reseller: Tenant, acme: Row) -> None:
    world.order(acme, status="submitted")


CHANGES: dict[str, Callable[[World, Tenant, Row], object]] = {
    "a field": lambda world, reseller, acme: world.update(world.distributor(), crm.account, acme.id, phone="1"),
    "an address added": lambda world, reseller, acme: world.address(acme),
    "a contact added": lambda world, reseller, acme: world.contact(acme),
    "a draft order made": lambda world, reseller, acme: world.order(acme),
    "an order submitted": order_submitted,
    "Bill To": lambda world, reseller, acme: world.update(
        world.distributor(), crm.account, acme.id, bill_to_id=acme.id
    ),
    "the taker's default payment method": lambda world, reseller, acme: new_default(world, reseller),
    "a currency activated below": lambda world, reseller, acme: world.insert(
        reseller, "tenant_currency", currency="USD"
    ),
    "the reseller's billing options": lambda world, reseller, acme: world.update(
        world.distributor(), crm.account, Row(id=reseller.account_id).id, taxation=False
    ),
    "the id taken below": lambda world, reseller, acme: world.account(reseller, id=acme.id),
    "the account asleep below": lambda world, reseller, acme: moved_out(world, reseller, acme.id),
    "an accounting number taken below": lambda world, reseller, acme: world.account(reseller, accounting_no="D-4711"),
}


def new_default(world: World, reseller: Tenant) -> None:
    from tenantry.schema import catalog  # noqa: PLC0415 - one change of many

    (old,) = world.rows(reseller, catalog.payment_method)
    world.update(reseller, catalog.payment_method, old.id, is_default=False)
    world.payment_method(reseller, name="SEPA", is_default=True)


@pytest.mark.parametrize("what", CHANGES)
def test_hnd_02_a_changed_world_refuses_the_old_plan_and_keeps_the_new_one(world: World, what: str) -> None:
    reseller = world.tenant_reseller()
    acme, other = full_account(world, reseller, reselling_enabled=False), world.account(bill_to=reseller)
    handover = world.plan(acme, other, to=reseller)
    CHANGES[what](world, reseller, acme)

    with pytest.raises(actions.Replanned) as refused:
        confirm(world, handover)

    new = again(world, handover)
    assert (refused.value.code, refused.value.rule) == ("plan-changed", "HND-02")
    assert new.status == "planned"
    assert new.digest != handover.digest
    assert new.digest == refused.value.extra["digest"]
    assert world.row(reseller, crm.account, other.id) is None
    done = world.confirm(new)
    assert done.status == "completed"
    assert set(outcomes(world, done).values()) <= {("copied", None), (None, None)}


def test_hnd_02_what_the_preview_does_not_show_does_not_disturb_a_confirmation(world: World) -> None:
    """Version and history do not enter; nor do the affairs of others."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    home = world.distributor()
    world.update(home, crm.account, acme.id, version=9, created_at="2001-01-01T00:00Z")
    world.insert(home, crm.history_line, entity="account", subject_id=acme.id, sentence="Called")
    world.contact(world.account(bill_to=reseller))
    world.contact(world.account(reseller), reseller)

    assert world.confirm(handover).status == "completed"


def test_hnd_02_confirming_twice_is_answered_with_who_did_it_and_runs_once(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    confirm(world, handover)

    with pytest.raises(Conflict) as while_running:
        confirm(world, handover)
    run(world, handover)
    with pytest.raises(Conflict) as afterwards:
        confirm(world, handover)

    for refused in (while_running, afterwards):
        assert refused.value.code == "already-confirmed"
        assert world.admin(world.distributor()).name in refused.value.message
    assert len(world.rows(reseller, crm.account)) == 1


def test_hnd_02_a_plan_in_which_nobody_can_go_is_not_confirmed(world: World) -> None:
    reseller = world.tenant_reseller()
    handover = world.plan(world.account(bill_to=reseller, status="closed"), to=reseller)

    with pytest.raises(Conflict) as refused:
        confirm(world, handover)

    assert refused.value.code == "nothing-to-do"
