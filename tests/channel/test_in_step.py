"""From the transfer on the account itself is kept in step with what the reseller does to it (DN-29)."""

from tenantry.channel import mirror
from tenantry.channel.handovers import queries
from tenantry.crm import actions as accounts
from tests.world import Row, Tenant, World


def handed_down(world: World) -> tuple[Tenant, Row]:
    """Give a tenant reseller with one account that was copied to him."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller, name="Acme", email="old@acme.example")
    world.address(acme, city="Berlin")
    world.transfer_accounts(acme, to=reseller)
    return reseller, acme


def drain(world: World, reseller: Tenant) -> int:
    """Apply what the reseller's tenant told until nothing is left."""
    taken = 0
    while batch := mirror.apply(world.worker, reseller.id):
        taken += batch
    return taken


def test_dn_29_up_02_name_accounting_number_and_e_mail_follow_the_reseller(world: World) -> None:
    reseller, acme = handed_down(world)
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.edit(
            work, acme.id, {"name": "Acme AG", "accounting_no": "R-7", "email": "new@acme.example", "phone": "+49 1"}
        )
    assert world.row(world.distributor(), "account", acme.id).name == "Acme"

    assert drain(world, reseller) == 1

    above = world.row(world.distributor(), "account", acme.id)
    assert (above.name, above.accounting_no, above.email, above.phone) == ("Acme AG", "R-7", "new@acme.example", "")
    line = world.rows(world.distributor(), "history_line", subject_id=acme.id)[-1]
    assert line.sentence == f"Account was updated due to changes on {reseller.name}"
    assert line.changes["name"] == {"before": "Acme", "after": "Acme AG"}
    assert drain(world, reseller) == 0


def test_dn_29_up_21_suspending_below_suspends_above_with_the_seeds_line(world: World) -> None:
    reseller, acme = handed_down(world)
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.suspend(work, acme.id, because="unpaid")

    drain(world, reseller)

    assert world.row(world.distributor(), "account", acme.id).status == "suspended"
    sentences = [line.sentence for line in world.rows(world.distributor(), "history_line", subject_id=acme.id)]
    assert f"Account's Status Changed to Suspended due to changes on {reseller.name}" in sentences


def test_dn_29_up_03_up_14_the_billing_address_follows_and_the_previous_becomes_an_ordinary_one(world: World) -> None:
    reseller, acme = handed_down(world)
    above = world.distributor()
    old = world.rows(above, "address", account_id=acme.id)[0]
    assert (old.standing, old.is_billing) == ("mirrored", True)
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.edit_address(work, old.id, {"city": "Hamburg"})
    drain(world, reseller)
    assert world.row(above, "address", old.id).city == "Hamburg"

    second = world.address(acme, at=reseller, city="Wien", country="AT", position=1)
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.make_billing(work, second.id)
    drain(world, reseller)

    found = {
        one.id: (one.city, one.standing, one.is_billing) for one in world.rows(above, "address", account_id=acme.id)
    }
    assert found == {old.id: ("Hamburg", "own", False), second.id: ("Wien", "mirrored", True)}


def test_dn_29_up_09_sync_options_follow_per_system_and_others_stay(world: World) -> None:
    above = world.distributor()
    reseller = world.tenant_reseller()
    panel, other = (world.insert(above, "provisioning_system", name=name) for name in ("Panel", "Other"))
    world.insert(reseller, "provisioning_system", id=panel.id, name="Panel")
    world.product(reseller, standing="inherited", provisioning_system_id=panel.id)
    acme = world.account(bill_to=reseller)
    kept = world.insert(above, "sync_option", account_id=acme.id, system_id=other.id, external_id="O-1")
    tie = world.insert(above, "sync_option", account_id=acme.id, system_id=panel.id, external_id="P-1")
    world.transfer_accounts(acme, to=reseller)
    world.update(reseller, "sync_option", tie.id, external_id="P-2")
    own = world.insert(reseller, "provisioning_system", name="The reseller's own")
    world.insert(reseller, "sync_option", account_id=acme.id, system_id=own.id, external_id="R-1")
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.edit(work, acme.id, {"name": "Acme AG"})

    drain(world, reseller)

    found = {one.id: one.external_id for one in world.rows(above, "sync_option", account_id=acme.id)}
    assert found == {kept.id: "O-1", tie.id: "P-2"}


def test_up_13_what_is_not_mirrored_stays_the_distributors(world: World) -> None:
    reseller, acme = handed_down(world)
    with world.web.work(world.distributor().id, world.admin(world.distributor())) as work:
        accounts.edit(work, acme.id, {"phone": "+49 99"})
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.edit(work, acme.id, {"name": "Acme AG", "phone": "+30 11"})

    drain(world, reseller)

    above = world.row(world.distributor(), "account", acme.id)
    assert (above.name, above.phone) == ("Acme AG", "+49 99")


def test_ten_02_after_the_run_the_preview_tells_nothing_of_what_the_reseller_did_since(world: World) -> None:
    reseller, acme = handed_down(world)
    above = world.distributor()
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.edit(work, acme.id, {"description": "Our secret", "phone": "+30 secret", "credit_limit": "4711"})
    with world.web.work(above.id, world.admin(above)) as work:
        handover = queries.recent(work)[0]
        page = queries.preview(work, handover.id)

    said = {one.field: one.after for one in page.items[0].fields}
    assert said["name"] == "Acme"
    assert "secret" not in repr(
        [(one.source, one.before, one.after) for part in page.items[0].parts for one in part.fields]
    )
    assert said["credit_limit"] == 0
