"""Transfer Accounts as the seed tells it, field by field (DN-10 to DN-34)."""

from tenantry.channel.handovers import queries
from tests.world import World


def test_dn_16_credit_starts_at_nothing(world: World) -> None:
    """Credit is the reseller's to give."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller, credit_limit=500)

    copy = world.transfer_accounts(acme, to=reseller)

    assert copy.credit_limit == 0


def test_dn_34_undo_takes_the_copies_back(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    world.address(acme)
    world.contact(acme)
    world.order(acme)
    plan = world.plan(acme, to=reseller)
    done = world.confirm(plan)
    assert done.status == "completed"
    assert world.row(world.distributor(), "account", acme.id).standing == "handed_down"
    assert world.rows(world.distributor(), "order", account_id=acme.id)[0].standing == "marked"

    undone = world.undo(plan)

    assert undone.status == "undone"
    assert world.row(reseller, "account", acme.id) is None
    assert world.row(world.distributor(), "account", acme.id).standing == "own"


def test_hnd_07_preview_says_what_the_run_does(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller, name="Acme", credit_limit=500, description="secret")
    world.address(acme)
    world.contact(acme)
    world.order(acme)
    plan = world.plan(acme, to=reseller)

    with world.web.work(world.distributor().id, world.admin(world.distributor())) as work:
        page = queries.preview(work, plan.id)

    said = {one.field: one.after for one in page.items[0].fields if one.verb != "assign"}
    world.confirm(plan)
    copy = world.row(reseller, "account", acme.id)
    assert {name: getattr(copy, name) for name in said} == said
