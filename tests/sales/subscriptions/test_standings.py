"""Whose a subscription is, decides what may be done with it; whoever is above is told what happened (DN-31, UP-40)."""

import pytest
import sqlalchemy as sa

from tenantry.kernel.problems import Refused
from tenantry.sales.subscriptions import actions
from tenantry.schema import catalog
from tenantry.schema.message import message
from tests.sales.stories import create, priced
from tests.sales.subscriptions.stories import sold
from tests.world import Tenant, World


def told(world: World, at: Tenant) -> list[tuple[str, bool]]:
    """Give what a tenant told, and whether each is a fact."""
    with world.worker.channel(at.id, [at.id]) as work:
        rows = work.connection.execute(sa.select(message).where(message.c.tenant_id == at.id).order_by(message.c.id))
        return [(row.kind, row.fact_id is not None) for row in rows]


def sell(world: World, at: Tenant, **product: object) -> object:
    """Sell something of a reseller's own in his tenant."""
    from tenantry.sales import actions as orders  # noqa: PLC0415 - the verbs of both rooms have the same names

    mail = priced(world, at, "10", **product)
    id = create(world, at, world.account(at), orders.NewItem(mail.id, "monthly", 3))
    with world.web.work(at.id, world.admin(at)) as work:
        orders.submit_order(work, id)
        [made] = orders.execute_order(work, id)
    with world.web.work(at.id, world.admin(at)) as work:
        actions.change_quantity(work, made, 5)
    return made


def test_up_40_a_live_reseller_tells_each_change_as_a_fact_and_others_tell_nothing(world: World) -> None:
    live, not_yet = world.tenant_reseller("live"), world.tenant_reseller()
    for at in (live, not_yet):
        sell(world, at)
    sold(world, priced(world, world.distributor(), "10"))

    # Each change is a fact that nobody coalesces; what a row became is told beside it, and ten such are one.
    facts = [fact for kind, fact in told(world, live) if kind == "subscription"]
    assert facts == [True, False, True]
    assert told(world, not_yet) == []
    assert told(world, world.distributor()) == []


def test_dn_31_until_live_nothing_from_above_is_sold_more_of(world: World) -> None:
    reseller = world.tenant_reseller()
    own, inherited = priced(world, reseller, "10"), priced(world, reseller, "10", standing="inherited")
    acme = world.account(reseller)
    mine, above = world.subscription(acme, own, reseller), world.subscription(acme, inherited, reseller)
    for one in (mine, above):
        paid = {"paid_from": one.start_on, "charged_until": sa.func.current_date() + 20}
        world.update(reseller, "subscription", one.id, **paid)

    with world.web.work(reseller.id, world.admin(reseller)) as work:
        actions.change_quantity(work, mine.id, 5)
        with pytest.raises(Refused) as refused:
            actions.change_quantity(work, above.id, 5)
    assert refused.value.rule == "DN-31"
    world.update(reseller, "tenant", reseller.id, live_at=sa.func.now())
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        actions.change_quantity(work, above.id, 5)


def test_dn_40_a_received_subscription_is_only_read_until_the_reseller_is_live(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(reseller, standing="received")
    one = world.subscription(acme, priced(world, reseller, "10"), reseller)
    paid = {"paid_from": one.start_on, "charged_until": sa.func.current_date() - 20}
    world.update(reseller, "subscription", one.id, **paid)

    with world.web.work(reseller.id, world.admin(reseller)) as work:
        for act in (actions.suspend, actions.cancel, actions.convert, actions.resume):
            with pytest.raises(Refused) as refused:
                act(work, one.id)
            assert refused.value.rule == "DN-40"
    # Nor is it charged there: the distributor's is the one that counts.
    assert world.rows(reseller, "charge") == []


def test_up_33_what_the_reseller_manages_is_not_changed_above_but_its_name_is(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller("live")
    acme = world.account(bill_to=reseller, standing="mirrored", managed_by=reseller.id)
    product = priced(world, home, "10")
    one = world.subscription(acme, product, standing="mirrored", managed_by=reseller.id)
    world.insert(home, catalog.product_path, product_id=product.id, kind="upgrade", to_product_id=world.product().id)

    with world.web.work(home.id, world.admin(home)) as work:
        for act in (actions.suspend, actions.cancel):
            with pytest.raises(Refused) as refused:
                act(work, one.id)
            assert refused.value.rule == "UP-33"
        with pytest.raises(Refused, match="changes this subscription"):
            actions.change_quantity(work, one.id, 5)
        actions.edit_subscription(work, one.id, {"name": "Mail of Acme"})
