"""Made-up records: any value that a column may hold, so that no rule passes because of a lucky example."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tenantry.schema import crm

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
places = st.sampled_from([("DE", "DE-BE"), ("DE", ""), ("GR", "GR-I"), ("", "Somewhere"), ("FR", "FR-IDF"), ("", "")])
money = st.decimals(0, 10**9, places=2).map(Decimal)
anything = st.dictionaries(
    st.sampled_from(["rank", "größe", "x"]), words | st.integers(0, 9) | st.booleans(), max_size=2
)
currencies = st.sampled_from(["EUR", "USD", "GBP"])
GENERIC = "accounting_no email phone fax website industry language vat_number source"
SELLERS = "registration_number tax_authority trading_name business_activity description"
START = datetime(2026, 1, 1, tzinfo=UTC)


def _place(of: dict[str, Any]) -> dict[str, Any]:
    country, state = of.pop("place")
    return {**of, "country": country, "state": state}


billing_options = {
    "prorate_billing": st.booleans(),
    "partial_charges_invoicing": st.sampled_from(crm.account.c.partial_charges_invoicing.info["values"]),
    "auto_invoice_notification": st.booleans(),
    "taxation": st.booleans(),
}
accounts = st.fixed_dictionaries(
    {
        "name": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        **dict.fromkeys((*GENERIC.split(), *SELLERS.split()), words),
        **billing_options,
        **dict.fromkeys(
            ["ordering_enabled", "own_ordering_options", "reselling_enabled", "separate_invoices"], st.booleans()
        ),
        "custom_fields": anything,
        "place": places,
        "currency": currencies,
        "credit_limit": money,
        "billing_day": st.integers(1, 28),
        "status": st.sampled_from(["active", "suspended"]),
    }
).map(_place)

resellers = st.fixed_dictionaries({**billing_options, "place": places, "currency": currencies}).map(_place)

address = st.fixed_dictionaries(
    {
        **dict.fromkeys("name street street_2 city postcode phone".split(), words),
        "position": st.integers(0, 2),
        "place": places,
    }
).map(_place)


@st.composite
def addresses(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw some addresses of one account: at most one is the billing address, and no two are equally old."""
    found = draw(st.lists(address, max_size=3))
    ages = draw(st.permutations(range(len(found))))
    billing = draw(st.integers(-1, len(found) - 1))
    return [
        {**one, "created_at": START + timedelta(hours=age), "is_billing": place == billing}
        for place, (one, age) in enumerate(zip(found, ages, strict=True))
    ]


contact = st.fixed_dictionaries(
    {
        "last_name": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        **dict.fromkeys("first_name company_role email phone mobile fax language lead_source".split(), words),
        **dict.fromkeys(["is_primary", "bill_to_contact", "opt_in", "storefront_user"], st.booleans()),
        "custom_fields": anything,
        "standing": st.sampled_from(["own", "own", "own", "moved_out"]),
    }
)
contacts = st.lists(contact, max_size=2)
tie = st.fixed_dictionaries(
    {
        "external_id": words,
        "status": st.sampled_from(["not_synchronized", "pending", "synchronized", "failed"]),
        "system_data": anything,
    }
)
asleep = st.sampled_from([None, None, "moved_out", "transferred_out"])

customer = st.fixed_dictionaries(
    {
        "account": accounts,
        "addresses": addresses(),
        "contacts": contacts,
        "ties": st.lists(tie, max_size=2),
        "orders": st.lists(st.sampled_from(["draft", "executed", "cancelled"]), max_size=2),
        "asleep": asleep,
        "sleeper": accounts,
        "known_addresses": st.booleans(),
        "known_contacts": st.booleans(),
    }
)
