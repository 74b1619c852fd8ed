"""Locks declared are locks enforced: what is locked is refused with its rule,
what is not is let through (UP-02, UP-03, UP-23, BO-21).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tenantry.crm import actions as crm_actions
from tenantry.crm.fields import forms
from tenantry.kernel.problems import Problem, Refused
from tenantry.rules import mirror_up
from tenantry.rules.copy import Copy
from tenantry.rules.policy import Account, Address, Asset, Order, Policy, Subscription
from tenantry.rules.transfer_subscriptions import copies as copied_down
from tenantry.sales import actions as sales_actions
from tenantry.schema import catalog, crm, sales
from tests.world import Row, Tenant, World


def other_values(world: World, home: Tenant, reseller: Tenant) -> dict[str, Any]:
    """Give, for every field that a form has, another value than an account, address or order of these stories has."""
    method, price_list = (
        world.payment_method(home, name="Card"),
        world.insert(home, catalog.price_list, name="P", currency="EUR"),
    )
    return {
        "country": "IT",
        "state": "Lazio",
        "email": "other@acme.example",
        "website": "https://other.example",
        "language": "fr",
        "vat_number": "DE136695976",
        "currency": "USD",
        "credit_limit": "7",
        "billing_day": 5,
        "partial_charges_invoicing": "next_billing_day",
        "payment_method_id": method.id,
        "price_list_id": price_list.id,
        "responsible_user_id": world.insert(home, "tenant_user", email=f"x@{reseller.code}.example", name="X").id,
        "sales_rep_id": home.admin_id,
        "permission_rule_id": world.insert(home, "permission_rule", name=f"Of {reseller.code}").id,
        "parent_id": None,
        "bill_to_id": None,
        "custom_fields": {},
        "order_type_id": world.insert(home, sales.order_type, name=f"T {reseller.code}").id,
        "ordered_on": date(2020, 1, 1),
        "status": "suspended",
        "is_billing": True,
    }


def changed(name: str, row: Row, others: Mapping[str, Any]) -> Any:
    value = getattr(row, name)
    if isinstance(value, bool) and name != "is_billing":
        return not value
    return others.get(name, f"other {name}")


def refusal(world: World, at: Tenant, act: Any, id_: UUID, changes: Mapping[str, Any]) -> str | None:
    """Give the rule with which a change is refused by policy; None when it is not."""
    try:
        with world.web.work(at.id, world.admin(at)) as work:
            act(work, id_, changes)
    except Refused as refused:
        return refused.rule
    except Problem as problem:
        return f"not by policy: {problem.code} {problem.message}"
    return None


def managed(world: World, standing: str) -> tuple[Tenant, Tenant, Row]:
    home, reseller = world.distributor(), world.tenant_reseller(state="live")
    row = world.account(bill_to=reseller, standing=standing, managed_by=reseller.id)
    return home, reseller, row


@pytest.mark.parametrize("standing", ["handed_down", "mirrored"])
def test_up_02_locked_fields_of_an_account_are_refused_with_their_rule_and_the_others_pass(
    world: World, standing: str
) -> None:
    """UP-02, UP-05, UP-10: whoever manages it changes them there; UP-22: everything else is edited."""
    home, reseller, acme = managed(world, standing)
    others = other_values(world, home, reseller)
    locks = Account.locks(acme)
    assert {"name", "accounting_no", "email", "currency", "bill_to_id", "parent_id"} <= locks.keys()
    for name in forms.ACCOUNT:
        value = others["parent_id"] if name == "parent_id" else changed(name, acme, others)
        if name == "bill_to_id":
            value = acme.id
        if name == "custom_fields":
            continue
        found = refusal(world, home, crm_actions.edit, acme.id, {name: value})
        assert found == (locks[name].rule if name in locks else None), name
    for name in locks:
        row = world.row(home, crm.account, acme.id)
        assert getattr(row, name) == getattr(acme, name), name


def test_up_02_an_account_of_ones_own_has_no_locks(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    assert Account.locks(acme) == {}
    for name in mirror_up.ACCOUNT.locked:
        if name in forms.ACCOUNT:
            value = changed(name, acme, other_values(world, home, world.tenant_reseller()))
            assert refusal(world, home, crm_actions.edit, acme.id, {name: value}) is None, name


def test_up_02_a_locked_field_given_as_it_stands_is_no_change(world: World) -> None:
    """A form that sends everything back is not refused."""
    home, _, acme = managed(world, "handed_down")

    assert refusal(world, home, crm_actions.edit, acme.id, {"name": acme.name, "phone": "1"}) is None
    assert refusal(world, home, crm_actions.edit, acme.id, {"name": "Other", "phone": "2"}) == "UP-02"
    row = world.row(home, crm.account, acme.id)
    assert row
    assert (row.name, row.phone) == (acme.name, "1")


def test_up_03_the_billing_address_is_locked_field_by_field_and_other_addresses_are_not(world: World) -> None:
    home, reseller, acme = managed(world, "handed_down")
    billing, free = world.address(acme, standing="mirrored", is_billing=True), world.address(acme)
    others = other_values(world, home, reseller) | {"state": "DE-BE"}
    locks = Address.locks(Row(standing="mirrored", status=""))
    assert set(forms.ADDRESS) <= locks.keys()
    for name in forms.ADDRESS:
        value = {name: changed(name, free, others)} | ({"state": "IT-25"} if name == "country" else {})
        assert refusal(world, home, crm_actions.edit_address, billing.id, value) == "UP-03", name
        assert refusal(world, home, crm_actions.edit_address, free.id, value) is None, name
    for act in (crm_actions.delete_address, crm_actions.make_billing):
        with pytest.raises(Refused) as refused, world.web.work(home.id, world.admin(home)) as work:
            act(work, billing.id)
        assert refused.value.rule == "UP-03"
    assert world.row(home, crm.address, billing.id) == billing


@pytest.mark.parametrize("standing", ["marked", "back_order"])
def test_bo_21_locked_fields_of_an_order_are_refused_and_the_named_ones_pass(world: World, standing: str) -> None:
    """May edit only: Name, Type, Payment Method, Sales Rep, Contact, Campaign, Responsible User, custom fields."""
    home, reseller, acme = managed(world, "handed_down")
    order = world.order(acme, standing=standing, managed_by=reseller.id)
    others = other_values(world, home, reseller) | {"contact_id": world.contact(acme).id}
    open_ = "name order_type_id payment_method_id sales_rep_id contact_id campaign responsible_user_id".split()
    locks = Order.locks(order)
    assert set(open_).isdisjoint(locks)
    for name in open_:
        found = refusal(world, home, sales_actions.edit_order, order.id, {name: changed(name, order, others)})
        assert found is None, name
    before = world.row(home, sales.order, order.id)
    for name in locks:
        value = {"account_id": acme.id, "bill_to_id": acme.id, "currency": "USD", "status": "submitted"}.get(name)
        changes = {name: value if value is not None else changed(name, order, others)}
        if changes[name] == getattr(order, name):
            changes[name] = reseller.account_id
        assert refusal(world, home, sales_actions.edit_order, order.id, changes) == "BO-21", name
    assert world.row(home, sales.order, order.id) == before


def test_up_23_what_a_mirror_carries_is_what_is_locked() -> None:
    """One declaration: the lock list is read off the copies that keep fields fresh."""
    for standing in ("handed_down", "mirrored"):
        assert mirror_up.ACCOUNT.locked.keys() <= Account.locked[standing].keys()
        for name, stanza in mirror_up.ACCOUNT.locked.items():
            assert Account.locked[standing][name].rule == stanza.rule
    assert mirror_up.BILLING_ADDRESS.locked.keys() <= Address.locked["mirrored"].keys()
    assert set(mirror_up.ACCOUNT.locked) == {"name", "accounting_no", "email", "status"}
    assert set(mirror_up.BILLING_ADDRESS.locked) == {
        *("account_id", "name", "street", "street_2", "city", "postcode", "state", "country", "phone"),
    }


def test_up_30_up_33_up_34_what_of_a_mirrored_sale_follows_the_reseller() -> None:
    assert set(mirror_up.SUBSCRIPTION.locked) == set(
        "account_id product_id cycle quantity start_on paid_from term_until end_on suspended_on renew external_id "
        "provisioning_status status".split()
    )
    assert set(mirror_up.ADD_ON.locked) == {"subscription_id", "product_id", "quantity"}
    assert set(mirror_up.ASSET.locked) == set("account_id product_id quantity bought_on status serial_number".split())


@pytest.mark.parametrize(
    ("policy", "copy", "rule"), [(Subscription, mirror_up.SUBSCRIPTION, "UP-30"), (Asset, mirror_up.ASSET, "UP-34")]
)
def test_up_30_up_34_what_is_mirrored_of_a_sale_is_locked_and_so_is_who_pays(
    policy: type[Policy], copy: Copy, rule: str
) -> None:
    locks = policy.locks(Row(standing="mirrored", status="active"))

    assert locks.keys() == {*copy.locked, "bill_to_id"}
    assert locks["bill_to_id"].rule == rule
    assert policy.locks(Row(standing="own", status="active")) == {}


def test_dn_40_what_of_a_copy_follows_the_distributor_until_go_live() -> None:
    assert set(copied_down.SUBSCRIPTION.locked) == set(
        "name status product_id cycle quantity renew start_on trial_until paid_from anchor_on charged_until term_until "
        "end_on suspended_on external_id provisioning_status".split()
    )
    assert set(copied_down.ADD_ON.locked) == {"product_id", "quantity"}
    assert set(copied_down.ASSET.locked) == set("name status product_id quantity bought_on serial_number".split())
