"""Read a preview: a statement per copy, mark and lapse, for all records of a page at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers.preview.names import names_of
from tenantry.channel.handovers.preview.shapes import shape_of
from tenantry.channel.handovers.preview.views import PartPreview, RecordPreview
from tenantry.channel.handovers.subjects import subjects
from tenantry.channel.handovers.words import words_of
from tenantry.database import Row
from tenantry.rules import plan
from tenantry.rules.copy import Copy
from tenantry.rules.handover import Kind
from tenantry.rules.lapse import Lapse
from tenantry.rules.mark import Mark
from tenantry.schema.channel import handover_record


def preview_of(
    connection: sa.Connection, kind: Kind, row: Row, ids: Sequence[UUID], at: datetime, *, has_run: bool
) -> tuple[RecordPreview, ...]:
    """Give the preview of these records; a fixed number of statements, however many they are."""
    if not ids:
        return ()
    between = {"after": UUID(int=min(ids).int - 1), "upto": max(ids)}
    said = {"at": at, "actor_id": row["confirmed_by"], "actor": row["confirmed_by_name"] or ""}
    words = words_of(row, page=list(ids), **between, **said)
    pieces: list[Copy | Lapse | Mark] = [*kind.copies]
    if not has_run:
        pieces += [*kind.lapses, *kind.marks]
    read = [(shape_of(piece), connection.execute(_statement(piece), words).all()) for piece in pieces]
    heads = connection.execute(_HEADS, {"page": list(ids), "tenant": row["tenant_id"], "handover": row["id"]}).all()
    names = names_of(connection, row, read, {(kind.subject.one, head.id): head.name for head in heads})
    parts: dict[UUID, list[PartPreview]] = {id_: [] for id_ in ids}
    for shape, rows in read:
        for one in rows:
            parts[one[0]].append(PartPreview(shape, one, names, has_run))
    return tuple(RecordPreview(*head, parts=tuple(parts[head.id])) for head in heads)


def _statement(piece: Copy | Mark | Lapse) -> sa.Select[Any]:
    if piece not in PREVIEWS:
        PREVIEWS[piece] = piece.preview(plan.page)
    return PREVIEWS[piece]


PREVIEWS: dict[Copy | Mark | Lapse, sa.Select[Any]] = {}
_subject = subjects("subject")
_HEADS = (
    sa.select(
        handover_record.c.id,
        sa.func.coalesce(_subject.c.entity, "").label("entity"),
        sa.func.coalesce(_subject.c.name, "").label("name"),
        sa.func.coalesce(_subject.c.customer, "").label("customer"),
        _subject.c.number,
        handover_record.c.verdict,
        handover_record.c.finding,
        handover_record.c.outcome,
        handover_record.c.why,
    )
    .select_from(
        handover_record.join(
            _subject,
            sa.and_(_subject.c.tenant_id == handover_record.c.tenant_id, _subject.c.id == handover_record.c.id),
            isouter=True,
        )
    )
    .where(
        handover_record.c.tenant_id == sa.bindparam("tenant"),
        handover_record.c.handover_id == sa.bindparam("handover"),
        handover_record.c.id == sa.any_(sa.bindparam("page", type_=sa.ARRAY(handover_record.c.id.type))),
    )
    .order_by(handover_record.c.id)
)
