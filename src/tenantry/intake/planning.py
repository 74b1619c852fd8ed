"""Plan an import: rows get their verdicts, what was found is summed up, and the digest says what is confirmed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.accounts import accounts
from tenantry.intake.likeness import Likeness, alike
from tenantry.intake.problem import Problem
from tenantry.intake.rows import Prepared, RowReader
from tenantry.intake.stored import batches, change, counts, judge, reader_of, refuse_all
from tenantry.intake.surroundings import surroundings
from tenantry.schema.intake import import_row

SHOWN = 10
NO_NAME = Problem(
    "refusal",
    "no-name-column",
    "No column was recognised as the account's name.",
    "CAT-04",
    "Choose by hand which column holds the name, or give the file a heading.",
    "name",
)

Findings = dict[str, dict[str, Any]]


class Judged(Protocol):
    """A row with what is wrong with it."""

    line: int
    problems: list[Problem]


def plan_accounts(work: Work, run: sa.RowMapping) -> None:
    """Judge every row of an import anew and write the verdicts, the findings and the digest."""
    around = surroundings(work)
    reader = reader_of(run, around)
    if "name" not in reader.headings:
        _nothing_goes(work, run)
        return
    likeness, findings = Likeness(work, reader), Findings()
    for rows in batches(work, run["id"]):
        read = [reader.read(row.line, row.cells) for row in rows]
        judge_rows(work, run, reader, likeness, read)
        note(findings, read)
    ordered = sorted(findings.values(), key=lambda one: (one["severity"] != "refusal", -one["rows"], one["code"]))
    counted = counts(work, run["id"])
    change(
        work,
        run["id"],
        status="planned",
        findings=ordered,
        counts=counted,
        digest=digest_of(work, run, around.fingerprint),
    )


def _nothing_goes(work: Work, run: sa.RowMapping) -> None:
    """Refuse every row of a file in which no column holds the name; without a digest there is nothing to confirm."""
    refuse_all(work, run["id"], NO_NAME.as_data())
    counted = counts(work, run["id"])
    stops = {**_finding(NO_NAME), "severity": "blocker", "rows": counted["rows"]}
    change(work, run["id"], status="planned", digest=None, findings=[stops], counts=counted)


def judge_rows(work: Work, run: sa.RowMapping, reader: RowReader, likeness: Likeness, rows: Sequence[Prepared]) -> None:
    """Judge a batch of rows and keep what each is to become, so that the run writes what the plan said."""
    ready = accounts(work, reader, run["id"], rows)
    likeness.mark(rows)
    records = {
        one.row.line: {
            "account": one.account.account,
            "addresses": one.account.addresses,
            "contacts": one.account.contacts,
        }
        for one in ready
    }
    judge(work, run["id"], rows, skipped(rows, reader), records)


def skipped(rows: Sequence[Prepared], reader: RowReader) -> Mapping[int, str]:
    """Give the lines that are passed over because they are like others, when that was chosen."""
    if not reader.options.skip_duplicates:
        return {}
    return {row.line: "skipped" for row in rows if not row.refused and alike(row)}


def digest(work: Work, run: sa.RowMapping) -> str:
    """Give the SHA-256 over all that decides what an import does: file, mapping, options, choices, surroundings."""
    return digest_of(work, run, surroundings(work).fingerprint)


def digest_of(work: Work, run: sa.RowMapping, fingerprint: str) -> str:
    """Give the SHA-256 over file, mapping, options, choices, and the fingerprint of what rows are read against."""
    left_out = sa.select(import_row.c.line).where(
        import_row.c.tenant_id == work.tenant_id, import_row.c.import_id == run["id"], ~import_row.c.chosen
    )
    lines = sorted(work.connection.scalars(left_out))
    parts = [run["file_hash"], run["mapping"], run["options"], lines, fingerprint]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def note(findings: Findings, rows: Sequence[Judged]) -> None:
    """Sum up the problems of rows by what is wrong, with the first lines and values."""
    for row in rows:
        for problem in {(one.code, one.field): one for one in row.problems}.values():
            found = findings.setdefault(f"{problem.code} {problem.field} {problem.severity}", _finding(problem))
            found["rows"] += 1
            if len(found["lines"]) < SHOWN:
                found["lines"].append(row.line)
            if problem.value and problem.value not in found["values"] and len(found["values"]) < SHOWN:
                found["values"].append(problem.value)


def _finding(problem: Problem) -> dict[str, Any]:
    words = {
        name: getattr(problem, name) for name in ("code", "severity", "rule", "message", "remedy", "field", "column")
    }
    return {**words, "rows": 0, "lines": [], "values": []}
