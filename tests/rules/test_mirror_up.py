"""The account that a first sale below makes above, field by field, as the second seed tells it (UP-02 to UP-14)."""

from typing import Any
from uuid import UUID

from tenantry.kernel.ids import new_id
from tenantry.rules import mirror_up
from tenantry.rules.copy import Copy
from tenantry.rules.mirror_up.batch import managed
from tenantry.rules.plan import page
from tests.world import Row, Tenant, World


def copied_up(world: World, copy: Copy, reseller: Tenant, account: Row, chosen: Any = page) -> None:
    """Copy what is chosen from the reseller's tenant into the distributor's."""
    above = world.distributor()
    words: dict[str, Any] = {"giver": reseller.id, "taker": above.id, "reseller": reseller.account_id}
    words |= {"page": [account.id], "after": UUID(int=0), "upto": account.id}
    words["managed"] = [account.id]
    words |= {"first_number": 900_000 + account.number}
    with world.worker.channel(reseller.id, [reseller.id, above.id]) as work:
        work.connection.execute(copy.insert_from(chosen), {**words, "at": work.at})


def sold_below(world: World, **reseller: Any) -> tuple[Tenant, Row, Row]:
    """Give a live reseller, one of his customers with everything filled, and its mirror."""
    tenant = world.tenant_reseller(state="live", **reseller)
    customer = world.account(
        at=tenant,
        name="Acme",
        accounting_no="R-1",
        email="office@acme.example",
        phone="+30 1",
        fax="+30 2",
        website="acme.example",
        industry="Retail",
        language="el",
        vat_number="EL1",
        source="Fair",
        registration_number="1",
        tax_authority="2",
        trading_name="3",
        business_activity="4",
        description="5",
        custom_fields={"colour": "blue"},
        country="FR",
        state="FR-75C",
        currency="USD",
        credit_limit=77,
        reselling_enabled=True,
        ordering_enabled=False,
        separate_invoices=False,
        taxation=True,
    )
    world.address(customer, at=tenant, country="GR", state="GR-I", is_billing=True, position=3)
    copied_up(world, mirror_up.ACCOUNT, tenant, customer)
    mirrored = world.row(world.distributor(), "account", customer.id)
    assert mirrored is not None
    return tenant, customer, mirrored


def test_up_02_name_accounting_number_and_e_mail_are_the_resellers_and_locked(world: World) -> None:
    _, _, mirrored = sold_below(world)

    assert (mirrored.name, mirrored.accounting_no, mirrored.email) == ("Acme", "R-1", "office@acme.example")
    locks = {name: stanza.rule for name, stanza in mirror_up.ACCOUNT.locked.items()}
    assert locks == {"name": "UP-02", "accounting_no": "UP-02", "email": "UP-02", "status": "UP-21"}


def test_up_21_its_status_follows(world: World) -> None:
    tenant = world.tenant_reseller(state="live")
    customer = world.account(at=tenant, status="suspended")

    copied_up(world, mirror_up.ACCOUNT, tenant, customer)

    mirrored = world.row(world.distributor(), "account", customer.id)
    assert mirrored is not None
    assert mirrored.status == "suspended"


def test_up_04_ordering_is_on(world: World) -> None:
    assert sold_below(world)[2].ordering_enabled is True


def test_up_05_a_sub_customer_of_the_reseller_who_pays(world: World) -> None:
    tenant, _, mirrored = sold_below(world)

    assert (mirrored.bill_to_id, mirrored.parent_id) == (tenant.account_id, tenant.account_id)


def test_up_06_separate_invoices_as_the_tenant_reseller_page_says(world: World) -> None:
    tenant, _, mirrored = sold_below(world)
    assert mirrored.separate_invoices is False
    world.update(world.distributor(), "tenant_reseller", tenant.account_id or new_id(), separate_invoices=True)
    other = world.account(at=tenant)

    copied_up(world, mirror_up.ACCOUNT, tenant, other)

    found = world.row(world.distributor(), "account", other.id)
    assert found is not None
    assert found.separate_invoices is True


def test_up_07_up_08_responsible_user_and_permission_rule_are_the_api_options_else_the_admin_and_default(
    world: World,
) -> None:
    above = world.distributor()
    tenant, _, mirrored = sold_below(world)
    assert (mirrored.responsible_user_id, mirrored.permission_rule_id) == (above.admin_id, above.rule_id)
    user = world.insert(above, "tenant_user", email=f"{new_id()}@meridian.example", name="Ops")
    rule = world.insert(above, "permission_rule", name=f"Channel {new_id()}")
    world.insert(above, "api_option", entity="account", responsible_user_id=user.id, permission_rule_id=rule.id)
    other = world.account(at=tenant)

    copied_up(world, mirror_up.ACCOUNT, tenant, other)

    found = world.row(above, "account", other.id)
    assert found is not None
    assert (found.responsible_user_id, found.permission_rule_id) == (user.id, rule.id)


def test_up_10_its_currency_is_the_one_the_reseller_has_above(world: World) -> None:
    assert sold_below(world, currency="GBP")[2].currency == "GBP"


def test_up_11_it_is_managed_by_the_tenant_reseller(world: World) -> None:
    tenant, _, mirrored = sold_below(world)

    assert (mirrored.standing, mirrored.managed_by) == ("mirrored", tenant.id)


def test_up_12_country_and_state_are_the_billing_addresss_else_unknown(world: World) -> None:
    tenant, _, mirrored = sold_below(world)
    assert (mirrored.country, mirrored.state) == ("GR", "GR-I")
    homeless = world.account(at=tenant, country="FR", state="FR-75C")

    copied_up(world, mirror_up.ACCOUNT, tenant, homeless)

    found = world.row(world.distributor(), "account", homeless.id)
    assert found is not None
    assert (found.country, found.state) == ("", "")


def test_up_12_ordering_options_are_those_of_the_bill_to_account(world: World) -> None:
    above = world.distributor()
    price_list = world.insert(above, "price_list", name="Partners", currency="EUR")
    method = world.payment_method(above, name="SEPA")
    given = {
        "price_list_id": price_list.id,
        "payment_method_id": method.id,
        "credit_limit": 1234,
        "prorate_billing": True,
        "partial_charges_invoicing": "next_billing_day",
        "auto_invoice_notification": True,
        "taxation": False,
        "billing_day": 17,
    }

    _, _, mirrored = sold_below(world, **given)

    assert {name: getattr(mirrored, name) for name in given} == given
    assert mirrored.own_ordering_options is False
    assert mirrored.reselling_enabled is False


def test_up_12_everything_else_is_blank_and_the_distributors_to_fill(world: World) -> None:
    _, _, mirrored = sold_below(world)

    blank = "phone fax website industry language vat_number source registration_number tax_authority"
    blank += " trading_name business_activity description"
    assert {name: getattr(mirrored, name) for name in blank.split()} == dict.fromkeys(blank.split(), "")
    assert mirrored.custom_fields == {}


def test_ten_08_up_01_its_number_is_the_distributors_own_and_it_is_made_now(world: World) -> None:
    _, customer, mirrored = sold_below(world)

    assert (mirrored.number, mirrored.version) == (900_000 + customer.number, 1)
    assert mirrored.created_at > customer.created_at


def test_up_03_up_14_the_billing_address_comes_with_it_and_is_locked(world: World) -> None:
    tenant, customer, _ = sold_below(world)
    world.address(customer, at=tenant, city="Patras")

    copied_up(world, mirror_up.BILLING_ADDRESS, tenant, customer)

    found = world.rows(world.distributor(), "address", account_id=customer.id)
    assert [(one.city, one.country, one.is_billing, one.position, one.standing, one.version) for one in found] == [
        ("Berlin", "GR", True, 0, "mirrored", 1)
    ]
    locked = "account_id name street street_2 city postcode state country phone"
    assert {name: stanza.rule for name, stanza in mirror_up.BILLING_ADDRESS.locked.items()} == dict.fromkeys(
        locked.split(), "UP-03"
    )


def test_up_09_sync_options_come_with_it(world: World) -> None:
    tenant, customer, _ = sold_below(world)
    system = world.insert(world.distributor(), "provisioning_system", name="Panel")
    world.insert(tenant, "provisioning_system", id=system.id, name="Panel")
    tie = world.insert(
        tenant,
        "sync_option",
        account_id=customer.id,
        system_id=system.id,
        external_id="T-1",
        status="synchronized",
        system_data={"domain": "d"},
    )

    copied_up(world, mirror_up.SYNC_OPTION, tenant, customer, chosen=managed)

    found = world.row(world.distributor(), "sync_option", tie.id)
    assert found is not None
    assert (found.external_id, found.status, found.system_data, found.version) == (
        "T-1",
        "synchronized",
        {"domain": "d"},
        1,
    )
    assert set(mirror_up.SYNC_OPTION.locked) == {"account_id", "system_id", "external_id", "status", "system_data"}
