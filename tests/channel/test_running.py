"""A run in chunks: what is below already is gone round, not fallen over."""

from tenantry.schema import crm
from tests.world import World


def test_hnd_03_a_child_that_is_below_already_does_not_stop_the_run(world: World) -> None:
    reseller = world.tenant_reseller()
    first, second, third = (world.account(bill_to=reseller) for _ in range(3))
    contact = world.contact(second)
    world.transfer_accounts(first, to=reseller)
    world.contact(first, at=reseller, id=contact.id)

    world.transfer_accounts(second, third, to=reseller)

    below = {row.id for row in world.rows(reseller, crm.account)}
    assert below == {first.id, second.id, third.id}
    assert [row.id for row in world.rows(reseller, crm.contact)] == [contact.id]
