"""An import as the kit draws it: steps, columns, figures, rows with what is wrong with them, progress."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, cast

from tenantry.intake.options import DEFAULTABLE
from tenantry.intake.queries import FieldView, ImportView, RowPage, RowView
from tenantry.kernel import iso
from tenantry.kernel.problems import Fault
from tenantry.web.ui.channel import trail
from tenantry.web.ui.views import (
    Cell,
    Column,
    Empty,
    Facet,
    Field,
    FieldError,
    Finding,
    ListView,
    MappedColumn,
    Option,
    Progress,
    Row,
    Stat,
    Step,
)
from tenantry.web.ui.words import Words

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
    rows = words.number(view.counts.get("rows", 0))
    return f"{rows} rows, {view.format}, brought by {view.created_by_name}, {words.since(view.created_at)}"


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
    labels = {one.name: one.label for one in fields}
    shown = [name for name in DEFAULTABLE if name in DEFAULTS_SHOWN or name in given]
    choices = {
        "country": {code: words.country(code) for code in iso.countries()},
        "language": {tag: words.language(tag) for tag in iso.languages()},
        "currency": {code: f"{code}, {words.currency(code)}" for code in currencies},
    }
    return tuple(_default(name, labels[name], given.get(name, ""), choices.get(name, {})) for name in shown)


def _default(name: str, label: str, value: str, choices: Mapping[str, str]) -> Field:
    if not choices:
        return Field(f"default-{name}", label, value, autocomplete="off")
    known = {value: value, **choices} if value else choices
    listed = sorted((Option(code, said) for code, said in known.items()), key=lambda one: one.label)
    return Field(f"default-{name}", label, value, "select", options=(Option("", "Nothing"), *listed))


def lacks_something(view: ImportView) -> bool:
    """Say whether a default would mend what was found, or one was chosen already."""
    missing = {one["field"] for one in view.findings if one["code"].endswith("-missing")}
    return bool(view.options.get("defaults")) or bool(missing & set(DEFAULTS_SHOWN))


def facets(view: ImportView, words: Words, verdict: str) -> tuple[Facet, ...]:
    """Give the verdicts as filters, problems first."""
    here = url(view)
    found = [
        Facet(name, label, words.number(view.counts[name]), f"{here}?verdict={name}#rows", verdict == name)
        for name, (label, _) in VERDICTS.items()
        if view.counts.get(name)
    ]
    all_ = Facet("all", "All", words.number(view.counts.get("rows", 0)), f"{here}?verdict=all#rows", verdict == "all")
    return (*found, all_)


def first_verdict(view: ImportView, asked: str) -> str:
    """Give the verdict to be shown: the one asked for, else problems first, and once it has run what was imported."""
    if asked == "all" or asked in VERDICTS:
        return asked
    order = ("imported", *VERDICTS) if view.status in ENDED else tuple(VERDICTS)
    return next((name for name in order if view.counts.get(name)), "all")


def rows(
    view: ImportView,
    page: RowPage,
    words: Words,
    *,
    verdict: str,
    cursor: str,
    back: Sequence[str],
    fields: Sequence[FieldView],
) -> ListView:
    """Give rows with what is wrong with each, and the way out."""
    here, asked = url(view), (("verdict", verdict),)
    labels = {one.name: one.label for one in fields}
    choosing = view.status == "planned" and bool(view.digest)
    shown = _columns_shown(view)
    return ListView(
        name="rows",
        url=here,
        columns=(
            Column("name", "Row"),
            Column("verdict", "Verdict"),
            *(Column(name, labels.get(name, name), phone=place < 1) for place, name in enumerate(shown)),
            Column("said", "What is said", prose=True),
        ),
        rows=tuple(_row(one, shown, labels) for one in page.items),
        empty=Empty("No rows", "No row of the file has this verdict.", "search"),
        placeholder="Rows",
        count=f"{words.number(len(page.items))} rows shown",
        previous_url=_there(trail.previous_url(here, asked, cursor, back)),
        next_url=_there(trail.next_url(here, asked, cursor, back, str(page.next) if page.next else None)),
        choose="lines" if choosing else "",
        columns_choosable=False,
        cards=True,
    )


def _there(address: str) -> str:
    return f"{address}#rows" if address else ""


def _columns_shown(view: ImportView) -> tuple[str, ...]:
    mapped = [field for field in view.mapping.values() if field]
    first = [name for name in ("accounting_no", "country", "currency", "email") if name in mapped]
    return tuple(first[:2])


def _row(one: RowView, shown: Sequence[str], labels: Mapping[str, str]) -> Row:
    label, state = VERDICTS[one.verdict]
    name = one.values.get("name") or (one.cells[0] if one.cells else "") or "(no name)"
    link = f"/accounts/{one.record_id}" if one.record_id and one.verdict == "imported" else ""
    left_out = "" if one.chosen or one.verdict not in {"ready", "warning"} else "left out by hand"
    said = " ".join(_problem(problem, labels) for problem in one.problems)
    return Row(
        str(one.line),
        (
            Cell(name[:80], link, f"Line {one.line}"),
            Cell(label, state=state, note=left_out),
            *(Cell(one.values.get(field, "")[:80]) for field in shown),
            Cell(said),
        ),
    )


def _problem(one: Mapping[str, str], labels: Mapping[str, str]) -> str:
    where = one.get("column") or labels.get(one.get("field", ""), "")
    value = f" “{one['value']}”" if one.get("value") else ""
    return f"{where}{value}: {one['message']} {one['remedy']} ({one['rule']})".lstrip(": ")


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
        else f"{words.number(view.done)} of {words.number(view.total)} accounts",
        state="planning" if planning else view.status,
        url=f"{url(view)}/progress",
    )
