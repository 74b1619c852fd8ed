"""Read imports: where one stands, its rows with their verdicts, and the refused ones as a file to be mended."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.kinds import kind_of
from tenantry.intake.reading import Cell
from tenantry.intake.stored import reader_of
from tenantry.intake.surroundings import Surroundings, surroundings
from tenantry.kernel.problems import NotFound
from tenantry.schema.intake import import_row, import_run
from tenantry.tenancy import permissions

AT_MOST = 200
CALCULATES = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ImportView:
    """An import, as its page shows it; `findings` sum up the problems of its rows, by code."""

    id: UUID
    kind: str
    status: str
    file_name: str
    format: str
    columns: Sequence[str]
    mapping: Mapping[str, str]
    options: Mapping[str, Any]
    counts: Mapping[str, int]
    findings: Sequence[Mapping[str, Any]]
    digest: str | None
    problem: str
    total: int
    done: int
    created_by: UUID | None
    created_by_name: str
    created_at: datetime
    confirmed_by: UUID | None
    confirmed_by_name: str
    confirmed_at: datetime | None
    completed_at: datetime | None
    version: int


@dataclass(frozen=True)
class RowView:
    """A row of the file: its cells, what it becomes field by field, what is wrong with it, and what it changes here."""

    line: int
    verdict: str
    chosen: bool
    cells: Sequence[str]
    values: Mapping[str, str]
    problems: Sequence[Mapping[str, str]]
    changes: Sequence[Mapping[str, str]]
    record_id: UUID | None


@dataclass(frozen=True)
class RowPage:
    """Some rows, and the cursor of the ones behind."""

    items: Sequence[RowView]
    next: int | None


@dataclass(frozen=True)
class FieldView:
    """A field that a column can fill."""

    name: str
    label: str
    group: str


def import_(work: Work, id: UUID) -> ImportView:
    """Give an import; NotFound where the tenant has none."""
    return ImportView(
        **{name: value for name, value in _run(work, id).items() if name in ImportView.__dataclass_fields__}
    )


def fields(work: Work, kind: str = "accounts") -> list[FieldView]:
    """List the fields that a column can be mapped to by hand, the tenant's own among them."""
    permissions.require(work, "imports:view")
    group = {"accounts": "", "subscriptions": "subscription"}.get(kind, "product")
    return [FieldView(one.name, one.label, group or one.group) for one in kind_of(kind).fields(work).values()]


def rows(work: Work, id: UUID, verdict: str | None = None, cursor: int | None = None, limit: int = 50) -> RowPage:
    """Give rows in the order of the file, all or those of one verdict; `cursor` is the last line seen."""
    run = _run(work, id)
    c = import_row.c
    query = (
        sa.select(c.line, c.verdict, c.chosen, c.cells, c.problems, c.record_id, c.record)
        .where(c.tenant_id == work.tenant_id, c.import_id == id, c.line > (cursor or 0))
        .order_by(c.line)
        .limit(min(max(limit, 1), AT_MOST) + 1)
    )
    if verdict:
        query = query.where(c.verdict == verdict)
    found = work.connection.execute(query).all()
    shown, more = found[: min(max(limit, 1), AT_MOST)], len(found) > min(max(limit, 1), AT_MOST)
    values = _values(work, run, [(row.line, row.cells) for row in shown])
    items = [
        RowView(
            row.line,
            row.verdict,
            row.chosen,
            [_text(cell) for cell in row.cells],
            value,
            row.problems,
            (row.record or {}).get("changes", ()),
            row.record_id,
        )
        for row, value in zip(shown, values, strict=True)
    ]
    return RowPage(items, items[-1].line if more else None)


def refused_csv(work: Work, id: UUID) -> Iterator[str]:
    """Give the refused rows as CSV with their reasons, line by line: to be mended and brought again."""
    run = _run(work, id)
    c = import_row.c
    query = (
        sa.select(c.line, c.cells, c.problems)
        .where(c.tenant_id == work.tenant_id, c.import_id == id, c.verdict == "refused")
        .order_by(c.line)
        .execution_options(yield_per=1_000)
    )
    # Spreadsheet programs take a file for UTF-8 only when it says so.
    yield "\ufeff" + _csv([*run["columns"], "Line", "Reason"])
    width = len(run["columns"])
    for row in work.connection.execute(query):
        cells = [_text(cell) for cell in row.cells][:width]
        yield _csv([*cells, *[""] * (width - len(cells)), str(row.line), _reasons(row.problems)])


def _run(work: Work, id: UUID) -> sa.RowMapping:
    permissions.require(work, "imports:view")
    query = sa.select(import_run).where(import_run.c.tenant_id == work.tenant_id, import_run.c.id == id)
    row = work.connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("import")
    return row


def _values(work: Work, run: sa.RowMapping, rows_: Sequence[tuple[int, list[Cell]]]) -> list[dict[str, str]]:
    if values_of := kind_of(run["kind"]).values:
        return [values_of(run, line, cells) for line, cells in rows_]
    around = surroundings(work)
    reader, names = reader_of(run, around), _names(around)
    read = [reader.read(line, cells) for line, cells in rows_]
    return [
        {
            field: names.get(value, str(value)) if isinstance(value, UUID) else str(value)
            for field, value in one.values.items()
        }
        for one in read
    ]


def _names(around: Surroundings) -> dict[UUID, str]:
    """Name records again as people do: the longest word that leads to an id is its name."""
    found: dict[UUID, str] = {}
    for known in (around.payers, around.price_lists, around.payment_methods, around.users, around.permission_rules):
        for word, ids in known.items():
            for id in ids:
                if word != str(id) and not word.isdigit():
                    found[id] = word
    return found


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell["text"]


def _reasons(problems: Sequence[Mapping[str, str]]) -> str:
    refusals = [one for one in problems if one["severity"] == "refusal"]
    return " ".join(f"{one['column'] or one['field'] or 'Row'}: {one['message']} {one['remedy']}" for one in refusals)


def _csv(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: str) -> str:
    """Keep a spreadsheet program from calculating what a file says; reading takes the apostrophe off again."""
    number = cell[:1] in {"+", "-"} and cell[1:].replace(" ", "").replace(".", "").isdigit()
    return f"'{cell}" if cell.startswith(CALCULATES) and not number else cell
