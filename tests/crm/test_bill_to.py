"""Bill To: who pays for an account, itself or its reseller."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tenantry.crm import actions
from tenantry.kernel.problems import Invalid
from tests.crm.stories import act, create, view
from tests.world import Row, World


def faults(world: World, account: Row, reseller: Row, **changes: object) -> list[str]:
    """Try to set Bill To and give what is said against it."""
    wanted = changes or {"parent_id": reseller.id, "bill_to_id": reseller.id}
    with pytest.raises(Invalid) as wrong:
        act(world, world.distributor(), actions.edit, account.id, wanted)
    return [fault.message for fault in wrong.value.faults]


def test_the_payer_exists_resells_and_is_open(world: World) -> None:
    """Each is said by name; an open reseller is taken."""
    acme = world.account()
    plain, closed = world.account(name="Plain"), world.account(name="Shut", reselling_enabled=True, status="closed")
    lite = world.account(reselling_enabled=True)

    assert faults(world, acme, plain) == ["Plain does not resell."]
    assert faults(world, acme, closed) == ["Shut is only read."]
    assert faults(world, acme, Row(id=world.distributor().id)) == ["There is no such account."]
    act(world, world.distributor(), actions.set_bill_to, acme.id, lite.id)

    seen = view(world, world.distributor(), acme.id)
    assert (seen.parent_id, seen.bill_to_id) == (lite.id, lite.id)


def test_nobody_pays_who_is_neither_the_account_nor_its_reseller(world: World) -> None:
    """A customer of a reseller may pay for itself."""
    lite, other = (world.account(reselling_enabled=True) for _ in range(2))
    acme = world.account(bill_to=lite)

    said = faults(world, acme, other, bill_to_id=other.id)
    act(world, world.distributor(), actions.edit, acme.id, {"bill_to_id": acme.id})

    assert said == ["Who pays is the account itself or the reseller whose customer it is."]
    assert view(world, world.distributor(), acme.id).parent_id == lite.id


def test_no_account_is_below_itself(world: World) -> None:
    """Neither at once nor over others."""
    top = world.account(reselling_enabled=True)
    middle = world.account(reselling_enabled=True, bill_to=top)
    bottom = world.account(reselling_enabled=True, bill_to=middle)

    assert faults(world, top, top) == ["The account would be a customer of itself."]
    assert faults(world, top, bottom) == ["That reseller is below this account."]
    act(world, world.distributor(), actions.set_bill_to, bottom.id, top.id)


def test_reselling_is_not_taken_from_who_has_customers(world: World) -> None:
    """First the customers, then the right."""
    lite = world.account(reselling_enabled=True)
    customer = world.account(bill_to=lite)

    assert faults(world, lite, customer, reselling_enabled=False) == ["It has 1 customers of its own."]
    act(world, world.distributor(), actions.set_bill_to, customer.id, None)
    act(world, world.distributor(), actions.edit, lite.id, {"reselling_enabled": False})


def test_a_new_account_of_a_reseller_is_paid_by_him(world: World) -> None:
    """Unless it was said otherwise later."""
    lite = world.account(reselling_enabled=True)

    seen = view(world, world.distributor(), create(world, parent_id=lite.id))

    assert (seen.parent_id, seen.bill_to_id, seen.bill_to_name) == (lite.id, lite.id, lite.name)


def test_two_at_once_make_no_circle(world: World) -> None:
    """Each change is right by itself; the second waits for the first and is then refused."""
    distributor = world.distributor()
    left, right = (world.account(reselling_enabled=True) for _ in range(2))

    with ThreadPoolExecutor(1) as thread:
        with world.web.work(distributor.id, world.admin(distributor)) as work:
            actions.set_bill_to(work, left.id, right.id)
            other = thread.submit(act, world, distributor, actions.set_bill_to, right.id, left.id)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
        with pytest.raises(Invalid):
            other.result(timeout=10)

    assert view(world, distributor, right.id).parent_id is None
