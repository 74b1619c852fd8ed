"""A made-up Transfer Accounts: choosing, findings, preview, progress and record."""

from tenantry.web.ui.views import (
    Action,
    Cell,
    Column,
    Empty,
    Finding,
    Link,
    ListView,
    Moment,
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


CHOSEN = ("Accor", "Acciona Energía", "Bureau Veritas")
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
            chosen=name in CHOSEN,
        )
        for n, (name, status, *rest, why, rule) in enumerate(
            (
                ("Accor", "Active", "France", "3", "2", "18", "", ""),
                ("Acciona Energía", "Active", "Spain", "2", "1", "7", "", ""),
                ("Bureau Veritas", "Trial", "France", "1", "0", "1", "", ""),
                ("Delos Networks", "Active", "Greece", "4", "1", "22", "It sells to customers of its own.", "DN-02"),
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
)

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
        Row(
            "1", (Cell("Accor", "account.html"), Cell("New", state="new"), Cell("Copied", state="completed"), Cell("7"))
        ),
        Row(
            "2",
            (
                Cell("Acciona Energía", "#"),
                Cell("Wakes up", state="wake"),
                Cell("Woken up", state="completed"),
                Cell("4"),
            ),
        ),
        Row(
            "3",
            (
                Cell("Bureau Veritas", "#"),
                Cell("New", state="new"),
                Cell(
                    "Changed since confirmed",
                    state="changed_since_confirmed",
                    note="Its e-mail was edited at 08:59. HND-09",
                ),
                Cell("0"),
            ),
        ),
    ),
    empty=Empty("Nothing was done"),
    placeholder="Search results",
    count="3 accounts",
    exports=(Link("Excel", "#"),),
    columns_choosable=False,
)
RECORD_ACTIONS = (
    Action(
        "undo",
        "Undo",
        "arrow-back-up",
        "#",
        "post",
        danger=True,
        confirm="The copies go, marks and ribbons are lifted, history stays. What stands in the way is listed.",
    ),
    Action("again", "Transfer the rest", "transfer", "choose.html"),
    Action("export", "Export", "download", "#"),
)
