"""A made-up Transfer Accounts: choosing, findings, preview, progress and record."""

from tenantry.web.ui.gallery.views import (
    Action,
    Cell,
    Column,
    Empty,
    Facet,
    Finding,
    Link,
    ListView,
    Moment,
    Preview,
    PreviewField,
    PreviewGroup,
    PreviewRecord,
    Progress,
    Row,
    Stat,
    Step,
)

TITLES = ("Choose accounts", "Check and confirm", "Run")


def steps(at: int) -> tuple[Step, ...]:
    """The wizard's steps, standing at one of them."""
    return tuple(
        Step(title, "done" if n < at else "current" if n == at else "todo", "choose.html" if n < at else "")
        for n, title in enumerate(TITLES)
    )


CANDIDATES = ListView(
    name="candidates",
    url="choose.html",
    columns=(
        Column("name", "Account", "#", "ascending"),
        Column("status", "Status"),
        Column("country", "Country", phone=False),
        Column("contacts", "Contacts", number=True),
        Column("addresses", "Addresses", number=True, phone=False),
        Column("orders", "Orders", number=True),
    ),
    rows=tuple(
        Row(
            str(n),
            (Cell(name, "account.html"), Cell(status, state=status), *(Cell(text) for text in rest)),
            why,
            rule,
            chosen=not why and n < 3,
        )
        for n, (name, status, *rest, why, rule) in enumerate(
            (
                ("Accor", "Active", "France", "3", "2", "18", "", ""),
                ("Acciona Energía", "Active", "Spain", "2", "1", "7", "", ""),
                ("Bureau Veritas", "Trial", "France", "1", "0", "1", "", ""),
                ("Delos Networks", "Active", "Greece", "4", "1", "22",
                 "It sells to customers of its own.", "DN-02"),
                ("Ionia Foods", "Active", "Greece", "2", "3", "5", "", ""),
                ("Vesta Marine", "Closed", "Greece", "1", "1", "0", "It is closed.", "DN-02"),
            )
        )
    ),
    empty=Empty("Everything is transferred", "No account billed to Helios Cloud is left to copy."),
    placeholder="Search candidates",
    count="6 accounts billed to Helios Cloud, 4 of them can go",
    choose="accounts",
    columns_choosable=False,
)  # fmt: skip

FINDINGS = (
    Finding(
        "blocker",
        "open_orders",
        "DN-32",
        "2 orders are submitted but not executed; after the transfer nobody could execute them.",
        "Execute or cancel them first. Their accounts stay behind until then; the rest can go.",
        (Link("SO-2041, Ionia Foods", "#", "submitted 26 Feb 2026"), Link("SO-2044, Ionia Foods", "#")),
    ),
    Finding(
        "warning",
        "accounting_number_used",
        "DN-10",
        "One accounting number is already used at Helios Cloud.",
        "The copy keeps the number; change it there afterwards if it must be unique.",
        (Link("Accor", "#", "C-004412"),),
    ),
    Finding(
        "warning",
        "currency_will_stop_subscriptions",
        "DN-33",
        "12 subscriptions are in a currency that is not the one of Helios Cloud's price list.",
        "They can be converted at a stated rate when subscriptions are transferred.",
        (Link("Acciona Energía", "#", "12 in USD"),),
        "and 3 more",
        "#",
    ),
    Finding("note", "no_address", "DN-13", "1 account has no address: it takes the country of Helios Cloud, Greece."),
)


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
    differing("Credit limit", "10,000.00 EUR", "0.00 EUR", "DN-16", "Credit is the reseller's to give, so it starts at nothing."),
    differing("Payment method", "Direct debit", "Bank transfer", "DN-17", "The reseller tenant's default."),
    differing("Prorate billing", "No", "Yes", "DN-15", RESELLERS_TERMS),
    differing("Partial charges invoicing", "Yes", "No", "DN-15", RESELLERS_TERMS),
    differing("Responsible user", "Dora Lindqvist", "Eleni Markou", "DN-20", "The admin user made with the tenant."),
    differing("Permission rule", "Everybody sees, owner edits", "Common", "DN-21", "The common rule made with the tenant."),
    differing("Registration number", "602 036 444", "", "DN-19", "Left for the reseller to fill."),
    differing("Description", "Group account for 41 hotels; invoices go to head office.", "", "DN-22", "Starts blank."),
    PreviewField("Number", "A-10024", "", "assigned at transfer", "DN-10", "Numbers are the taker's own.", differs=True, assigned=True),
    PreviewField("Name", "Accor", "", "Accor", "UP-02", "Stays the reseller's, and is locked above.", differs=False, locked=True),
    PreviewField("E-mail", "accounts-payable@accor.example", "", "accounts-payable@accor.example", "UP-02",
                 "Stays the reseller's, and is locked above.", differs=False, locked=True),
    *(standing(label, value) for label, value in (
        ("Phone", "+33 1 45 38 86 00"), ("Website", "all.accor.com"), ("Industry", "Consumer services"),
        ("Language", "French"), ("VAT number", "FR 85 602036444"), ("Currency", "EUR"), ("Status", "Active"),
        *((f"Generic field {n}", f"Value {n}") for n in range(1, 40)),
    )),
)  # fmt: skip
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
                differing("Credit limit", "5,000.00 EUR", "0.00 EUR", "DN-16",
                          "Credit is the reseller's to give, so it starts at nothing.", "1,500.00 EUR"),
                differing("Phone", "+34 91 657 64 60", "+34 91 657 64 60", "DN-10", "Generic fields are copied as they stand.",
                          "+34 91 000 00 00"),
                PreviewField("Trading name", "Acciona", "Acciona Green", "Acciona Green", "DN-19",
                             "What the taker had is kept.", differs=True),
                standing("Website", "www.acciona-energia.com"),
            ),
            "It was a customer of Helios Cloud until 14 June 2025 and wakes up as the same record.",
        ),
    ),
)  # fmt: skip
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
COUNTS = (
    Stat("Accounts", "4", "3 can go"),
    Stat("Addresses", "6"),
    Stat("Contacts", "8"),
    Stat("Sync options", "3"),
    Stat("Orders to be marked", "26"),
)
RUNNING = Progress(
    "handover",
    "Transferring accounts to Helios Cloud",
    12400,
    20000,
    "12,400 of 20,000 accounts",
    "1,150 a second",
    "about 7 seconds left",
    url="progress.html",
    counts=(
        Stat("Copied", "12,391", tone="good"),
        Stat("Woken up", "6"),
        Stat("Left behind", "3", tone="warn"),
    ),
)
MOMENTS = (
    Moment("Planned", "9 Feb 2026, 08:51", "Dora Lindqvist chose 3 accounts"),
    Moment("Confirmed", "9 Feb 2026, 08:58", "1 warning accepted"),
    Moment("Running", "9 Feb 2026, 09:00", "in 1 chunk, 0.4 seconds"),
    Moment("Completed with failures", "9 Feb 2026, 09:00", tone="warn"),
)
RESULTS = ListView(
    name="results",
    url="handover-record.html",
    columns=(
        Column("name", "Account"),
        Column("verdict", "Verdict"),
        Column("result", "Result"),
        Column("records", "Records", number=True),
    ),
    rows=(
        Row("1", (Cell("Accor", "account.html"), Cell("New", state="new"), Cell("Copied", state="completed"), Cell("7"))),
        Row("2", (Cell("Acciona Energía", "#"), Cell("Wakes up", state="wake"), Cell("Woken up", state="completed"), Cell("4"))),
        Row("3", (
            Cell("Bureau Veritas", "#"),
            Cell("New", state="new"),
            Cell("Changed since confirmed", state="changed_since_confirmed", note="Its e-mail was edited at 08:59. HND-09"),
            Cell("0"),
        )),
    ),
    empty=Empty("Nothing was done"),
    placeholder="Search results",
    count="3 accounts",
    exports=(Link("Excel", "#"),),
    columns_choosable=False,
)  # fmt: skip
RECORD_ACTIONS = (
    Action(
        "undo",
        "Undo",
        "arrow-back-up",
        "#",
        "post",
        danger=True,
        confirm="The copies go, marks and ribbons are lifted, and history stays. What was changed since is listed first.",
    ),
    Action("again", "Transfer the rest", "transfer", "choose.html"),
    Action("export", "Export", "download", "#"),
)
