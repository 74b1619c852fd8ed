"""Comparisons and repairs as the kit draws them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tenantry.channel.reconcile.lists import RECORDS, VERDICTS
from tenantry.channel.reconcile.queries import ReconciliationView, why
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Verdict
from tenantry.rules.reconcile.causes import CAUSES, Cause
from tenantry.tenancy.listing import Page
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.channel.labels import GENERIC, LABELS
from tenantry.web.ui.channel.values import CHOICES, NAMES
from tenantry.web.ui.histories import label
from tenantry.web.ui.views import (
    Action,
    Cell,
    Column,
    Dialog,
    Empty,
    Field,
    Filter,
    ListView,
    Option,
    Progress,
    Row,
    Stat,
)
from tenantry.web.words import Words

Differences = ListView
Choice = tuple[str, str, Mapping[str, str], str]

AGREES = Empty("Nothing differs", "Both tiers have the same, record by record and field by field.", "check")
COLUMNS = (
    Column("account_name", "Customer"),
    Column("record", "Record"),
    Column("field", "Field"),
    Column("below", "At the reseller"),
    Column("above", "Here"),
    Column("why", "Rule and cause", prose=True),
)
# Where a record stands that is here, whatever differs of it.
PAGES = {"subscription": "/subscriptions", "asset": "/assets", "order": "/orders"}
RULE = "UP-44"
WRITTEN: Mapping[str, Callable[[str, Words], str]] = {
    "renew": lambda value, _: "Yes" if value == "true" else "No",
    "country": lambda value, words: words.country(value),
    **dict.fromkeys(
        ("start_on", "paid_from", "end_on", "bought_on"), lambda value, words: words.date(date.fromisoformat(value))
    ),
}


def title(view: ReconciliationView) -> str:
    """Name it."""
    return f"{'Repair' if view.kind == 'repair' else 'Comparison'} of {view.reseller_name}"


def last(view: ReconciliationView | None, words: Words) -> str:
    """Say what the last one came to."""
    if view is None:
        return "Never compared"
    when = words.since(view.completed_at)
    found = view.certificate or f"{words.counted(view.differences, 'differences')}"
    return f"{found}, {when}"


def subtitle(view: ReconciliationView, words: Words) -> str:
    """Say who asked for it and when, why, and when it ended."""
    parts = [f"Asked for by {view.asked_by_name}: {words.since(view.created_at)}"]
    parts += [f"ended: {words.since(view.completed_at)}"] if view.completed_at else []
    parts += [f"because: {view.reason}"] if view.reason else []
    return ", ".join(parts)


def progress(view: ReconciliationView, words: Words) -> Progress:
    """Give how far it has come; it is read from what is stored, so it can be left and found again (UI-02)."""
    text = f"{words.number(view.done)} of {words.counted(view.total, 'accounts')}"
    text = text if view.started_at else "Waiting for a worker"
    return Progress(
        str(view.id),
        "Repairing" if view.kind == "repair" else "Comparing",
        view.done,
        view.total,
        text,
        state=view.status,
        url=f"/reconciliations/{view.id}/progress",
        counts=[Stat("Differences", words.number(view.differences))],
    )


def stats(view: ReconciliationView, words: Words) -> tuple[Stat, ...]:
    """Give what it came to."""
    many = view.differences
    return (
        Stat("Compared", words.number(view.compared), "accounts with all that was sold to them"),
        Stat(
            "Differences" if view.kind == "comparison" else "Left", words.number(many), tone="bad" if many else "good"
        ),
        Stat("Accounts", words.number(view.accounts), "with differences"),
        Stat("On their way", words.number(view.on_its_way), "told already; no difference"),
        Stat("Set aside", words.number(view.set_aside), tone="bad" if view.set_aside else "", url="/messages"),
    )


def causes(found: Sequence[tuple[Cause, int]], words: Words) -> list[tuple[Cause, str]]:
    """Give the causes with how many differences each has."""
    return [(cause, words.counted(many, "differences")) for cause, many in found]


def differences(
    page: Page,
    names: Mapping[str, str],
    words: Words,
    address: str,
    query: str,
    choices: Sequence[Choice],
    at: Callable[[str | None], str],
) -> ListView:
    """Give a page of what was found."""
    is_asked = bool(query) or any(chosen for *_, chosen in choices)
    return ListView(
        name="differences",
        url=address,
        columns=COLUMNS,
        rows=[_row(one, names, words) for one in page.items],
        empty=Empty("Nothing matches", "Try fewer letters, or clear the filters.", "search") if is_asked else AGREES,
        query=query,
        placeholder="Customer's name begins with",
        filters=[
            Filter(name, label_, [Option(*one) for one in options.items()], chosen)
            for name, label_, options, chosen in choices
        ],
        filtered=is_asked,
        count=f"{page.total.count:,} differences" if page.total else "",
        previous_url=at(page.previous),
        next_url=at(page.next),
        columns_choosable=False,
        cards=True,
    )


def _row(one: Mapping[str, str], names: Mapping[str, str], words: Words) -> Row:
    field = one["field"]
    rule, sentence = why(one["record"], field, one["cause"])
    cause = CAUSES[one["cause"]].says
    below, above = (_short(names.get(one[side]) or said(field, one[side], words)) for side in ("below", "above"))
    if one["verdict"] != "differs":
        below, above = ("there", "missing") if one["verdict"] == "missing" else ("not there", "there")
    cells = (
        Cell(one["account_name"] or "Without a name", url=f"/accounts/{one['account_id']}"),
        Cell(RECORDS[one["record"]], url=_page_of(one), note=VERDICTS[one["verdict"]]),
        Cell(label(field, {**GENERIC, **LABELS.get(one["record"], {})}) if field else "The whole record"),
        Cell(below or "empty"),
        Cell(above or "empty"),
        Cell(sentence, rule=rule, note=cause if cause != sentence else ""),
    )
    return Row(str(one["id"]), cells)


def _page_of(one: Mapping[str, str]) -> str:
    page = PAGES.get(one["record"]) if one["verdict"] != "missing" else None
    return f"{page}/{one['record_id']}" if page else ""


def said(field: str, value: str, words: Words) -> str:
    """Write a value, which is kept as the text of the database, as people read it."""
    if not value:
        return ""
    if field in CHOICES:
        return NAMES.get(value) or value.replace("_", " ").capitalize()
    writes = WRITTEN.get(field)
    return writes(value, words) if writes else value


def _short(value: str, at_most: int = 120) -> str:
    return value if len(value) <= at_most else f"{value[:at_most]}…"


def acts(view: ReconciliationView, actor: Actor) -> list[Action]:
    """Give what may be done with it: repair what it found, and look again."""
    if view.status in {"waiting", "running"}:
        return []
    again = Action(
        "again",
        "Compare again",
        "refresh",
        f"/tenant-resellers/{view.tenant_reseller_id}/reconciliations",
        "post",
        primary=not view.repairable,
    )
    found = [allowed(again, actor, "reconcile:run")]
    if view.kind == "comparison":
        mend = Action("repair", "Repair", "adjustments-horizontal", "#repair", "dialog", primary=bool(view.repairable))
        nothing = "Nothing differs." if not view.differences else "None of its differences can be repaired from here."
        if not view.repairable:
            found.insert(0, refused(mend, Verdict(allowed=False, rule=RULE, why=nothing)))
        else:
            found.insert(0, allowed(mend, actor, "reconcile:repair"))
    return found


def ask(view: ReconciliationView, words: Words) -> Dialog:
    """Ask for the reason of a repair, and say what it will do."""
    some = words.counted(view.repairable, "accounts")
    return Dialog(
        "repair",
        "Repair the differences",
        f"/reconciliations/{view.id}/repair",
        "Repair",
        (
            f"The reseller's values are written here for {some}, by the statements of the mirror itself.",
            "What the list shows under At the reseller will stand here; lost rows come back, orders too.",
            "What has another cause stays as it is, and nothing is deleted without a tombstone.",
        ),
        (Field("reason", "Reason", kind="textarea", required=True, help="Stands in the audit log."),),
    )
