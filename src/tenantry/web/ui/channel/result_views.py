"""What became of a handover as the kit draws it: figures, and account by account (HND-04)."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.queries import STAYED, HandoverView, RecordResult
from tenantry.web.ui.channel import places, trail
from tenantry.web.ui.channel.handover_views import VERDICTS, url
from tenantry.web.ui.views import Cell, Column, Empty, Filter, Link, ListView, Option, Row, Stat
from tenantry.web.words import Words

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "copied": ("Transferred", "completed"),
    "changed": ("Changed since confirmed", "changed_since_confirmed"),
    "undone": ("Undone", "undone"),
    "kept": ("Could not be undone", "warning"),
    STAYED: ("Stayed", "skip"),
}
REASONS: Mapping[str, str] = {
    check.code: check.says for kind in KINDS.values() for check in (*kind.candidates, *kind.checks, *kind.obstacles)
}


def result_stats(view: HandoverView, words: Words) -> tuple[Stat, ...]:
    """Give what became of it."""
    counts = view.counts
    found = [Stat("Transferred", words.number(counts.get("copied", 0)), tone="good" if counts.get("copied") else "")]
    if counts.get("changed"):
        found.append(Stat("Changed since confirmed", words.number(counts["changed"]), "left where they are", "warn"))
    held = counts.get("held", 0) + counts.get("clash", 0)
    if held:
        found.append(Stat("Held back", words.number(held), "by a blocker of the plan", "warn"))
    if counts.get("undone"):
        found.append(Stat("Undone", words.number(counts["undone"])))
    if counts.get("kept"):
        found.append(Stat("Could not be undone", words.number(counts["kept"]), "they stay transferred", "warn"))
    return tuple(found)


def results(
    view: HandoverView,
    found: Sequence[RecordResult],
    *,
    outcome: str,
    query: str,
    cursor: str,
    back: Sequence[str],
    many: int,
    words: Words,
) -> ListView:
    """Give what became of each account (HND-04)."""
    here, asked = url(view), (("outcome", outcome), ("q", query))
    shown, more = found[:many], len(found) > many
    wanted = [(name, value) for name, value in asked if value]
    export = f"{here}/results.csv" + (f"?{urlencode(wanted)}" if wanted else "")
    return ListView(
        name="results",
        url=here,
        columns=(
            Column("name", view.subject.removesuffix("s").capitalize()),
            Column("verdict", "Plan"),
            Column("outcome", "Result"),
            Column("why", "Why", prose=True),
        ),
        rows=tuple(_result(one) for one in shown),
        empty=Empty("None of them matches", icon="search") if wanted else Empty("Nothing was in this plan"),
        query=query,
        placeholder=f"Search {view.subject}",
        filters=(Filter("outcome", "Every result", _outcomes(), outcome),),
        filtered=bool(wanted),
        count=words.counted(len(shown), view.subject),
        previous_url=trail.previous_url(here, asked, cursor, back),
        next_url=trail.next_url(here, asked, cursor, back, str(shown[-1].id) if more else None),
        exports=(Link("CSV", export, "Each of them with its result"),),
        columns_choosable=False,
        cards=True,
    )


def _outcomes() -> tuple[Option, ...]:
    return tuple(Option(name, label) for name, (label, _) in OUTCOMES.items())


def _result(one: RecordResult) -> Row:
    label, state = OUTCOMES[one.outcome or STAYED]
    return Row(
        str(one.id),
        (
            Cell(
                one.name or "(gone)",
                places.url(one.entity, one.id),
                f"No. {one.number}" if one.number is not None else one.customer,
            ),
            Cell(VERDICTS[one.verdict], state="held_back" if one.verdict == "held" else one.verdict),
            Cell(label, state=state),
            Cell(why(one)),
        ),
    )


def why(one: RecordResult) -> str:
    """Say why an account was left or kept, in the words of the check."""
    code = one.why if one.outcome == "kept" else one.finding if one.outcome is None else None
    if one.outcome == "changed":
        return "It was changed after the plan was confirmed, so it was left (HND-09). Plan it again."
    return REASONS.get(code or "", code or "")
