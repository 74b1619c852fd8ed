"""Made-up tenant resellers, imports, set-up lists, people and problems."""

from tenantry.web.ui.views import (
    Action,
    Cell,
    Column,
    DemoPerson,
    Empty,
    Field,
    FieldError,
    Link,
    ListView,
    MappedColumn,
    Moment,
    Option,
    Problem,
    Row,
    Stat,
    Tab,
)

RESELLER_ACTIONS = (
    Action("transfer", "Transfer Accounts", "transfer", "choose.html", primary=True),
    Action("edit", "Edit", "pencil", "#"),
)
LATER = "It comes with a later issue: subscriptions follow once accounts are transferred."
RESELLER_SHORTCUTS = (
    Action("transfer_accounts", "Transfer Accounts", "transfer", "choose.html"),
    Action("transfer_subscriptions", "Transfer Subscriptions", "repeat", allowed=False, rule="DN-40", why=LATER),
    Action(
        "go_live",
        "Activate Back Ordering",
        "bolt",
        allowed=False,
        rule="DN-45",
        why="3 subscriptions of transferred accounts are not copied yet.",
    ),
    Action(
        "suspend_tenant",
        "Suspend tenant",
        "player-pause",
        "#",
        "post",
        danger=True,
        confirm="Nobody at Helios Cloud can sign in until you reactivate the tenant.",
    ),
)
RESELLER_STATS = (
    Stat("Accounts", "214", "of 1,204"),
    Stat("Transferred", "3", tone="good", url="#"),
    Stat("Left to transfer", "211", url="choose.html"),
    Stat("Subscriptions", "618"),
    Stat("Set aside", "0"),
)
RESELLER_FIELDS = (
    Field("account", "Account", "Helios Cloud", url="account.html"),
    Field("code", "Tenant code", "helios"),
    Field("admin", "Admin user", "Eleni Markou"),
    Field("admin_email", "Admin e-mail", "eleni@helios.example"),
    Field("price_list", "Price list", "Wholesale 2026", url="#"),
    Field("currency", "Currency", "EUR"),
    Field("separate", "Separate invoices", "on", "checkbox"),
    Field("language", "Language", "Greek"),
    Field("zone", "Time zone", "Europe/Athens"),
    Field("created", "Created", "29 Jan 2026, 11:20"),
)
RESELLER_MOMENTS = (
    Moment("Tenant created", "29 Jan 2026"),
    Moment("Accounts transferred", "3 of 214", state="current"),
    Moment("Subscriptions transferred", state="todo"),
    Moment("Live", "back ordering is active", state="todo"),
)
RESELLER_TABS = (
    Tab("Overview", "#", active=True),
    Tab("Accounts", "#", count="214"),
    Tab("Handovers", "#", count="2"),
    Tab("History", "#"),
)

TARGETS = (
    Option("", "Do not import"),
    Option("name", "Name"),
    Option("country", "Country"),
    Option("state", "State"),
    Option("city", "Address: city"),
    Option("currency", "Currency"),
    Option("website", "Website"),
)
MAPPING = (
    MappedColumn("column-0", "name", ("1&1", "3i", "3M"), "name", TARGETS, "name"),
    MappedColumn("column-1", "country", ("DE", "GB", "US"), "country", TARGETS, "name"),
    MappedColumn("column-2", "ort", ("Montabaur", "London", "Maplewood"), "city", TARGETS, "hand"),
    MappedColumn(
        "column-3",
        "firma",
        ("1&1 AG", "3i Group plc"),
        "name",
        TARGETS,
        "hand",
        FieldError("Name is already taken from the column “name”.", "column_twice"),
    ),
    MappedColumn("column-4", "industry_old", ("Telecommunications",), "", TARGETS, "none"),
)
IMPORT_STATS = (
    Stat("Rows", "1,837"),
    Stat("New", "1,790", tone="good"),
    Stat("Already here", "31"),
    Stat("Not imported", "16", tone="bad"),
)
IMPORT_ROWS = ListView(
    name="rows",
    url="import.html",
    columns=(
        Column("row", "Row"),
        Column("verdict", "Verdict"),
        Column("name", "Name"),
        Column("city", "City", phone=False),
        Column("what", "What is said", prose=True),
    ),
    rows=tuple(
        Row(str(n), (Cell(f"Row {n}"), Cell(word, state=state), Cell(name), Cell(city), Cell(text)))
        for n, state, word, name, city, text in (
            (2, "new", "New", "1&1", "Montabaur", ""),
            (15, "error", "Not imported", "", "London", "Name is empty. Fill it in the file, or leave the row out."),
            (
                112,
                "here",
                "Already here",
                "ABB",
                "",
                "An account of this name and country exists; the row adds nothing.",
            ),
            (
                240,
                "warning",
                "With a warning",
                "Accenture",
                "Dublin",
                "Country is empty; Ireland is taken from the state.",
            ),
        )
    ),
    empty=Empty("No rows"),
    placeholder="Search rows",
    count="1 to 4 of 1,837",
    next_url="#",
    columns_choosable=False,
    cards=True,
)

ROLES = ListView(
    name="roles",
    url="setup.html",
    columns=(Column("name", "Role", "#", "ascending"), Column("users", "Users", number=True), Column("note", "May")),
    rows=(
        Row("1", (Cell("Administrator", "#"), Cell("2"), Cell("everything"))),
        Row("2", (Cell("Sales", "#"), Cell("7"), Cell("accounts, contacts, orders"))),
        Row("3", (Cell("Reader", "#"), Cell("3"), Cell("see, not change"))),
    ),
    empty=Empty("No roles"),
    placeholder="Search roles",
    count="3 roles",
    columns_choosable=False,
)

SIGN_IN = (
    Field("email", "E-mail", "", "email", required=True, autocomplete="username"),
    Field("password", "Password", "", "password", required=True, autocomplete="current-password"),
)
PEOPLE = (
    DemoPerson("Dora Lindqvist", "dora@northwind.example", "Administrator", "Northwind Distribution", "Distributor"),
    DemoPerson("Ravi Menon", "ravi@northwind.example", "Sales", "Northwind Distribution", "Distributor"),
    DemoPerson("Eleni Markou", "eleni@helios.example", "Administrator", "Helios Cloud", "Tenant reseller"),
    DemoPerson("Sofia Ruiz", "sofia@meridian.example", "Administrator", "Meridian IT", "Tenant reseller"),
)
PROBLEM = Problem(
    403,
    "This may not be done here",
    "Only Helios Cloud, who manages this account, suspends or reactivates it.",
    "account_suspend_refused",
    "UP-20",
    "Ask Helios Cloud to suspend it in their tenant; it follows here by itself.",
    (Link("Back to Accor", "account.html"), Link("Accounts", "accounts.html")),
    "0b7e-41c2",
)
SEARCH = (
    (
        "Accounts",
        (Link("Accor", "account.html", "Paris, managed by Helios Cloud"), Link("Accordia", "account.html", "Oslo")),
    ),
    ("Contacts", (Link("Claire Fontaine", "#", "claire@accor.example"),)),
)
