"""An import and its rows, as the database keeps them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.options import options
from tenantry.intake.problem import Problem
from tenantry.intake.reading import Line
from tenantry.intake.rows import RowReader
from tenantry.intake.surroundings import Surroundings
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Conflict
from tenantry.schema.intake import import_row, import_run
from tenantry.tenancy.records import Row, locked

BATCH = 1_000

# What a row becomes: its account, and the lists of its addresses and contacts.
Record = Mapping[str, Any]

WRITE_ROWS = sa.text(
    """
    INSERT INTO import_row (tenant_id, id, import_id, line, cells)
    SELECT :tenant, row.id, :import, row.line, row.cells
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(id uuid, line integer, cells jsonb)
    ON CONFLICT (tenant_id, import_id, line) DO NOTHING
    """
)
JUDGE_ROWS = sa.text(
    """
    UPDATE import_row
    SET verdict = said.verdict, problems = said.problems, record = said.record
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(line integer, verdict text, problems jsonb, record jsonb)
    WHERE import_row.tenant_id = :tenant AND import_row.import_id = :import AND import_row.line = said.line
    """
)
KEEP_IMPORTED = sa.text(
    """
    UPDATE import_row
    SET verdict = 'imported', record = NULL, record_id = made.id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS made(line integer, id uuid)
    WHERE import_row.tenant_id = :tenant AND import_row.import_id = :import AND import_row.line = made.line
    """
)
ROWS = (
    sa.select(import_row.c.line, import_row.c.cells)
    .where(
        import_row.c.tenant_id == sa.bindparam("tenant"),
        import_row.c.import_id == sa.bindparam("import"),
        import_row.c.line > sa.bindparam("after"),
    )
    .order_by(import_row.c.line)
    .limit(BATCH)
)
CHOSEN = ROWS.add_columns(import_row.c.record).where(
    import_row.c.chosen, import_row.c.verdict.in_(("ready", "warning"))
)


class Judged(Protocol):
    """A row that was judged: its verdict and what is wrong with it."""

    line: int
    problems: list[Problem]

    @property
    def refused(self) -> bool:
        """Say whether the row stays out."""

    @property
    def verdict(self) -> str:
        """Give the verdict of the row."""


def held(work: Work, id: UUID, *statuses: str) -> sa.RowMapping:
    """Load and lock an import; Conflict when it is not in one of the statuses."""
    row = locked(work, import_run, id, what="import")._mapping  # noqa: SLF001 - SQLAlchemy's own name
    if statuses and row["status"] not in statuses:
        raise Conflict(
            f"The import is {row['status']}.",
            code=f"import-{row['status']}",
            rule="CAT-04",
            remedy="Bring the file again to make another import.",
        )
    return row


def reader_of(run: sa.RowMapping, around: Surroundings) -> RowReader:
    """Give the reader of an import's rows."""
    return RowReader(run["columns"], run["mapping"], options(run["options"]), around)


def write_rows(work: Work, id: UUID, rows: Sequence[Line]) -> None:
    """Write the rows of a file as they stand."""
    for start in range(0, len(rows), BATCH):
        batch = [
            {"id": str(derived_id(id, id, f"row {line}")), "line": line, "cells": cells}
            for line, cells in rows[start : start + BATCH]
        ]
        work.connection.execute(WRITE_ROWS, {"tenant": work.tenant_id, "import": id, "rows": json.dumps(batch)})


def batches(work: Work, id: UUID) -> Iterator[Sequence[Row]]:
    """Give all rows of an import, a batch at a time."""
    after = 0
    while rows := work.connection.execute(ROWS, {"tenant": work.tenant_id, "import": id, "after": after}).all():
        yield rows
        after = rows[-1].line


def judge(
    work: Work, id: UUID, rows: Iterable[Judged], verdicts: Mapping[int, str], records: Mapping[int, Record]
) -> None:
    """Write what is planned for rows, and what is wrong with them."""
    said = [
        {
            "line": row.line,
            "verdict": verdicts.get(row.line, row.verdict),
            "problems": [problem.as_data() for problem in row.problems],
            "record": None if row.refused else records.get(row.line),
        }
        for row in rows
    ]
    data = json.dumps(said, default=str)
    work.connection.execute(JUDGE_ROWS, {"tenant": work.tenant_id, "import": id, "rows": data})


def refuse_all(work: Work, id: UUID, problem: Mapping[str, str]) -> None:
    """Write that no row can be brought in, and why."""
    c = import_row.c
    mine = sa.and_(c.tenant_id == work.tenant_id, c.import_id == id)
    nothing = {"verdict": "refused", "problems": [problem], "record": None}
    work.connection.execute(sa.update(import_row).where(mine).values(**nothing))


def keep_imported(work: Work, id: UUID, ids: Mapping[int, str]) -> None:
    """Write which account each line became."""
    data = json.dumps([{"line": line, "id": made} for line, made in ids.items()])
    work.connection.execute(KEEP_IMPORTED, {"tenant": work.tenant_id, "import": id, "rows": data})


def change(work: Work, id: UUID, **values: object) -> None:
    """Write the values of an import."""
    mine = sa.and_(import_run.c.tenant_id == work.tenant_id, import_run.c.id == id)
    work.connection.execute(sa.update(import_run).where(mine).values(**values, version=import_run.c.version + 1))


def counts(work: Work, id: UUID) -> dict[str, int]:
    """Count the rows by verdict, and those that a person left out."""
    c = import_row.c
    query = sa.select(c.verdict, sa.func.count(), sa.func.count().filter(~c.chosen)).where(
        c.tenant_id == work.tenant_id, c.import_id == id
    )
    found = {verdict: (every, out) for verdict, every, out in work.connection.execute(query.group_by(c.verdict))}
    by_verdict = {verdict: found.get(verdict, (0, 0))[0] for verdict in c.verdict.info["values"]}
    return {
        "rows": sum(by_verdict.values()),
        **by_verdict,
        "left_out": sum(found.get(verdict, (0, 0))[1] for verdict in ("ready", "warning")),
    }
