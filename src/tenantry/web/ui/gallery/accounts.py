"""Made-up accounts: the list, a record managed by a tenant reseller, and its form."""

from tenantry.web.ui.views import (
    Action,
    Cell,
    Change,
    Column,
    Empty,
    Field,
    FieldError,
    FieldGroup,
    Filter,
    HistoryLine,
    Link,
    ListView,
    Lock,
    Option,
    Ribbon,
    Row,
    Tab,
)

UP_20 = "Only Helios Cloud, who manages this account, may do this."
KEPT = "Kept by Helios Cloud; it changes here when it changes there."

COLUMNS = (
    Column("name", "Account", "#", "ascending"),
    Column("status", "Status"),
    Column("bill_to", "Bill To", "#"),
    Column("country", "Country", "#", phone=False),
    Column("responsible", "Responsible", phone=False),
    Column("subscriptions", "Subscriptions", "#", number=True),
    Column("credit", "Credit limit", "#", number=True, phone=False),
    Column("created", "Created", "#", number=True, shown=False),
    Column("industry", "Industry", shown=False),
)
PEOPLE = (
    ("3i Group", "Active", "itself", "United Kingdom", "Dora Lindqvist", "4", "10,000.00 EUR", "2 Mar 2026", ""),
    ("Acciona Energía", "Active", "Helios Cloud", "Spain", "Ravi Menon", "12", "0.00 EUR", "14 Feb 2026", "mirrored"),
    ("ABN AMRO Lease", "Trial", "itself", "Netherlands", "Ravi Menon", "1", "2,500.00 EUR", "11 Feb 2026", ""),
    ("Accor", "Active", "Helios Cloud", "France", "Dora Lindqvist", "31", "0.00 EUR", "9 Feb 2026", "handed_down"),
    ("Acerinox", "Suspended", "itself", "Spain", "Dora Lindqvist", "2", "5,000.00 EUR", "2 Feb 2026", ""),
    ("Helios Cloud", "Active", "itself", "Greece", "Ravi Menon", "0", "250,000.00 EUR", "29 Jan 2026", ""),
    (
        "Montabaur Telecommunications and Media Holding GmbH & Co. KG",
        "Active",
        "itself",
        "Germany",
        "Dora Lindqvist",
        "7",
        "25,000.00 EUR",
        "12 Jan 2026",
        "",
    ),
    ("Vesta Marine", "Closed", "itself", "Greece", "", "0", "0.00 EUR", "3 Jan 2026", ""),
)


def rows() -> tuple[Row, ...]:
    """The accounts as rows of the list."""
    return tuple(
        Row(
            id=str(number),
            cells=(
                Cell(name, url="account.html", note="Managed by Helios Cloud" if standing else ""),
                Cell(status, state=status),
                Cell(bill_to, url="reseller.html" if bill_to != "itself" else ""),
                *(Cell(text) for text in rest),
                Cell("Energy"),
            ),
        )
        for number, (name, status, bill_to, *rest, standing) in enumerate(PEOPLE)
    )


LIST = ListView(
    name="accounts",
    url="accounts.html",
    columns=COLUMNS,
    rows=rows(),
    empty=Empty("No account matches", "Try fewer words, or clear the filters.", "search"),
    placeholder="Search accounts",
    filters=(
        Filter("status", "Any status", (Option("active", "Active"), Option("trial", "Trial")), "active"),
        Filter("standing", "Anyone's", (Option("own", "Own"), Option("mirrored", "Managed by a reseller"))),
    ),
    filtered=True,
    sort="name",
    count="1 to 8 of 1,204",
    next_url="#",
    exports=(Link("Excel", "#", "These columns, all 1,204 rows"), Link("CSV", "#")),
    choose="account",
    bulk=(
        Action("assign", "Assign", "user", "#", "post"),
        Action("delete", "Delete", "trash", "#", "post", danger=True),
    ),
)

RIBBON = Ribbon(
    "This account is managed by Helios Cloud Tenant Reseller",
    note="Transferred on 9 February 2026",
    url="reseller.html",
)
ACTIONS = (
    Action("edit", "Edit", "pencil", "account-edit.html"),
    Action("add_contact", "Add contact", "plus", "#"),
    Action("suspend", "Suspend", "player-pause", allowed=False, rule="UP-20", why=UP_20),
    Action("sell", "New order", "shopping-cart", allowed=False, rule="UP-20", why=UP_20),
)
SHORTCUTS = (
    Action("invoices", "Generate invoices", "credit-card", "#", "post", confirm="Invoices are made up to today."),
    Action("pending", "View pending invoices", "eye", "#"),
    Action("synchronise", "Synchronise", "refresh", allowed=False, rule="UP-20", why=UP_20),
    Action(
        "delete",
        "Delete",
        "trash",
        allowed=False,
        rule="UP-21",
        why="Deleting happens in Helios Cloud's tenant and follows here by itself.",
    ),
)
TABS = (
    Tab("Details", "#", active=True),
    Tab("Contacts", "#", count="3"),
    Tab("Addresses", "#", count="2"),
    Tab("Subscriptions", "#", count="31"),
    Tab("Orders", "#", count="18"),
    Tab("Activities", "#"),
    Tab("History", "#"),
)
FIELDS = (
    Field("name", "Name", "Accor", locked=Lock(KEPT, "UP-02")),
    Field("accounting_no", "Accounting number", "C-004412", locked=Lock(KEPT, "UP-02")),
    Field("email", "E-mail", "accounts-payable@accor.example", url="#", locked=Lock(KEPT, "UP-02")),
    Field("phone", "Phone", "+33 1 45 38 86 00"),
    Field("website", "Website", "all.accor.com", url="#"),
    Field("industry", "Industry", "Consumer services"),
    Field("language", "Language", "French"),
    Field("vat", "VAT number", "FR 85 602036444"),
    Field("responsible", "Responsible user", "Dora Lindqvist", url="#"),
    Field("permission", "Permission rule", "Everybody sees, owner edits", url="#"),
    Field("trading_name", "Trading name"),
    Field("reselling", "Reselling enabled", "", "checkbox"),
    Field("description", "Description", "Group account for 41 hotels; invoices go to head office.", wide=True),
)
ORDERING = (
    Field("bill_to", "Bill To", "Helios Cloud", url="#", locked=Lock("Changes by a handover only.", "UP-05")),
    Field("currency", "Currency", "EUR", locked=Lock("Changes by a handover only.", "UP-10")),
    Field("credit", "Credit limit", "0.00", "money", currency="EUR"),
    Field("payment_method", "Payment method", "Bank transfer"),
    Field("prorate", "Prorate billing", "on", "checkbox"),
    Field("separate", "Separate invoices", "", "checkbox"),
)
HISTORY = (
    HistoryLine(
        "Today, 10:42",
        "2026-03-02T10:42",
        "Account's Status Changed to Active due to changes on Helios Cloud",
        icon="player-play",
    ),
    HistoryLine(
        "Yesterday, 16:05",
        "2026-03-01T16:05",
        "Account was edited",
        "Dora Lindqvist",
        (Change("Responsible user", "Ravi Menon", "Dora Lindqvist"), Change("Phone", "", "+33 1 45 38 86 00")),
        "pencil",
    ),
    HistoryLine(
        "9 Feb 2026, 09:00",
        "2026-02-09T09:00",
        "Account was transferred to Helios Cloud",
        "Dora Lindqvist",
        icon="transfer",
        url="handover-record.html",
    ),
)
COUNTRIES = (Option("", "Choose"), Option("FR", "France"), Option("GR", "Greece"), Option("US", "United States"))
STATE = Field("state", "State", "", "select", options=(Option("", "Choose"), Option("CA", "California")))
FORM = (
    FieldGroup(
        "Account",
        (
            Field("name", "Name", "Accor", locked=Lock(KEPT, "UP-02"), required=True),
            Field("email", "E-mail", "accounts-payable@accor.example", "email", locked=Lock(KEPT, "UP-02")),
            Field("phone", "Phone", "+33 1 45 38 86 00", "tel", autocomplete="off"),
            Field(
                "website",
                "Website",
                "htp://all.accor",
                "url",
                error=FieldError("Website must begin with http:// or https://.", "invalid_url"),
            ),
            Field("industry", "Industry", "Consumer services", help="Free text; suggestions come from other accounts."),
            Field("language", "Language", "fr", "select", options=(Option("fr", "French"), Option("en", "English"))),
            Field(
                "country", "Country", "FR", "select", options=COUNTRIES, reload_url="state-field.html", reloads="state"
            ),
            Field("state", "State", "", "select", options=(Option("", "None"),)),
            Field("since", "Customer since", "2026-02-09", "date"),
            Field("description", "Description", "Group account for 41 hotels.", "textarea"),
        ),
    ),
    FieldGroup(
        "Ordering options",
        (
            Field("bill_to", "Bill To", "Helios Cloud", locked=Lock("Changes by a handover only.", "UP-05")),
            Field(
                "credit",
                "Credit limit",
                "-5",
                "money",
                currency="EUR",
                required=True,
                error=FieldError("Credit limit must not be below nothing.", "credit_limit_negative"),
            ),
            Field("day", "Billing day", "1", "number", help="1 to 28."),
            Field("prorate", "Prorate billing", "on", "checkbox"),
            Field("separate", "Separate invoices", "", "checkbox", help="One invoice of its own for this account."),
        ),
        "What is left empty is taken from the Bill To account.",
    ),
)
EMPTY_LIST = ListView(
    name="accounts",
    url="empty.html",
    columns=COLUMNS,
    rows=(),
    empty=Empty(
        "No accounts yet",
        "Accounts are the companies you sell to, or sell through. Add one, or bring them in from a file.",
        "building",
        Action("import", "Import accounts", "file-import", "import.html", primary=True),
    ),
    placeholder="Search accounts",
)
