"""The rows of an import as the kit draws them, each with what is wrong with it and the way out."""

from collections.abc import Mapping, Sequence

from tenantry.intake.kinds import kind_of
from tenantry.intake.queries import FieldView, ImportView, RowPage, RowView
from tenantry.web.ui.channel import trail
from tenantry.web.ui.intake.import_views import VERDICTS, url
from tenantry.web.ui.views import Cell, Column, Empty, Facet, ListView, Row
from tenantry.web.words import Words

SHOWN: Mapping[str, Sequence[str]] = {
    "accounts": ("accounting_no", "country", "currency", "email"),
    "subscriptions": ("cycle", "quantity", "start_on"),
}


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
        rows=tuple(_row(one, shown, labels, kind_of(view.kind).page) for one in page.items),
        empty=Empty("No rows", "No row of the file has this verdict.", "search"),
        placeholder="Rows",
        count=f"{words.counted(len(page.items), 'rows')} shown",
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
    first = [name for name in SHOWN.get(view.kind, ("price", "unit", "year")) if name in mapped]
    return tuple(first[:2])


def _row(one: RowView, shown: Sequence[str], labels: Mapping[str, str], page: str) -> Row:
    label, state = VERDICTS[one.verdict]
    name = one.values.get("name") or (one.cells[0] if one.cells else "") or "(no name)"
    link = f"{page}/{one.record_id}" if one.record_id and one.verdict == "imported" else ""
    left_out = "" if one.chosen or one.verdict not in {"ready", "warning"} else "left out by hand"
    changes = [_change(each) for each in one.changes]
    said = " ".join((*changes, *(_problem(problem, labels) for problem in one.problems)))
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


def _change(each: Mapping[str, str]) -> str:
    """Say what becomes of a field; a name keeps its capitals."""
    what = each["field"][:1].upper() + each["field"][1:]
    return f"{what}: {each['before']} → {each['after']}." if each["before"] else f"{what}: {each['after']}."
