"""Find rows that are like an account that is there already, or like a row above: a warning, never a match (TEN-08)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.problem import Problem
from tenantry.intake.rows import Prepared, RowReader
from tenantry.schema.crm import account

SAYS = {"name": "name", "vat_number": "VAT number", "accounting_no": "accounting number", "email": "e-mail"}
REMEDY = "Leave the row out if it is the same company, or skip duplicates."


class Likeness:
    """Remembers what the file said so far; one for a plan or a run."""

    def __init__(self, work: Work, reader: RowReader) -> None:
        self.work = work
        self.reader = reader
        self.lines: dict[tuple[str, str], int] = {}

    def mark(self, rows: Sequence[Prepared]) -> None:
        """Warn of every row that shares a name or number with an account or an earlier row, if both can go in."""
        rows = [row for row in rows if not row.refused]
        there = dict(self._existing(rows))
        for row in rows:
            for field, key in _keys(row):
                if (number := there.get((field, key))) is not None:
                    message = f"Account {number} has the same {SAYS[field]}."
                    row.problems.append(self._problem("like-account", field, message, row))
                if (line := self.lines.setdefault((field, key), row.line)) != row.line:
                    message = f"Line {line} has the same {SAYS[field]}."
                    row.problems.append(self._problem("like-row", field, message, row))

    def _problem(self, code: str, field: str, message: str, row: Prepared) -> Problem:
        heading, value = self.reader.headings.get(field, ""), str(row.values[field])[:80]
        return Problem("warning", code, message, "TEN-08", REMEDY, field, heading, value)

    def _existing(self, rows: Sequence[Prepared]) -> Iterator[tuple[tuple[str, str], int]]:
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for field, key in _keys(row):
                wanted.setdefault(field, set()).add(key)
        if names := wanted.pop("name", set()):
            # By the column that lists are sorted by: its index answers, which `lower(name)` would have to scan for.
            said = sa.func.unnest(sa.literal(sorted(names), sa.ARRAY(sa.Text))).table_valued("said").render_derived()
            folded = sa.func.normalize(sa.func.lower(said.c.said), sa.text("NFKD"))
            query = sa.select(said.c.said, account.c.number).join(account, account.c.sort_name == folded)
            for found in self._seen(query):
                yield ("name", found[0]), found[1]
        for field, keys in wanted.items():
            column = sa.func.lower(account.c[field])
            query = sa.select(column, account.c.number).where(column.in_(sorted(keys)))
            for found in self._seen(query):
                yield (field, found[0]), found[1]

    def _seen(self, query: sa.Select[Any]) -> Iterable[Any]:
        query = query.where(account.c.tenant_id == self.work.tenant_id, account.c.status != "deleted")
        if self.work.actor.readable is not None:
            query = query.where(account.c.permission_rule_id.in_(self.work.actor.readable))
        return self.work.connection.execute(query)


def alike(row: Prepared) -> bool:
    """Say whether a row was found to be like another."""
    return any(one.rule == "TEN-08" for one in row.problems)


def _keys(row: Prepared) -> Iterator[tuple[str, str]]:
    for field in SAYS:
        if key := " ".join(str(row.values.get(field, "")).lower().split()):
            yield field, key
