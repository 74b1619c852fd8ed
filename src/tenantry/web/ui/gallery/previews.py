"""A made-up preview: one account that is new, one that wakes up, one fetched when opened, one held back."""

from tenantry.web.ui.gallery.handovers import FINDINGS
from tenantry.web.ui.views import Facet, Link, Preview, PreviewField, PreviewGroup, PreviewRecord


def standing(label: str, value: str) -> PreviewField:
    """A field that is copied as it stands."""
    return PreviewField(label, value, "", value, "DN-10", "Generic fields are copied as they stand.", differs=False)


def differing(label: str, giver: str, after: str, rule: str, why: str, before: str = "") -> PreviewField:
    """A field that becomes something else."""
    return PreviewField(label, giver, before, after, rule, why, differs=True)


RESELLERS_TERMS = "Billing options are the reseller's own at the distributor."
ACCOUNT_FIELDS = (
    differing("Country", "Luxembourg", "France", "DN-13", "Country comes from the account's first address."),
    differing("State", "", "Île-de-France", "DN-14", "From the same place as the country."),
    differing("Bill To", "Helios Cloud", "itself", "DN-12", "A direct customer of the reseller."),
    differing("Price list", "Wholesale 2026", "", "DN-12", "The reseller's price lists are his to choose."),
    differing(
        "Credit limit",
        "10,000.00 EUR",
        "0.00 EUR",
        "DN-16",
        "Credit is the reseller's to give, so it starts at nothing.",
    ),
    differing("Payment method", "Direct debit", "Bank transfer", "DN-17", "The reseller tenant's default."),
    differing("Prorate billing", "No", "Yes", "DN-15", RESELLERS_TERMS),
    differing("Partial charges invoicing", "Yes", "No", "DN-15", RESELLERS_TERMS),
    differing("Responsible user", "Dora Lindqvist", "Eleni Markou", "DN-20", "The admin user made with the tenant."),
    differing(
        "Permission rule", "Everybody sees, owner edits", "Common", "DN-21", "The common rule made with the tenant."
    ),
    differing("Registration number", "602 036 444", "", "DN-19", "Left for the reseller to fill."),
    differing("Description", "Group account for 41 hotels; invoices go to head office.", "", "DN-22", "Starts blank."),
    PreviewField(
        "Number",
        "A-10024",
        "",
        "assigned at transfer",
        "DN-10",
        "Numbers are the taker's own.",
        differs=True,
        assigned=True,
    ),
    PreviewField(
        "Name", "Accor", "", "Accor", "UP-02", "Stays the reseller's, and is locked above.", differs=False, locked=True
    ),
    PreviewField(
        "E-mail",
        "accounts-payable@accor.example",
        "",
        "accounts-payable@accor.example",
        "UP-02",
        "Stays the reseller's, and is locked above.",
        differs=False,
        locked=True,
    ),
    *(
        standing(label, value)
        for label, value in (
            ("Phone", "+33 1 45 38 86 00"),
            ("Website", "all.accor.com"),
            ("Industry", "Consumer services"),
            ("Language", "French"),
            ("VAT number", "FR 85 602036444"),
            ("Currency", "EUR"),
            ("Status", "Active"),
            *((f"Generic field {n}", f"Value {n}") for n in range(1, 40)),
        )
    ),
)
ACCOR = PreviewGroup(
    id="accor",
    title="Accor",
    subtitle="A-10024, Paris",
    verdict="new",
    summary="6 records",
    open=True,
    records=(
        PreviewRecord("Account", "Accor", "new", ACCOUNT_FIELDS),
        PreviewRecord(
            "Address",
            "82 rue Henri Farman, Issy-les-Moulineaux",
            "new",
            (
                differing("Billing address", "No", "Yes", "DN-23", "The first address, which gave the country."),
                standing("Street", "82 rue Henri Farman"),
                standing("City", "Issy-les-Moulineaux"),
                standing("Country", "France"),
            ),
        ),
        PreviewRecord(
            "Contact",
            "Claire Fontaine",
            "new",
            (
                differing("Storefront user", "Yes", "No", "DN-28", "Disabled until the reseller invites them."),
                differing("Responsible user", "Ravi Menon", "Eleni Markou", "DN-28", "As for the account."),
                standing("Name", "Claire Fontaine"),
                standing("E-mail", "claire@accor.example"),
            ),
        ),
        PreviewRecord("Sync option", "Microsoft 365", "new", (standing("External id", "a81f-2209"),)),
        PreviewRecord(
            "History line",
            "Account was transferred from Northwind Distribution",
            "new",
            note="Dated when it runs. DN-26",
        ),
        PreviewRecord(
            "Mark", "18 orders become back-ordering records", "mark", note="They stand under BO-20 to BO-22. DN-29"
        ),
    ),
)
ACCIONA = PreviewGroup(
    id="acciona",
    title="Acciona Energía",
    subtitle="A-10029, Madrid",
    verdict="wake",
    summary="4 records",
    open=True,
    records=(
        PreviewRecord(
            "Account",
            "Acciona Energía",
            "wake",
            (
                differing(
                    "Credit limit",
                    "5,000.00 EUR",
                    "0.00 EUR",
                    "DN-16",
                    "Credit is the reseller's to give, so it starts at nothing.",
                    "1,500.00 EUR",
                ),
                differing(
                    "Phone",
                    "+34 91 657 64 60",
                    "+34 91 657 64 60",
                    "DN-10",
                    "Generic fields are copied as they stand.",
                    "+34 91 000 00 00",
                ),
                PreviewField(
                    "Trading name",
                    "Acciona",
                    "Acciona Green",
                    "Acciona Green",
                    "DN-19",
                    "What the taker had is kept.",
                    differs=True,
                ),
                standing("Website", "www.acciona-energia.com"),
            ),
            "It was a customer of Helios Cloud until 14 June 2025 and wakes up as the same record.",
        ),
    ),
)
OTHERS = (
    PreviewGroup("bureau", "Bureau Veritas", "new", subtitle="A-10041", summary="2 records", url="records.html"),
    PreviewGroup(
        "ionia", "Ionia Foods", "clash", subtitle="A-10055, Patras", summary="held back", findings=FINDINGS[:1]
    ),
)
PREVIEW = Preview(
    giver="Northwind Distribution",
    taker="Helios Cloud",
    groups=(ACCOR, ACCIONA, *OTHERS),
    facets=(
        Facet("all", "All", "4", "#", active=True),
        Facet("new", "New", "2", "#"),
        Facet("wake", "Wakes up", "1", "#"),
        Facet("here", "Already here", "0", "#"),
        Facet("clash", "Clash", "1", "#"),
    ),
    url="confirm.html",
    count="1 to 4 of 4 accounts",
    exports=(Link("Export", "#"),),
)
