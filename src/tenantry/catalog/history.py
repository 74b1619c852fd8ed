"""The history of what is sold: a dated sentence for every change, written in its transaction (TEN-24)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.schema.crm import history_line


def write(
    work: Work, entity: str, subject_id: UUID, sentence: str, changes: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """Write a line; `changes` maps a field to its `before` and `after`."""
    write_all(work, entity, [(subject_id, sentence)], changes)


def write_all(
    work: Work,
    entity: str,
    lines: Iterable[tuple[UUID, str]],
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write a line for each of many records, as (record, sentence), in one go."""
    shared = {
        "tenant_id": work.tenant_id,
        "entity": entity,
        "at": work.at,
        "actor_id": work.actor.id,
        "actor": work.actor.name[:320],
        "changes": {name: _kept(pair) for name, pair in changes.items()} if changes else None,
    }
    rows = [shared | {"id": new_id(), "subject_id": subject, "sentence": sentence} for subject, sentence in lines]
    if rows:
        work.connection.execute(_WRITE, rows)


def edits(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Compare a row with its new values, field by field; what stays is left out."""
    return {name: {"before": before[name], "after": value} for name, value in after.items() if before[name] != value}


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _kept(one) for name, one in value.items()}
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


_WRITE = sa.insert(history_line)
