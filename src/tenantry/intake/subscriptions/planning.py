"""Plan an import of running subscriptions: every row gets its verdict, and the day from which it is charged."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.options import options
from tenantry.intake.planning import Findings, digest_of, note
from tenantry.intake.problem import Problem
from tenantry.intake.reading import Cell
from tenantry.intake.stored import batches, change, counts, judge, refuse_all
from tenantry.intake.subscriptions import add_ons, here
from tenantry.intake.subscriptions.judging import Judging, Seen
from tenantry.intake.subscriptions.reading import NEEDED, RULE, SubscriptionReader

NOTHING_BEFORE = {
    "code": "nothing-charged-before",
    "severity": "note",
    "rule": "BIL-01",
    "message": "Nothing is charged for the past: each is charged from its first period that begins today or later.",
    "remedy": "The day is shown with each row.",
    "field": "",
    "column": "",
    "rows": 0,
    "lines": [],
    "values": [],
}


def plan_subscriptions(work: Work, run: sa.RowMapping) -> None:
    """Judge every row of an import anew and write the verdicts, the findings and the digest."""
    reader = reader_of(run)
    if lacking := [name for name in NEEDED if name not in reader.headings]:
        _nothing_goes(work, run, lacking[0])
        return
    seen, findings = Seen(), Findings()
    for rows in batches(work, run["id"]):
        read = [reader.read(row.line, row.cells) for row in rows]
        judge(work, run["id"], read, {}, Judging(work, run, reader, seen, read).records())
        note(findings, read)
    ordered = sorted(findings.values(), key=lambda one: (-one["rows"], one["code"]))
    counted = counts(work, run["id"])
    told = [NOTHING_BEFORE, *ordered] if counted["ready"] else ordered
    change(work, run["id"], status="planned", findings=told, counts=counted, digest=digest(work, run))


def digest(work: Work, run: sa.RowMapping) -> str:
    """Give the SHA-256 over all that decides what an import does: file, mapping, options, choices, what is here."""
    return digest_of(work, run, here.fingerprint(work))


def reader_of(run: sa.RowMapping) -> SubscriptionReader:
    """Give the reader of an import's rows."""
    return SubscriptionReader(run["columns"], run["mapping"], options(run["options"]).defaults)


def values_of(run: sa.RowMapping, line: int, cells: Sequence[Cell]) -> dict[str, str]:
    """Say what a row becomes, field by field."""
    one = reader_of(run).read(line, cells)
    days = {name: str(day) for name, day in one.days.items()}
    name = one.cells.get("name") or " - ".join(
        part for part in (one.cells.get("account"), one.cells.get("product")) if part
    )
    added = {"add_ons": "; ".join(add_ons.named(one.add_ons))}
    found = {
        **one.cells,
        **days,
        **added,
        "name": name,
        "cycle": one.cycle.replace("_", " "),
        "quantity": str(one.quantity),
    }
    return {field: value for field, value in found.items() if value}


def _nothing_goes(work: Work, run: sa.RowMapping, name: str) -> None:
    """Refuse every row of a file that lacks a column which it cannot do without; there is nothing to confirm then."""
    message, _ = NEEDED[name]
    said = f"No column was recognised as the {name.replace('_on', ' date').replace('_', ' ')}. {message}"
    remedy = "Choose by hand which column holds it, or give the file a heading."
    problem = Problem("refusal", f"no-{name.replace('_', '-')}-column", said, RULE, remedy, name)
    refuse_all(work, run["id"], problem.as_data())
    counted = counts(work, run["id"])
    stops: dict[str, Any] = {**problem.as_data(), "severity": "blocker", "rows": counted["rows"]}
    findings = [{**stops, "lines": [], "values": []}]
    change(work, run["id"], status="planned", digest=None, findings=findings, counts=counted)
