"""The fields of accounts, addresses, contacts and activities, said once for pages and forms."""

from collections.abc import Sequence

from tenantry.catalog.lists import PRICE_LISTS
from tenantry.charging.payment_methods import payment_methods
from tenantry.crm.actions.activities import KINDS
from tenantry.database import Work
from tenantry.tenancy import queries
from tenantry.tenancy.listing import ListRequest
from tenantry.web.ui.inputs import Input, Section, named, records
from tenantry.web.ui.views import Option
from tenantry.web.words import Words

MOST = 200

GENERAL = Section(
    "General",
    (
        Input("name", "Name", required=True),
        Input("accounting_no", "Accounting number", help="As the accounting system knows the account."),
        Input("email", "E-mail", "email", link="mailto:{}"),
        Input("phone", "Phone", "tel", link="tel:{}"),
        Input("fax", "Fax", "tel"),
        Input("website", "Website", link="website"),
        Input("language", "Language", "language", none="The organisation's"),
        Input("country", "Country", "country", none="Not known"),
        Input("state", "State", "state"),
        Input("vat_number", "VAT number"),
        Input("industry", "Industry"),
        Input("source", "Source", help="Where the lead came from."),
    ),
)
COMPANY = Section(
    "Company",
    (
        Input("trading_name", "Trading name"),
        Input("registration_number", "Registration number"),
        Input("tax_authority", "Tax authority"),
        Input("business_activity", "Business activity"),
        Input("description", "Description", "textarea"),
    ),
)
PAYER = (
    Input(
        "parent_id",
        "Customer of",
        "lookup",
        link="/accounts/{}",
        among="resellers",
        help="A reseller: type a part of its name, or its number. Empty: a direct customer.",
    ),
    Input("bill_to_id", "Bill To", "select", link="/accounts/{}", none="Its reseller, else itself"),
)
TERMS = (
    Input("price_list_id", "Price list", "select", link="/price-lists/{}"),
    Input("payment_method_id", "Payment method", "select"),
    Input("currency", "Currency", "select", required=True),
    Input(
        "credit_limit",
        "Credit limit",
        "money",
        help="0: nothing may ever be owed; what a gateway collects at once is not.",
    ),
    Input("billing_day", "Billing day", "number", help="1 to 28."),
    Input("partial_charges_invoicing", "Partial charges are invoiced", "select", required=True),
    Input("ordering_enabled", "Ordering enabled", "checkbox", help="It may be sold to."),
    Input(
        "own_ordering_options",
        "Set account ordering options",
        "checkbox",
        help="It has its own; otherwise those of its Bill To account count.",
    ),
    Input("reselling_enabled", "Reselling enabled", "checkbox", help="It sells to customers of its own: a reseller."),
    Input("prorate_billing", "Prorate billing", "checkbox", help="Periods are aligned to the billing day."),
    Input("separate_invoices", "Separate invoices", "checkbox", help="An invoice of its own, though another pays."),
    Input("auto_invoice_notification", "Send invoices automatically", "checkbox"),
    Input("taxation", "Taxation", "checkbox", help="Taxes are charged."),
)
ACCESS = Section(
    "Access",
    (
        Input("responsible_user_id", "Responsible user", "select", required=True, help="Who looks after it."),
        Input("permission_rule_id", "Permission rule", "select", required=True, help="Who may see and change it."),
    ),
)
ACCOUNT: Sequence[Section] = (GENERAL, COMPANY, Section("Ordering options", (*PAYER, *TERMS)), ACCESS)
NEW_ACCOUNT: Sequence[Section] = (
    GENERAL,
    Section(
        "Address",
        (
            Input("address_street", "Street and number"),
            Input("address_street_2", "Second line"),
            Input("address_postcode", "Post code"),
            Input("address_city", "City"),
            Input("address_country", "Country", "country", none="Not known"),
            Input("address_state", "State", "state"),
        ),
        "It becomes the billing address. Leave it empty to add one later.",
    ),
    COMPANY,
    Section("Ordering options", (PAYER[0], *TERMS)),
    ACCESS,
)

ADDRESS: Sequence[Section] = (
    Section(
        "Address",
        (
            Input("name", "Name", help="Such as Headquarters or Warehouse."),
            Input("street", "Street and number"),
            Input("street_2", "Second line"),
            Input("postcode", "Post code"),
            Input("city", "City"),
            Input("country", "Country", "country", none="Not known"),
            Input("state", "State", "state"),
            Input("phone", "Phone", "tel"),
        ),
    ),
)

CONTACT: Sequence[Section] = (
    Section(
        "Person",
        (
            Input("first_name", "First name"),
            Input("last_name", "Last name", required=True),
            Input("company_role", "Role in the company"),
            Input("email", "E-mail", "email", link="mailto:{}"),
            Input("phone", "Phone", "tel", link="tel:{}"),
            Input("mobile", "Mobile", "tel", link="tel:{}"),
            Input("fax", "Fax", "tel"),
            Input("language", "Language", "language", none="The account's"),
            Input("lead_source", "Source", help="Where the contact came from."),
        ),
    ),
    Section(
        "What for",
        (
            Input("is_primary", "Primary contact", "checkbox", help="The person to turn to first."),
            Input("bill_to_contact", "Gets the invoices", "checkbox"),
            Input("opt_in", "Wants news", "checkbox"),
            Input("storefront_user", "Storefront user", "checkbox", help="May sign in to the shop with this e-mail."),
        ),
    ),
    ACCESS,
)

ACTIVITY: Sequence[Section] = (
    Section(
        "Activity",
        (
            Input("kind", "Kind", "select", required=True),
            Input("subject", "Subject", required=True),
            Input("due_at", "Due", "datetime-local", help="By when, or when it happens; in your organisation's time."),
            Input("body", "Text", "textarea"),
        ),
    ),
    ACCESS,
)

CHARGES = {"at_once": "At once", "next_billing_day": "On the next billing day"}


def account_choices(work: Work, words: Words) -> dict[str, Sequence[Option]]:
    """Give what can be chosen for an account."""
    return {
        "price_list_id": price_lists(work),
        "payment_method_id": records(payment_methods(work)),
        "currency": currencies(work, words),
        "partial_charges_invoicing": named(CHARGES),
        **access_choices(work),
    }


def access_choices(work: Work) -> dict[str, Sequence[Option]]:
    """Give whom a record can be given to, and the rules it can carry."""
    return {
        "responsible_user_id": records(queries.people(work)),
        "permission_rule_id": records(queries.rules(work)),
    }


def activity_choices(work: Work) -> dict[str, Sequence[Option]]:
    """Give what can be chosen for an activity."""
    return {"kind": named(KINDS), **access_choices(work)}


def price_lists(work: Work) -> list[Option]:
    """Give the price lists that are in use, as far as one may see them."""
    if not work.actor.may("products:view"):
        return []
    asked = ListRequest(filters={"active": ("eq", "true")}, fields=["id", "name", "currency"], limit=MOST)
    return [Option(str(row["id"]), f"{row['name']} ({row['currency']})") for row in PRICE_LISTS.page(work, asked).items]


def currencies(work: Work, words: Words) -> list[Option]:
    """Give the activated currencies."""
    return [Option(code, f"{code} · {words.currency(code)}") for code in queries.tenant(work).currencies]
