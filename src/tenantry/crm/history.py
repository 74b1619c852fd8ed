"""The history of every record of business weight: dated sentences, never rewritten (TEN-24)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Ready, Work, rows
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.base import AT, ID
from tenantry.schema.crm import history_line

AT_MOST = 200


@dataclass(frozen=True)
class Change:
    """One field of an edit, before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class HistoryLine:
    """One dated sentence."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor: str
    sentence: str
    changes: tuple[Change, ...]
    handover_id: UUID | None


@dataclass(frozen=True)
class HistoryPage:
    """Some lines, the latest first, and the cursor of the ones before."""

    lines: tuple[HistoryLine, ...]
    next: str | None


def write(
    work: Work,
    entity: str,
    subject_id: UUID,
    sentence: str,
    changes: Mapping[str, Any] | None = None,
    handover_id: UUID | None = None,
) -> None:
    """Write a line in the transaction of the change; `changes` maps a field to its `before` and `after`."""
    write_all(work, entity, [(subject_id, sentence)], changes=changes, handover_id=handover_id)


def write_all(
    work: Work,
    entity: str,
    lines: Iterable[tuple[UUID, str]],
    *,
    changes: Mapping[str, Any] | None = None,
    handover_id: UUID | None = None,
) -> None:
    """Write a line for each of many records of one kind, as (record, sentence), in one go."""
    write_lines(work, [(entity, *line) for line in lines], changes=changes, handover_id=handover_id)


def write_lines(
    work: Work,
    lines: Iterable[tuple[str, UUID, str]],
    *,
    changes: Mapping[str, Any] | None = None,
    handover_id: UUID | None = None,
) -> None:
    """Write a line for each of many records of any kind, as (kind, record, sentence), in one go."""
    if lines := list(lines):
        _WRITE.run(work.connection, words(work, lines, changes, handover_id))


def words(
    work: Work,
    lines: Sequence[tuple[str, UUID, str]],
    changes: Mapping[str, Any] | None = None,
    handover_id: UUID | None = None,
) -> dict[str, Any]:
    """Give what `WRITE` is told, alone or with what it writes beside: lines as (kind, record, sentence)."""
    return {
        "here": work.tenant_id,
        "at": work.at,
        "actor_id": work.actor.id,
        "actor": work.actor.name[:320],
        "changes": {name: _kept(pair) for name, pair in changes.items()} if changes else None,
        "handover_id": handover_id,
        "history_line": rows.told([dict(zip(_OWN, (new_id(), *line), strict=True)) for line in lines]),
    }


def edits(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Compare a row with its new values, field by field, as `write` takes it."""
    return {name: {"before": before[name], "after": value} for name, value in after.items() if before[name] != value}


def lines(work: Work, subject_id: UUID, cursor: str | None = None, limit: int = 50) -> HistoryPage:
    """Give a record's lines, the latest first; who asks has read the record itself before."""
    at, id_ = _place(cursor)
    limit = min(limit, AT_MOST)
    given = {"tenant": work.tenant_id, "subject": subject_id, "at": at, "id": id_, "limit": limit + 1}
    found = work.connection.execute(_LINES if cursor is None else _EARLIER, given).mappings().all()
    shown = tuple(HistoryLine(**{**row, "changes": _changes(row["changes"])}) for row in found[:limit])
    more = len(found) > limit
    return HistoryPage(shown, f"{shown[-1].at.isoformat()}~{shown[-1].id}" if more else None)


def _place(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    if cursor is None:
        return None, None
    at, _, id_ = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        wanted = Fault("cursor", "It is no cursor of a history.", "API-04", "Begin again with the latest lines.")
        raise Invalid(wanted) from None


def _changes(kept: Mapping[str, Any] | None) -> tuple[Change, ...]:
    return tuple(Change(name, pair["before"], pair["after"]) for name, pair in (kept or {}).items())


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _kept(one) for name, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, (UUID, Decimal)) else value


_OWN = ("id", "entity", "subject_id", "sentence")
_SHARED = ("at", "actor_id", "actor", "changes", "handover_id")
WRITE = sa.insert(history_line).from_select(
    ["tenant_id", *_SHARED, *_OWN],
    sa.select(
        sa.bindparam("here", type_=ID),
        *(sa.bindparam(name, type_=history_line.c[name].type) for name in _SHARED),
        *rows.of(history_line, _OWN).c,
    ),
)
_WRITE = Ready(WRITE)
_SHOWN = [history_line.c[name] for name in HistoryLine.__dataclass_fields__]
_LINES = (
    sa.select(*_SHOWN)
    .where(
        history_line.c.tenant_id == sa.bindparam("tenant", type_=ID),
        history_line.c.subject_id == sa.bindparam("subject", type_=ID),
    )
    .order_by(history_line.c.at.desc(), history_line.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_EARLIER = _LINES.where(
    sa.tuple_(history_line.c.at, history_line.c.id)
    < sa.tuple_(sa.bindparam("at", type_=AT), sa.bindparam("id", type_=ID))
)
