"""A handover's preview as the API shows it, and as a file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from tenantry.channel.handovers import queries
from tenantry.channel.handovers.preview import FieldPreview, PartPreview, RecordPreview
from tenantry.database import Database, Work
from tenantry.tenancy.listing.export import FORMULA
from tenantry.web.api.lists import csv_line
from tenantry.web.api.shapes import shown

WORDS = {
    "field": "The field.",
    "source": "What the giver has.",
    "before": "What is there today; null when nothing is.",
    "after": "What will be, or once it has run, what became of it.",
    "rule": "The rule that decides it.",
    "why": "The rule as a sentence; of a record, why it was kept or left.",
    "verb": "carry, fill, mirror, blank, assign (at the run) or mark (on the giver's own row).",
    "source_name": "Name of the record that `source` refers to, where it does.",
    "before_name": "Name of the record that `before` refers to, where it does.",
    "after_name": "Name of the record that `after` refers to, where it does.",
    "entity": "Kind of the row.",
    "part": "Which of the copies or marks it is.",
    "title": "What the row is called.",
    "is_above": "Whether it is a row of the giver's own.",
}
FIELDS = tuple(FieldPreview.__dataclass_fields__)
HEAD = ("account_id", "account_number", "account", "verdict", "finding", "outcome", "entity", "part", "row_id", *FIELDS)

FieldShape = shown(FieldPreview, **WORDS)


class PartShape(BaseModel):
    """A row that goes with the record: an address, a contact, a line of history, or a mark above."""

    entity: str = Field(description=WORDS["entity"])
    part: str = Field(description=WORDS["part"])
    id: UUID = Field(description="The row's id.")
    title: str = Field(description=WORDS["title"])
    is_above: bool = Field(description=WORDS["is_above"])
    fields: list[FieldShape] = Field(description="Its fields.")  # type: ignore[valid-type]


class RecordShape(BaseModel):
    """One record of a handover: an account, or what an account has."""

    id: UUID = Field(description="The record's id.")
    entity: str = Field(description="account, subscription or asset: what it is; empty when it is gone.")
    name: str = Field(description="Its name.")
    customer: str = Field(description="Name of the account that has it; empty of an account.")
    number: int | None = Field(description="The account's number at the giver's; null of what an account has.")
    verdict: str = Field(description="new, wake, live, here, clash or held: what the plan says of it.")
    finding: str | None = Field(description="Code of the blocker that holds it; null when none does.")
    outcome: str | None = Field(description="copied, changed, undone or kept; null while nothing has become of it.")
    why: str | None = Field(description=WORDS["why"])
    fields: list[FieldShape] = Field(description="The record's own fields.")  # type: ignore[valid-type]
    parts: list[PartShape] = Field(description="The rows that go with it.")


def presented(record: RecordPreview, *, only_differences: bool = False) -> dict[str, Any]:
    """Show a record: its own fields, and the rows that go with it."""
    parts = record.parts[1:] if record.fields else record.parts
    return {
        **{
            name: getattr(record, name)
            for name in ("id", "entity", "name", "customer", "number", "verdict", "finding", "outcome", "why")
        },
        "fields": _fields(record.fields, only_differences=only_differences),
        "parts": [
            {
                **{name: getattr(part, name) for name in ("entity", "part", "id", "title", "is_above")},
                "fields": _fields(part.fields, only_differences=only_differences),
            }
            for part in parts
        ],
    }


def file(database: Database, work: Work, handover_id: UUID, name: str, format: str) -> StreamingResponse:
    """Give the whole preview as a file, record by record, without holding it in memory."""
    lines = {"csv": _csv, "jsonl": _json}[format]

    def written() -> Iterator[bytes]:
        # The request's own unit of work has ended when the file is sent.
        with database.work(work.tenant_id, work.actor) as reading:
            yield from lines(queries.whole_preview(reading, handover_id))

    return StreamingResponse(
        written(),
        media_type={"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}[format],
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def _fields(fields: tuple[FieldPreview, ...], *, only_differences: bool) -> list[FieldPreview]:
    return [one for one in fields if not (only_differences and one.is_same)]


def _json(records: Iterator[RecordPreview]) -> Iterator[bytes]:
    for record in records:
        yield to_json(presented(record), fallback=str) + b"\n"


def _csv(records: Iterator[RecordPreview]) -> Iterator[bytes]:
    yield csv_line(HEAD)
    for record in records:
        yield b"".join(csv_line(_row(record, part, one)) for part in record.parts for one in part.fields)


def _row(record: RecordPreview, part: PartPreview, one: FieldPreview) -> tuple[str, ...]:
    head = (record.id, record.number, record.name, record.verdict, record.finding, record.outcome)
    cells = (*head, part.entity, part.part, part.id, *(getattr(one, name) for name in FIELDS))
    return tuple(_cell(cell) for cell in cells)


def _cell(value: object) -> str:
    """Write a value; what a spreadsheet would take for a formula gets a quote before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
