"""Accounts: made, edited, and who pays (TEN-08, TEN-22, TEN-24)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tenantry.crm import actions, history
from tenantry.crm.new import NewAccount, NewAddress, NewContact
from tenantry.kernel.actor import SYSTEM
from tenantry.kernel.problems import Stale
from tenantry.schema import catalog, tenant as t
from tests.crm.stories import act, counted, create, person, received, rule, sentences, told, view
from tests.world import World


def test_ten_08_a_new_account_gets_the_tenants_own_number_and_its_defaults(world: World) -> None:
    """Numbers count on; currency, payment method, billing day, user and rule are the tenant's unless given."""
    distributor = world.distributor()

    first, second = (view(world, distributor, create(world)) for _ in range(2))

    assert second.number == first.number + 1
    assert (first.currency, first.billing_day, first.payment_method_name) == ("EUR", 1, "Invoice")
    assert (first.bill_to_id, first.parent_id, first.standing) == (first.id, None, "own")
    assert (first.responsible_user_id, first.permission_rule_name) == (distributor.admin_id, "Common")
    assert sentences(world, distributor, first.id) == ["Account was created"]


def test_ten_08_two_accounts_with_everything_alike_are_two_accounts(world: World) -> None:
    """Name, e-mail, accounting number and VAT number are never unique, and nothing is matched by them."""
    same: dict[str, Any] = {
        "name": "Acme",
        "email": "office@acme.example",
        "accounting_no": "C-1",
        "vat_number": "DE136695976",
    }

    assert create(world, **same) != create(world, **same)


def test_ten_22_the_api_options_say_who_looks_after_what_the_system_makes(world: World) -> None:
    """A person's own account is his; the system's is the one's that the API options name."""
    distributor = world.distributor()
    other = rule(world, distributor)
    anna = person(world, distributor)
    world.insert(distributor, t.api_option, entity="account", responsible_user_id=anna.id, permission_rule_id=other)

    by_system = act(world, distributor, actions.create, NewAccount(name="Acme"), by=SYSTEM)
    by_person = create(world)

    seen = view(world, distributor, by_system)
    assert (seen.responsible_user_id, seen.permission_rule_id) == (anna.id, other)
    assert view(world, distributor, by_person).responsible_user_id == distributor.admin_id


def test_accounts_are_made_with_addresses_and_contacts_in_a_constant_number_of_statements(world: World) -> None:
    """One account or thirty: the same statements."""
    distributor = world.distributor()
    parts: dict[str, Any] = {
        "addresses": (NewAddress(city="Berlin", country="DE"),),
        "contacts": (NewContact(last_name="Weber"),),
    }

    prices = world.insert(distributor, catalog.price_list, name="Special", currency="EUR")
    counts = []
    for size in (1, 30):
        with counted(world) as statements:
            new = [NewAccount(name=f"A{n}", **parts) for n in range(size)]
            new[-1] = replace(new[-1], price_list_id=prices.id)
            ids = act(world, distributor, actions.create_many, new)
        counts.append(len(statements))

    assert counts[0] == counts[1]
    seen = view(world, distributor, ids[-1])
    assert [(one.city, one.is_billing) for one in seen.addresses] == [("Berlin", True)]
    assert [one.last_name for one in seen.contacts] == ["Weber"]
    assert seen.price_list_name == "Special"


def test_ten_24_an_edit_leaves_a_line_with_before_and_after(world: World) -> None:
    """Only what changed is written, counted and told."""
    distributor = world.distributor()
    acme = create(world, phone="1", currency="EUR")

    act(world, distributor, actions.edit, acme, {"phone": "2", "name": "Acme", "credit_limit": "100.005"}, version=1)
    act(world, distributor, actions.edit, acme, {"phone": "2"})

    seen = view(world, distributor, acme)
    assert (seen.version, seen.phone, seen.credit_limit) == (2, "2", Decimal("100.000000"))
    last = act(world, distributor, history.lines, acme).lines[0]
    assert last.sentence == "Account was edited"
    assert [one.field for one in last.changes] == ["phone", "credit_limit"]
    assert (last.changes[0].before, last.changes[0].after) == ("1", "2")
    with pytest.raises(Stale):
        act(world, distributor, actions.edit, acme, {"phone": "3"}, version=1)


def test_up_40_a_resellers_tenant_tells_its_parent_and_a_top_tenant_has_nobody_to_tell(world: World) -> None:
    """The message is written with the change."""
    copy, reseller = received(world)
    distributor = world.distributor()
    own = create(world)

    act(world, reseller, actions.edit, copy.id, {"phone": "1"})
    act(world, distributor, actions.edit, own, {"phone": "1"})

    assert told(world, reseller) == [copy.id]
    assert told(world, distributor) == []
