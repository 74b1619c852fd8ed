"""What the distributor may and may not do with an account its reseller manages, and what the reseller may (UP, DN-30,
DN-31).
"""

from decimal import Decimal

import pytest

from tenantry.crm import actions
from tenantry.crm.new import NewActivity, NewAddress, NewContact
from tenantry.kernel.problems import Refused
from tenantry.schema import catalog, crm
from tests.crm.stories import act, managed, received, view
from tests.world import World


def test_up_11_the_ribbon_names_the_resellers_account_as_it_is_called_now(world: World) -> None:
    """Read when shown, so a new name shows at once; an account of one's own has none."""
    account, reseller = managed(world)
    distributor = world.distributor()

    before = view(world, distributor, account.id).ribbon
    assert reseller.account_id
    world.update(distributor, crm.account, reseller.account_id, name="Helios Sky")
    after = view(world, distributor, account.id)

    assert before == "This account is managed by Helios Cloud Tenant Reseller"
    assert after.ribbon == "This account is managed by Helios Sky Tenant Reseller"
    assert after.managed_by_account_id == reseller.account_id
    assert view(world, distributor, world.account().id).ribbon is None


@pytest.mark.parametrize("field", ["name", "accounting_no", "email"])
def test_up_02_name_accounting_number_and_email_are_locked(world: World, field: str) -> None:
    """Refused with the rule on a managed account, taken on one's own; given as it stands it is no change."""
    account, _ = managed(world, email="old@acme.example")
    own, distributor = world.account(), world.distributor()
    value = "new@acme.example"

    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.edit, account.id, {field: value})
    act(world, distributor, actions.edit, own.id, {field: value})
    act(world, distributor, actions.edit, account.id, {field: getattr(account, field), "phone": "1"})

    assert refusal.value.rule == "UP-02"
    assert getattr(view(world, distributor, own.id), field) == value
    assert view(world, distributor, account.id).phone == "1"
    assert view(world, distributor, account.id).locked_fields[field].rule == "UP-02"


@pytest.mark.parametrize(("field", "rule"), [("currency", "UP-10"), ("bill_to_id", "UP-05"), ("parent_id", "UP-05")])
def test_up_05_bill_to_and_currency_change_by_a_handover_only(world: World, field: str, rule: str) -> None:
    """Of a managed account; of one's own they may be changed."""
    account, _ = managed(world)
    other = world.account(reselling_enabled=True)
    own, distributor = world.account(), world.distributor()
    changes = {"currency": "USD"} if field == "currency" else {field: other.id}

    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.edit, account.id, changes)
    act(world, distributor, actions.edit, own.id, {"currency": "USD"})
    act(world, distributor, actions.set_bill_to, own.id, other.id)

    assert refusal.value.rule == rule
    seen = view(world, distributor, own.id)
    assert (seen.currency, seen.bill_to_id, seen.parent_id) == ("USD", other.id, other.id)


def test_up_03_the_billing_address_is_the_resellers(world: World) -> None:
    """It is not edited, deleted or replaced above; other addresses are the distributor's own."""
    account, _ = managed(world)
    distributor = world.distributor()
    billing = world.address(account, is_billing=True, standing="mirrored")
    other = act(world, distributor, actions.add_address, account.id, NewAddress(city="Hamburg"))

    for attempt in (
        lambda: act(world, distributor, actions.edit_address, billing.id, {"city": "Bonn"}),
        lambda: act(world, distributor, actions.delete_address, billing.id),
        lambda: act(world, distributor, actions.make_billing, other),
        lambda: act(world, distributor, actions.add_address, account.id, NewAddress(city="Ulm", is_billing=True)),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == "UP-03"
    act(world, distributor, actions.edit_address, other, {"city": "Bonn"})

    seen = view(world, distributor, account.id).addresses
    assert [(one.city, one.is_billing) for one in seen] == [("Berlin", True), ("Bonn", False)]
    assert [bool(one.actions["edit"]) for one in seen] == [False, True]
    assert seen[0].locked_fields["city"].rule == "UP-03"


@pytest.mark.parametrize("verb", [actions.suspend, actions.close, actions.delete])
def test_up_20_only_the_reseller_suspends_closes_or_deletes(world: World, verb: object) -> None:
    """Refused above with the rule; with an account of one's own it is done."""
    account, _ = managed(world)
    own, distributor = world.account(), world.distributor()

    with pytest.raises(Refused) as refusal:
        act(world, distributor, verb, account.id)
    act(world, distributor, verb, own.id)

    assert refusal.value.rule == "UP-20"
    assert world.row(distributor, crm.account, account.id).status == "active"


def test_up_20_reactivating_is_the_resellers_too(world: World) -> None:
    """A suspended managed account stays suspended."""
    account, _ = managed(world, status="suspended")
    own, distributor = world.account(status="suspended"), world.distributor()

    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.reactivate, account.id)
    act(world, distributor, actions.reactivate, own.id)

    assert refusal.value.rule == "UP-20"
    assert view(world, distributor, own.id).status == "active"


def test_up_22_the_distributor_may_edit_what_is_not_locked_add_contacts_and_relate(world: World) -> None:
    """All from one managed account."""
    account, _ = managed(world)
    distributor = world.distributor()

    act(world, distributor, actions.edit, account.id, {"phone": "1", "description": "Ours", "credit_limit": 5})
    person = act(world, distributor, actions.add_contact, account.id, NewContact(last_name="Weber"))
    for kind in ("email", "task", "event", "document", "case"):
        act(world, distributor, actions.add_activity, NewActivity(kind=kind, subject="Hello", about_id=account.id))

    seen = view(world, distributor, account.id)
    assert (seen.phone, seen.description, seen.credit_limit) == ("1", "Ours", Decimal(5))
    assert [one.id for one in seen.contacts] == [person]
    assert seen.counts["activities"] == 5


def test_up_23_every_act_is_offered_with_its_verdict(world: World) -> None:
    """The forbidden ones with rule and reason, so that a screen can draw them disabled."""
    account, _ = managed(world)
    seen = view(world, world.distributor(), account.id)

    assert {name for name, verdict in seen.actions.items() if not verdict} == {
        "suspend", "reactivate", "close", "delete", "synchronize", "create_opportunity", "create_offer",
        "create_order", "create_subscription", "create_tenant_reseller", "transfer_down",
    }  # fmt: skip
    assert all(verdict.rule and verdict.why for verdict in seen.actions.values() if not verdict)
    assert not seen.contacts
    assert view(world, world.distributor(), world.account().id).actions["suspend"]


def test_dn_30_the_reseller_sets_price_list_payment_method_credit_and_options_and_adds_contacts(world: World) -> None:
    """Of an account that was copied to him, before he is live."""
    copy, reseller = received(world)
    prices = world.insert(reseller, catalog.price_list, name="Mine", currency="EUR")
    method = world.payment_method(reseller, name="Card")
    wanted = {
        "price_list_id": prices.id,
        "payment_method_id": method.id,
        "credit_limit": "1000",
        "prorate_billing": True,
        "taxation": False,
        "billing_day": 15,
    }

    act(world, reseller, actions.edit, copy.id, wanted)
    act(world, reseller, actions.add_contact, copy.id, NewContact(last_name="Weber"))

    seen = view(world, reseller, copy.id)
    assert (seen.price_list_name, seen.payment_method_name, seen.credit_limit) == ("Mine", "Card", Decimal(1000))
    assert (seen.prorate_billing, seen.taxation, seen.billing_day) == (True, False, 15)
    assert (seen.counts["contacts"], seen.locked_fields) == (1, {})


def test_dn_31_until_he_is_live_the_reseller_sells_nothing_to_it(world: World) -> None:
    """The acts are refused with the rule; once he is live they are offered."""
    copy, reseller = received(world)
    live = world.tenant_reseller(state="live")
    there = world.account(at=live, standing="received")

    before, after = view(world, reseller, copy.id), view(world, live, there.id)

    for name in ("create_order", "create_subscription"):
        assert before.actions[name].rule == "DN-31"
        assert after.actions[name]


def test_up_24_a_received_account_is_not_deleted_before_go_live(world: World) -> None:
    """It can only be handed back; once live it is his own, and its row stays for the parent to see."""
    copy, reseller = received(world)
    live = world.tenant_reseller(state="live")
    there = world.account(at=live, standing="received")

    with pytest.raises(Refused) as refusal:
        act(world, reseller, actions.delete, copy.id)

    assert refusal.value.rule == "UP-24"
    assert act(world, live, actions.delete, there.id) == "deleted"
    assert view(world, live, there.id).status == "deleted"
