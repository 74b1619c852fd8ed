"""How an account is copied, field by field (DN-10 to DN-22, DN-24):
every field above has a value, and it is another one.
"""

from decimal import Decimal

import pytest

from tenantry.kernel.problems import Refused
from tenantry.schema import catalog, crm, tenant as t
from tests.channel.stories import (
    GENERIC,
    OF_THE_SELLER,
    account_of,
    again,
    codes,
    confirm,
    finding,
    full_account,
    tenant_row,
    verdicts,
)
from tests.world import World


def test_dn_10_generic_fields_are_copied_as_they_stand(world: World) -> None:
    reseller = world.tenant_reseller()

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    assert {name: getattr(copy, name) for name in GENERIC} == GENERIC


def test_dn_10_an_accounting_number_already_used_below_is_a_warning(world: World) -> None:
    """Both keep it: likeness is never a match (TEN-08)."""
    reseller = world.tenant_reseller()
    world.account(reseller, accounting_no="D-1")
    twin, empty, other = (world.account(bill_to=reseller, accounting_no=number) for number in ("D-1", "", "D-2"))
    world.account(reseller, accounting_no="")

    handover = world.plan(twin, empty, other, to=reseller)

    warning = finding(handover, "accounting-number-taken")
    assert (warning.rule, warning.severity, warning.records) == ("DN-10", "warning", [str(twin.id)])
    world.confirm(handover)
    assert len(world.rows(reseller, crm.account, accounting_no="D-1")) == 2


def test_dn_11_custom_fields_are_not_copied(world: World) -> None:
    reseller = world.tenant_reseller()

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    assert copy.custom_fields == {}


def test_dn_12_the_copy_is_a_direct_customer_of_the_reseller(world: World) -> None:
    reseller = world.tenant_reseller()
    world.update(reseller, t.tenant, reseller.id, billing_day=17)

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    assert (copy.ordering_enabled, copy.own_ordering_options, copy.separate_invoices) == (True, True, False)
    assert (copy.bill_to_id, copy.parent_id, copy.price_list_id) == (copy.id, None, None)
    assert copy.billing_day == 17
    assert (copy.standing, copy.managed_by) == ("received", None)


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_dn_12_its_status_stays_as_it_stands(world: World, status: str) -> None:
    reseller = world.tenant_reseller()

    assert world.transfer_accounts(world.account(bill_to=reseller, status=status), to=reseller).status == status


def test_dn_13_country_comes_from_the_first_address_and_dn_14_so_does_the_state(world: World) -> None:
    """First means lowest position, then oldest."""
    reseller = world.tenant_reseller()  # in GR, GR-I
    acme = full_account(world, reseller, country="FR", state="FR-IDF")
    world.address(acme, position=2, country="IT", state="IT-25")
    world.address(acme, position=1, country="DE", state="DE-BE")

    copy = world.transfer_accounts(acme, to=reseller)

    assert (copy.country, copy.state) == ("DE", "DE-BE")


def test_dn_13_without_an_address_country_and_dn_14_state_are_the_resellers_own(world: World) -> None:
    reseller = world.tenant_reseller()  # in GR, GR-I
    acme = full_account(world, reseller, country="FR", state="FR-IDF")

    handover = world.plan(acme, to=reseller)
    world.confirm(handover)

    copy = account_of(world, reseller, acme.id)
    assert (copy.country, copy.state) == ("GR", "GR-I")
    note = finding(handover, "no-address")
    assert (note.rule, note.severity, note.records) == ("DN-13", "note", [str(acme.id)])


def test_dn_14_a_german_address_never_gets_the_resellers_greek_state(world: World) -> None:
    """Country and state come from one place, also where that place has no state, or no country."""
    reseller = world.tenant_reseller()  # in GR, GR-I
    german, nowhere = full_account(world, reseller), full_account(world, reseller)
    world.address(german, country="DE", state="")
    world.address(nowhere, country="", state="Somewhere")

    handover = world.plan(german, nowhere, to=reseller)
    world.confirm(handover)

    assert "no-address" not in codes(handover)
    copies = [account_of(world, reseller, one.id) for one in (german, nowhere)]
    assert [(copy.country, copy.state) for copy in copies] == [("DE", ""), ("", "Somewhere")]


def test_dn_15_how_it_is_billed_is_how_the_reseller_was_billed(world: World) -> None:
    options = {
        "prorate_billing": True,
        "partial_charges_invoicing": "next_billing_day",
        "auto_invoice_notification": True,
        "taxation": False,
    }
    reseller = world.tenant_reseller(**options)

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    assert {name: getattr(copy, name) for name in options} == options


def test_dn_16_credit_starts_at_nothing(world: World) -> None:
    """Credit is the reseller's to give."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller, credit_limit=500)

    copy = world.transfer_accounts(acme, to=reseller)

    assert copy.credit_limit == 0
    assert account_of(world, world.distributor(), acme.id).credit_limit == Decimal(500)


def test_dn_17_the_payment_method_is_the_tenants_default(world: World) -> None:
    reseller = world.tenant_reseller(payment_method=False)
    world.payment_method(reseller, name="Cash")
    default = world.payment_method(reseller, name="SEPA", is_default=True)

    assert world.transfer_accounts(full_account(world, reseller), to=reseller).payment_method_id == default.id


def test_dn_17_without_a_default_it_is_the_first_one_found_there(world: World) -> None:
    reseller = world.tenant_reseller(payment_method=False)
    first = world.payment_method(reseller, name="Cash", created_at="2020-01-01T00:00Z")
    world.payment_method(reseller, name="Card", created_at="2021-01-01T00:00Z")

    assert world.transfer_accounts(full_account(world, reseller), to=reseller).payment_method_id == first.id


def test_dn_17_no_payment_method_at_all_stops_the_plan(world: World) -> None:
    reseller = world.tenant_reseller(payment_method=False)
    acme = world.account(bill_to=reseller)

    handover = world.plan(acme, to=reseller)

    found = finding(handover, "no-payment-method")
    assert (found.rule, found.severity, found.count) == ("DN-17", "blocker", 0)
    with pytest.raises(Refused) as refused:
        confirm(world, handover)
    assert refused.value.rule == "DN-17"
    assert refused.value.remedy
    assert world.row(reseller, crm.account, acme.id) is None
    assert again(world, handover).status == "planned"
    method = world.payment_method(reseller)
    assert world.transfer_accounts(acme, to=reseller).payment_method_id == method.id


def test_dn_18_a_copied_customer_does_not_resell(world: World) -> None:
    reseller = world.tenant_reseller()

    assert world.transfer_accounts(full_account(world, reseller), to=reseller).reselling_enabled is False


def test_dn_19_who_it_is_to_the_authorities_stays_empty(world: World) -> None:
    reseller = world.tenant_reseller()

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    fields = "registration_number tax_authority trading_name business_activity".split()
    assert {name: getattr(copy, name) for name in fields} == dict.fromkeys(fields, "")
    assert all(OF_THE_SELLER[name] for name in fields)


def test_dn_20_the_first_admin_of_the_resellers_tenant_looks_after_it(world: World) -> None:
    reseller = world.tenant_reseller()
    world.insert(reseller, t.tenant_user, email=f"second@{reseller.code}.example", name="Second")

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    assert copy.responsible_user_id == reseller.admin_id


@pytest.mark.parametrize("lacking", ["admin_user_id", "common_rule_id"])
def test_dn_20_a_tenant_without_an_admin_or_dn_21_without_a_common_rule_stops_the_plan(
    world: World, lacking: str
) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    world.update(reseller, t.tenant, reseller.id, **{lacking: None})

    handover = world.plan(acme, to=reseller)

    found = finding(handover, "no-admin-user")
    assert (found.rule, found.severity) == ("DN-20", "blocker")
    with pytest.raises(Refused) as refused:
        confirm(world, handover)
    assert refused.value.rule == "DN-20"
    world.update(reseller, t.tenant, reseller.id, admin_user_id=reseller.admin_id, common_rule_id=reseller.rule_id)
    assert codes(world.plan(acme, to=reseller)) == {"no-address"}


def test_dn_21_the_common_rule_says_who_may_see_it(world: World) -> None:
    reseller = world.tenant_reseller()
    world.insert(reseller, t.permission_rule, name="Secret")

    copy = world.transfer_accounts(full_account(world, reseller), to=reseller)

    assert copy.permission_rule_id == reseller.rule_id


def test_dn_22_what_the_distributor_wrote_about_it_stays_with_him(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller, description="Difficult to deal with.")

    assert world.transfer_accounts(acme, to=reseller).description == ""
    assert account_of(world, world.distributor(), acme.id).description == "Difficult to deal with."


def test_dn_24_the_currency_stays_where_it_is_activated_below(world: World) -> None:
    reseller = world.tenant_reseller()
    world.insert(reseller, t.tenant_currency, currency="USD")
    acme = full_account(world, reseller, currency="USD")

    handover = world.plan(acme, to=reseller)
    world.confirm(handover)

    assert "currency-not-activated" not in codes(handover)
    assert account_of(world, reseller, acme.id).currency == "USD"


def test_dn_24_else_it_becomes_the_tenants_default_with_a_warning(world: World) -> None:
    reseller = world.tenant_reseller()
    dollars, euros = (world.account(bill_to=reseller, currency=one) for one in ("USD", "EUR"))

    handover = world.plan(dollars, euros, to=reseller)
    world.confirm(handover)

    warning = finding(handover, "currency-not-activated")
    assert (warning.rule, warning.severity, warning.records) == ("DN-24", "warning", [str(dollars.id)])
    assert {account_of(world, reseller, one.id).currency for one in (dollars, euros)} == {
        tenant_row(world, reseller).default_currency
    }


def test_ten_03_a_record_keeps_its_id_in_every_tenant(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    children = {crm.address: world.address(acme).id, crm.contact: world.contact(acme).id}

    copy = world.transfer_accounts(acme, to=reseller)

    assert copy.id == acme.id
    for table, id_ in children.items():
        assert [row.id for row in world.rows(reseller, table, account_id=acme.id)] == [id_]


def test_ten_03_an_account_of_that_id_with_another_standing_is_a_clash(world: World) -> None:
    """Only one that sleeps is woken; anything else holds its own account back, and nobody else's."""
    reseller = world.tenant_reseller()
    clashes, goes = world.account(bill_to=reseller), world.account(bill_to=reseller)
    stays = world.account(reseller, id=clashes.id, name="Somebody else")

    handover = world.plan(clashes, goes, to=reseller)
    done = world.confirm(handover)

    assert verdicts(world, handover) == {clashes.id: "clash", goes.id: "new"}
    found = finding(handover, "already-there")
    assert (found.rule, found.severity) == ("TEN-03", "blocker")
    assert done.counts["copied"] == 1
    assert world.row(reseller, crm.account, clashes.id) == stays
    assert account_of(world, world.distributor(), clashes.id).standing == "own"


def test_dn_02_an_account_that_is_copied_is_held_back_for_that_alone(world: World) -> None:
    """Its copy is no stranger; that of another reseller's account would be."""
    reseller, rival = world.tenant_reseller(), world.tenant_reseller()
    copied, elsewhere = world.account(bill_to=reseller), world.account(bill_to=rival)
    world.transfer_accounts(copied, to=reseller)
    world.transfer_accounts(elsewhere, to=rival)
    world.account(reseller, id=elsewhere.id)

    handover = world.plan(copied, elsewhere, to=reseller)

    held = {one["code"]: one["records"] for one in handover.findings if str(copied.id) in one["records"]}
    assert held.keys() == {"already-copied", "no-address"}
    assert finding(handover, "already-there").records == [str(elsewhere.id)]


def test_ten_08_two_accounts_of_one_name_are_two(world: World) -> None:
    """Nothing is matched by name, e-mail, VAT or accounting number."""
    reseller, rival = world.tenant_reseller(), world.tenant_reseller()
    same = {"name": "Müller KG", "email": "info@mueller.example", "vat_number": "DE1", "accounting_no": "1"}
    there = world.account(reseller, **same)
    one, two = (world.account(bill_to=reseller, **same) for _ in range(2))
    elsewhere = world.account(bill_to=rival, **same)

    world.transfer_accounts(one, two, to=reseller)
    world.transfer_accounts(elsewhere, to=rival)

    assert {row.id for row in world.rows(reseller, crm.account, name="Müller KG")} == {there.id, one.id, two.id}
    assert [row.id for row in world.rows(rival, crm.account)] == [elsewhere.id]
    assert world.row(reseller, crm.account, there.id) == there


def test_ten_08_numbers_are_the_takers_own_and_go_on_from_his_last(world: World) -> None:
    reseller = world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(3)]
    one, *rest = accounts

    world.transfer_accounts(one, to=reseller)
    world.transfer_accounts(*rest, to=reseller)

    assert sorted(row.number for row in world.rows(reseller, crm.account)) == [1001, 1002, 1003]
    counter = next(row for row in world.rows(reseller, t.counter) if row.name == "account")
    assert counter.next == 1004


def test_dn_26_dn_28_dn_23_dn_25_a_copy_starts_at_version_1_and_at_the_moment_of_the_transfer(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller, version=7, created_at="2020-01-01T00:00Z")
    contact = world.contact(acme, version=7, created_at="2020-01-01T00:00Z")
    address = world.address(acme, version=7, created_at="2020-01-01T00:00Z")
    option = world.insert(
        world.distributor(),
        catalog.sync_option,
        account_id=acme.id,
        system_id=world.insert(world.distributor(), catalog.provisioning_system, name="S").id,
        version=7,
    )
    assert option

    handover = world.plan(acme, to=reseller)
    done = world.confirm(handover)

    for table, id_ in ((crm.account, acme.id), (crm.contact, contact.id), (crm.address, address.id)):
        copy = world.row(reseller, table, id_)
        assert copy
        assert copy.version == 1, table.name
        kept = table is crm.address  # the order among addresses of one position is their age
        assert copy.created_at == (address.created_at if kept else done.started_at), table.name
