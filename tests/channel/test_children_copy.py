"""What is copied with an account: addresses, sync options, contacts, one history line each;
and nothing else (DN-23, DN-25 to DN-28).
"""

import sqlalchemy as sa

from tenantry.schema import catalog, crm, metadata, sales, tables
from tests.channel.stories import account_of, codes, finding, full_account, history, resold_product
from tests.world import Row, World

STREET = {
    "name": "Headquarters",
    "street": "Unter den Linden 1",
    "street_2": "2nd floor",
    "city": "Berlin",
    "postcode": "10117",
    "state": "DE-BE",
    "country": "DE",
    "phone": "+49 30 3",
}
PERSON = {
    "first_name": "Eva",
    "last_name": "Weber",
    "company_role": "Owner",
    "email": "eva@acme.example",
    "phone": "+49 30 4",
    "mobile": "+49 170 1",
    "fax": "+49 30 5",
    "language": "de",
    "lead_source": "Fair",
    "is_primary": True,
    "bill_to_contact": True,
    "opt_in": True,
}


def test_dn_23_all_addresses_are_copied_and_the_first_is_the_billing_address(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    first = world.address(acme, **STREET, position=3)
    others = [world.address(acme, position=position) for position in (4, 5)]

    world.transfer_accounts(acme, to=reseller)

    copies = {row.id: row for row in world.rows(reseller, crm.address, account_id=acme.id)}
    assert copies.keys() == {first.id, *(one.id for one in others)}
    assert {name: getattr(copies[first.id], name) for name in STREET} == STREET
    assert [id_ for id_, row in copies.items() if row.is_billing] == [first.id]
    assert {row.position for row in copies.values()} == {3, 4, 5}
    assert {row.standing for row in copies.values()} == {"own"}


def test_dn_23_of_two_addresses_in_one_position_the_older_is_the_first(world: World) -> None:
    """Oldest first, whatever their ids say; so country and billing address are of one address."""
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    world.address(acme, country="IT", created_at="2022-01-01T00:00Z")
    older = world.address(acme, country="DE", created_at="2021-01-01T00:00Z")

    copy = world.transfer_accounts(acme, to=reseller)

    assert copy.country == "DE"
    assert [row.id for row in world.rows(reseller, crm.address, account_id=acme.id, is_billing=True)] == [older.id]


def test_dn_23_another_billing_address_above_is_a_warning_and_changes_there_too(world: World) -> None:
    """By UP-03 the billing address is one and the same on both sides."""
    home, reseller = world.distributor(), world.tenant_reseller()
    differs, agrees = full_account(world, reseller), full_account(world, reseller)
    first, second = world.address(differs, position=1), world.address(differs, position=2, is_billing=True)
    its_only = world.address(agrees, is_billing=True)

    handover = world.plan(differs, agrees, to=reseller)
    world.confirm(handover)

    warning = finding(handover, "billing-address-changes")
    assert (warning.rule, warning.severity, warning.records) == ("DN-23", "warning", [str(differs.id)])
    above = {row.id: (row.is_billing, row.standing) for row in world.rows(home, crm.address)}
    assert above == {first.id: (True, "mirrored"), second.id: (False, "own"), its_only.id: (True, "mirrored")}

    world.undo(handover)

    restored = {row.id: (row.is_billing, row.standing) for row in world.rows(home, crm.address)}
    assert restored == {first.id: (False, "own"), second.id: (True, "own"), its_only.id: (True, "own")}


def test_dn_25_only_the_systems_of_resold_products_come_with_id_and_system_information(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    cloud, mail, own = (world.insert(home, catalog.provisioning_system, name=name) for name in ("Cloud", "Mail", "Own"))
    resold_product(world, reseller, provisioning_system_id=cloud.id)
    world.product(provisioning_system_id=mail.id)
    world.insert(reseller, catalog.provisioning_system, id=own.id, name="Own")
    world.product(reseller, provisioning_system_id=own.id)
    acme = full_account(world, reseller)
    tie = {"external_id": "x-1", "status": "synchronized", "system_data": {"domain": "acme.example"}}
    kept = world.insert(home, catalog.sync_option, account_id=acme.id, system_id=cloud.id, **tie)
    for system in (mail, own):
        world.insert(home, catalog.sync_option, account_id=acme.id, system_id=system.id, **tie)

    world.transfer_accounts(acme, to=reseller)

    (copy,) = world.rows(reseller, catalog.sync_option)
    assert (copy.id, copy.system_id, copy.version) == (kept.id, cloud.id, 1)
    assert {name: getattr(copy, name) for name in tie} == tie
    assert len(world.rows(home, catalog.sync_option, account_id=acme.id)) == 3


def test_dn_25_a_withdrawn_product_brings_no_system(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    cloud = world.insert(home, catalog.provisioning_system, name="Cloud")
    product = resold_product(world, reseller, provisioning_system_id=cloud.id)
    before, after = full_account(world, reseller), full_account(world, reseller)
    for account in (before, after):
        world.insert(home, catalog.sync_option, account_id=account.id, system_id=cloud.id)

    world.transfer_accounts(before, to=reseller)
    world.update(reseller, catalog.product, product.id, standing="withdrawn")
    world.transfer_accounts(after, to=reseller)

    assert [row.account_id for row in world.rows(reseller, catalog.sync_option)] == [before.id]


def test_dn_26_one_history_line_says_where_the_account_came_from(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = full_account(world, reseller)
    world.insert(
        home, crm.history_line, entity="account", subject_id=acme.id, sentence="Account was created", actor="Eve"
    )

    handover = world.plan(acme, to=reseller)
    done = world.confirm(handover)

    (line,) = history(world, reseller, acme.id)
    assert line.sentence == f"Account was transferred from {home.name}"
    assert (line.entity, line.at, line.actor, line.actor_id) == ("account", done.started_at, "Tenantry", None)
    assert (line.handover_id, line.changes) == (handover.id, None)
    assert account_of(world, reseller, acme.id).created_at == line.at


def test_ten_24_the_distributors_history_says_to_whom_and_who_did_it(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(name="Aegean Cloud")
    acme = full_account(world, reseller)

    handover = world.plan(acme, to=reseller)
    done = world.confirm(handover)

    (line,) = history(world, home, acme.id)
    assert line.sentence == "Account was transferred to Aegean Cloud Tenant Reseller"
    assert (line.entity, line.at, line.handover_id, line.changes) == ("account", done.started_at, handover.id, None)
    assert (line.actor_id, line.actor) == (home.admin_id, world.admin(home).name)


def test_dn_27_nothing_else_is_copied(world: World) -> None:
    """Orders, subscriptions, activities: whatever hangs on an account stays where it is."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = full_account(world, reseller)
    contact, product = world.contact(acme), world.product()
    access = {"responsible_user_id": home.admin_id, "permission_rule_id": home.rule_id}
    order = world.order(acme, contact_id=contact.id)
    item = {"order_id": order.id, "product_id": product.id, "cycle": "monthly", "quantity": 1, "unit_price": 1}
    world.insert(home, sales.order_item, **item)
    world.subscription(acme, product, order_id=order.id)
    for about, record in (("account", acme), ("contact", contact), ("order", order)):
        world.insert(home, crm.activity, kind="task", account_id=acme.id, about=about, about_id=record.id, **access)
    before = _counts(world, reseller.id)

    world.transfer_accounts(acme, to=reseller)

    after = _counts(world, reseller.id)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"account": 1, "contact": 1, "history_line": 2}
    assert len(world.rows(home, crm.activity)) == 3


def test_dn_28_contacts_are_copied_as_they_stand(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    eva, plain = world.contact(acme, **PERSON), world.contact(acme, last_name="Plain")

    world.transfer_accounts(acme, to=reseller)

    copies = {row.id: row for row in world.rows(reseller, crm.contact, account_id=acme.id)}
    assert copies.keys() == {eva.id, plain.id}
    assert {name: getattr(copies[eva.id], name) for name in PERSON} == PERSON
    assert not any((copies[plain.id].is_primary, copies[plain.id].bill_to_contact, copies[plain.id].opt_in))


def test_dn_28_custom_fields_shop_access_and_people_are_the_resellers_to_give(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    eva = world.contact(acme, custom_fields={"likes": "tea"}, storefront_user=True)
    gone = world.contact(acme, standing="moved_out")

    world.transfer_accounts(acme, to=reseller)

    copy = world.row(reseller, crm.contact, eva.id)
    assert copy
    assert (copy.custom_fields, copy.storefront_user, copy.standing) == ({}, False, "own")
    assert (copy.responsible_user_id, copy.permission_rule_id) == (reseller.admin_id, reseller.rule_id)
    assert world.row(reseller, crm.contact, gone.id) is None
    above = world.row(world.distributor(), crm.contact, eva.id)
    assert above == eva


def test_dn_28_each_contact_has_one_history_line(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = full_account(world, reseller)
    eva, gone = world.contact(acme), world.contact(acme, standing="moved_out")

    handover = world.plan(acme, to=reseller)
    done = world.confirm(handover)

    (line,) = history(world, reseller, eva.id)
    assert line.sentence == f"Contact was transferred from {home.name}"
    assert (line.entity, line.at, line.actor, line.actor_id) == ("contact", done.started_at, "Tenantry", None)
    assert (line.handover_id, line.changes) == (handover.id, None)
    assert history(world, reseller, gone.id) == []


def test_dn_23_an_account_without_an_address_has_none_below(world: World) -> None:
    reseller = world.tenant_reseller()
    bare, housed = world.account(bill_to=reseller), world.account(bill_to=reseller)
    world.address(housed)

    handover = world.plan(bare, housed, to=reseller)
    world.confirm(handover)

    assert codes(handover) == {"no-address"}
    assert [row.account_id for row in world.rows(reseller, crm.address)] == [housed.id]


def _counts(world: World, tenant_id: object) -> dict[str, int]:
    with world.web.work(Row(id=tenant_id).id) as work:
        return {
            table.name: work.connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[table.name])) or 0
            for table in tables("tenant")
            if table.name != "counter"
        }
