"""An import as the kit draws it: steps, columns, figures, rows with what is wrong with them, progress."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, cast

from tenantry.intake.options import DEFAULTABLE
from tenantry.intake.queries import FieldView, ImportView, RowView
from tenantry.kernel import iso
from tenantry.kernel.problems import Fault
from tenantry.web.ui.views import (
    Field,
    FieldError,
    Finding,
    MappedColumn,
    Option,
    Progress,
    Stat,
    Step,
)
from tenantry.web.words import Words

Severity: TypeAlias = Literal["blocker", "warning", "note"]

STEPS = ("File", "Columns and rows", "Import", "Result")
VERDICTS: Mapping[str, tuple[str, str]] = {
    "refused": ("Refused", "refused"),
    "warning": ("With a warning", "warning"),
    "ready": ("Ready", "valid"),
    "skipped": ("Skipped", "skip"),
    "imported": ("Imported", "completed"),
}
SEVERITIES: Mapping[str, Severity] = {"refusal": "blocker", "blocker": "blocker", "warning": "warning"}
GROUPS: Mapping[str, str] = {"account": "", "custom": "Own field: "}
ENDED = frozenset({"completed", "failed", "cancelled"})
SAMPLES = 3
EXAMPLES = 5
SAMPLE_LENGTH = 40
DEFAULTS_SHOWN = ("country", "currency", "language", "industry", "source", "bill_to", "price_list", "payment_method")


def url(view: ImportView) -> str:
    """Give the address of an import, which stays the same all its life."""
    return f"/imports/{view.id}"


def steps(view: ImportView) -> tuple[Step, ...]:
    """Give the steps as the import stands."""
    at = {"reading": 1, "planned": 1, "running": 2}.get(view.status, 3)
    return tuple(
        Step(
            name,
            "done" if place < at else "current" if place == at else "todo",
            "/imports/new" if at == 1 > place else "",
        )
        for place, name in enumerate(STEPS)
    )


def subtitle(view: ImportView, words: Words) -> str:
    """Say how the file was read, by whom and when it was brought."""
    rows = words.counted(view.counts.get("rows", 0), "rows")
    return f"{rows}, {view.format}, brought by {view.created_by_name}, {words.since(view.created_at)}"


def stats(view: ImportView, words: Words) -> tuple[Stat, ...]:
    """Give the rows by verdict."""
    counts, here = view.counts, url(view)
    found = [Stat("Rows", words.number(counts.get("rows", 0)))]
    tones = {"ready": "good", "warning": "warn", "refused": "bad", "imported": "good"}
    for name in ("imported", "ready", "warning", "refused", "skipped"):
        if counts.get(name):
            tone = cast("Literal['', 'good', 'warn', 'bad']", tones.get(name, ""))
            found.append(
                Stat(VERDICTS[name][0], words.number(counts[name]), tone=tone, url=f"{here}?verdict={name}#rows")
            )
    if counts.get("left_out"):
        found.append(Stat("Left out by hand", words.number(counts["left_out"])))
    return tuple(found)


def going(view: ImportView) -> int:
    """Say how many rows confirming would bring in."""
    counts = view.counts
    return max(counts.get("ready", 0) + counts.get("warning", 0) - counts.get("left_out", 0), 0)


def findings(view: ImportView, words: Words) -> tuple[Finding, ...]:
    """Sum up what is wrong with the rows, what keeps rows out first."""
    return tuple(
        Finding(
            SEVERITIES.get(one["severity"], "note"),
            one["code"],
            one["rule"],
            _said(one, words),
            one["remedy"],
        )
        for one in view.findings
    )


def _said(one: Mapping[str, object], words: Words) -> str:
    rows, column = cast("int", one["rows"]), str(one.get("column") or "")
    where = f"{words.number(rows)} {'row' if rows == 1 else 'rows'}" if rows else ""
    lead = ", ".join(part for part in (where, column) if part)
    examples = ", ".join(f"“{value}”" for value in cast("Sequence[str]", one["values"])[:EXAMPLES])
    said = ": ".join(part for part in (lead, str(one["message"])) if part)
    return f"{said} For example {examples}." if examples else said


def mapping(
    view: ImportView,
    sample: Sequence[RowView],
    fields: Sequence[FieldView],
    matched: Mapping[str, str],
    faults: Sequence[Fault],
) -> tuple[MappedColumn, ...]:
    """Give the columns of the file, each with samples and the field it goes to."""
    options = (
        Option("", "Do not import"),
        *(Option(one.name, GROUPS.get(one.group, "") + one.label) for one in fields),
    )
    errors = {
        fault.field.removeprefix("mapping."): FieldError(f"{fault.message} {fault.remedy}", fault.rule)
        for fault in faults
    }
    return tuple(
        MappedColumn(
            f"column-{place}",
            heading or f"Column {place + 1}",
            _samples(sample, place),
            value := view.mapping.get(heading, ""),
            options,
            "none" if not value else "name" if matched.get(heading) == value else "hand",
            errors.get(heading[:60]),
        )
        for place, heading in enumerate(view.columns)
    )


def _samples(rows: Sequence[RowView], place: int) -> tuple[str, ...]:
    said = dict.fromkeys(
        row.cells[place][:SAMPLE_LENGTH] for row in rows if place < len(row.cells) and row.cells[place]
    )
    return tuple(said)[:SAMPLES]


def defaults(
    view: ImportView, fields: Sequence[FieldView], words: Words, currencies: Sequence[str]
) -> tuple[Field, ...]:
    """Give what stands in for what the file lacks."""
    given = view.options.get("defaults", {})
    if view.kind != "accounts":
        fields = [one for one in fields if one.name in DEFAULTABLE]
    labels = {one.name: one.label for one in fields}
    shown = [name for name in DEFAULTABLE if name in labels and (name in DEFAULTS_SHOWN or name in given)]
    choices = {
        "country": {code: words.country(code) for code in iso.countries()},
        "language": {tag: words.language(tag) for tag in iso.languages()},
        "currency": {code: f"{code}, {words.currency(code)}" for code in currencies},
    }
    found = tuple(_default(name, labels[name], given.get(name, ""), choices.get(name, {})) for name in shown)
    if view.kind in {"accounts", "subscriptions"}:
        return found
    help_ = "Of a file that has several; the latest when empty."
    return (Field("year", "Year", str(view.options.get("year", "")), help=help_), *found)


def _default(name: str, label: str, value: str, choices: Mapping[str, str]) -> Field:
    if not choices:
        return Field(f"default-{name}", label, value, autocomplete="off")
    known = {value: value, **choices} if value else choices
    listed = sorted((Option(code, said) for code, said in known.items()), key=lambda one: one.label)
    return Field(f"default-{name}", label, value, "select", options=(Option("", "Nothing"), *listed))


def lacks_something(view: ImportView) -> bool:
    """Say whether a default would mend what was found, or one was chosen already."""
    missing = {one["field"] for one in view.findings if one["code"].endswith("-missing")}
    if view.kind != "accounts":
        return True
    return bool(view.options.get("defaults")) or bool(missing & set(DEFAULTS_SHOWN))


def first_verdict(view: ImportView, asked: str) -> str:
    """Give the verdict to be shown: the one asked for, else problems first, and once it has run what was imported."""
    if asked == "all" or asked in VERDICTS:
        return asked
    order = ("imported", *VERDICTS) if view.status in ENDED else tuple(VERDICTS)
    return next((name for name in order if view.counts.get(name)), "all")


def progress(view: ImportView, words: Words) -> Progress:
    """Give how far it has come, as it is stored (UI-02)."""
    planning = view.status == "reading"
    return Progress(
        name="import",
        label="Every row gets its verdict" if planning else f"Importing {view.file_name}",
        done=view.done,
        total=0 if planning else view.total,
        text=f"{words.number(view.counts.get('rows', 0))} rows"
        if planning
        else f"{words.number(view.done)} of {words.number(view.total)} {view.kind}",
        state="planning" if planning else view.status,
        url=f"{url(view)}/progress",
    )
