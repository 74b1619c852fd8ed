"""What the fields hold, and what is answered when something else is given."""

from typing import Any

import pytest
from email_validator import validate_email

from tenantry.crm import actions
from tenantry.crm.fields import readers
from tenantry.crm.new import NewAccount, NewAddress, NewContact
from tenantry.kernel.problems import Invalid
from tenantry.schema import tenant as t
from tests.crm.stories import act, create, view
from tests.world import World


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        ("name", "", "needed"),
        ("name", "   ", "needed"),
        ("name", "x" * 5_000_000, "too-long"),
        ("name", "Ac\x00me", "control-characters"),
        ("name", "Ac\nme", "control-characters"),
        ("name", "Ac\ud800me", "control-characters"),
        ("name", 5, "not-a-text"),
        ("email", "not an e-mail", "email"),
        ("website", "javascript:alert(1)", "website"),
        ("website", "nonsense", "website"),
        ("country", "Atlantis", "TEN-30"),
        ("currency", "XXY", "TEN-30"),
        ("currency", "JPY", "TEN-30"),
        ("language", "klingon!", "TEN-30"),
        ("credit_limit", "-1", "negative"),
        ("credit_limit", "NaN", "not-an-amount"),
        ("credit_limit", "1e999999", "not-an-amount"),
        ("billing_day", 29, "billing-day"),
        ("billing_day", True, "billing-day"),
        ("ordering_enabled", "maybe", "not-a-flag"),
        ("partial_charges_invoicing", "never", "no-such-choice"),
        ("vat_number", "!!", "vat-number"),
        ("responsible_user_id", "7f3c", "not-an-id"),
        ("responsible_user_id", "00000000-0000-0000-0000-000000000001", "no-such-record"),
        ("price_list_id", "00000000-0000-0000-0000-000000000001", "no-such-record"),
        ("payment_method_id", "00000000-0000-0000-0000-000000000001", "no-such-record"),
        ("permission_rule_id", None, "needed"),
        ("status", "closed", "no-such-field"),
        ("standing", "own", "no-such-field"),
        ("custom_fields", {"nothing": 1}, "TEN-23"),
    ],
)
def test_a_field_that_does_not_fit_is_named_with_its_way_out(world: World, field: str, given: Any, code: str) -> None:
    """Nothing is changed; a value that fits is taken from the same account."""
    distributor = world.distributor()
    acme = create(world)

    with pytest.raises(Invalid) as wrong:
        act(world, distributor, actions.edit, acme, {"phone": "1", field: given})
    fault = wrong.value.faults[0]
    assert (fault.field.split(".")[0], fault.rule or fault.code) == (field, code)
    assert bool(fault.rule) == code.startswith("TEN-")
    assert fault.remedy
    assert len(str(wrong.value)) < 2000

    assert view(world, distributor, acme).phone == ""


def test_every_fault_is_told_at_once(world: World) -> None:
    """Also those of addresses and contacts, each with its place."""
    new = NewAccount(
        name="",
        email="x",
        addresses=(NewAddress(city="Berlin", country="DE", state="GR-I"), NewAddress()),
        contacts=(NewContact(last_name="", email="y"), NewContact(last_name="Weber", storefront_user=True)),
    )

    with pytest.raises(Invalid) as wrong:
        act(world, world.distributor(), actions.create, new)

    assert [fault.field for fault in wrong.value.faults] == [
        "name",
        "email",
        "addresses[0].state",
        "addresses[1].city",
        "contacts[0].last_name",
        "contacts[0].email",
        "contacts[1].email",
    ]


def test_ten_30_country_state_and_currency_are_the_iso_ones(world: World) -> None:
    """Names are read as their codes; a state belongs to its country, and is free words where there is none."""
    distributor = world.distributor()
    acme = create(world, country="Germany", state="bayern")
    seen = view(world, distributor, acme)
    assert (seen.country, seen.state) == ("DE", "DE-BY")

    with pytest.raises(Invalid) as wrong:
        act(world, distributor, actions.edit, acme, {"country": "GR"})
    act(world, distributor, actions.edit, acme, {"country": "GR", "state": "GR-I"})

    assert [(fault.field, fault.rule) for fault in wrong.value.faults] == [("state", "TEN-30")]
    assert view(world, distributor, acme).state == "GR-I"
    assert view(world, distributor, create(world, country="VA", state="Anywhere")).state == "Anywhere"


def test_ten_30_a_credit_limit_is_rounded_half_even_to_the_minor_unit(world: World) -> None:
    """Of the account's currency."""
    distributor = world.distributor()
    world.insert(distributor, t.tenant_currency, currency="JPY")

    euro, yen = (create(world, credit_limit="2.345", currency=code) for code in ("EUR", "JPY"))

    assert str(view(world, distributor, euro).credit_limit.normalize()) == "2.34"
    assert str(view(world, distributor, yen).credit_limit.normalize()) == "2"


def test_ten_23_custom_fields_are_read_as_their_type(world: World) -> None:
    """Defaults are filled in, wrong values named, and the others kept when one is changed."""
    distributor = world.distributor()
    world.insert(distributor, t.custom_field, entity="account", name="size", label="Size", type="number")
    world.insert(
        distributor, t.custom_field, entity="account", name="tier", label="Tier", type="choice",
        choices=["gold", "iron"], default_value="iron",
    )  # fmt: skip
    acme = create(world, custom_fields={"size": 5})

    act(world, distributor, actions.edit, acme, {"custom_fields": {"tier": "gold"}})
    with pytest.raises(Invalid) as wrong:
        act(world, distributor, actions.edit, acme, {"custom_fields": {"tier": "wood"}})

    assert view(world, distributor, acme).custom_fields == {"size": "5", "tier": "gold"}
    assert wrong.value.faults[0].field == "custom_fields.tier"


def test_a_vat_number_with_a_wrong_check_digit_is_a_doubt_and_a_malformed_one_an_error(world: World) -> None:
    """The form is certain, the check digit may be the typist's or the library's."""
    create(world, country="DE", vat_number="DE136695977")

    with pytest.raises(Invalid) as wrong:
        create(world, country="DE", vat_number="DE13")

    assert wrong.value.faults[0].code == "vat-number"


def test_an_e_mail_address_is_read_as_its_library_does_whether_its_domain_was_seen_before_or_not() -> None:
    addresses = ["eva@bench.example", "eva.weber+a_b-c@sub.bench.example", "Info@bench.example", "INFO@Bench.Example"]
    addresses += ["eva@xn--mnchen-3ya.example", "eva@münchen.example", "a@1.bench.example"]
    addresses += ["x" * 64 + "@bench.example", "x" * 65 + "@bench.example"]
    wrong = ["eva..w@bench.example", ".eva@bench.example", "eva@bench", "eva@localhost", "eva@-x.example"]
    wrong += ["eva@bench.example.", "eva@bench..example", "a@" + ".".join(["y" * 50] * 5) + ".example"]

    for address in addresses * 2:
        assert readers.email(address) == validate_email(address, check_deliverability=False).normalized
    for address in wrong * 2:
        with pytest.raises(readers.Unfit, match="no e-mail address"):
            readers.email(address)
