"""The preview: the very expressions of the run beside today's values, record by record, field by field, each with its rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers.words import words_of
from tenantry.rules import plan
from tenantry.rules.copy import Copy
from tenantry.rules.handover import Kind, Lapse, Mark
from tenantry.schema import metadata
from tenantry.schema.channel import handover_record
from tenantry.schema.crm import account

LABELS = {"account_history": "History", "contact_history": "History of the contact", "giver_history": "History above"}
TITLES = ("name", "last_name", "city", "external_id", "sentence")


@dataclass(frozen=True)
class FieldPreview:
    """One field: what the giver has, what is there today at the taker, what will be, and by which rule.

    References carry the name of what they refer to beside the id. `is_same` says that nothing differs between giver and taker's new value.
    """

    field: str
    source: Any
    before: Any
    after: Any
    rule: str
    why: str
    verb: str
    source_name: str | None = None
    before_name: str | None = None
    after_name: str | None = None

    @property
    def is_same(self) -> bool:
        """Say whether the new value is just what the giver has, and nothing else stood there."""
        return bool(self.source == self.after and self.before in (None, self.after))


@dataclass(frozen=True)
class PartPreview:
    """One row that belongs to a record: the account itself, an address, a contact, a history line, or a mark above."""

    entity: str
    part: str
    id: UUID
    title: str
    is_above: bool
    fields: tuple[FieldPreview, ...]


@dataclass(frozen=True)
class RecordPreview:
    """One account with everything in it; `fields` are the account's own, `parts` all rows, the account first."""

    id: UUID
    name: str
    number: int | None
    verdict: str
    finding: str | None
    outcome: str | None
    why: str | None
    parts: tuple[PartPreview, ...] = field(default_factory=tuple)

    @property
    def fields(self) -> tuple[FieldPreview, ...]:
        """Give the account's own fields."""
        return self.parts[0].fields if self.parts and self.parts[0].entity == "account" else ()


def preview_of(
    connection: sa.Connection, kind: Kind, row: Mapping[str, Any], ids: Sequence[UUID], at: datetime, *, has_run: bool
) -> tuple[RecordPreview, ...]:
    """Give the preview of these records; a fixed number of statements, however many they are."""
    if not ids:
        return ()
    words = words_of(row, at=at, page=list(ids), actor_id=row["confirmed_by"], actor=row["confirmed_by_name"] or "")
    parts: dict[UUID, list[PartPreview]] = {id_: [] for id_ in ids}
    for copy in kind.copies:
        for found in connection.execute(_copies(copy), words).mappings():
            parts[found["account_id"]].append(_copied(copy, found, has_run=has_run))
    if not has_run:
        for piece in (*kind.lapses, *kind.marks):
            for found in connection.execute(_pieces(piece), words).mappings():
                parts[found["account_id"]].append(_changed(piece, found))
    names = _names(connection, row, parts.values())
    heads = connection.execute(_HEADS, {"page": list(ids), "tenant": row["tenant_id"], "handover": row["id"]})
    return tuple(RecordPreview(*head, parts=tuple(_named(part, names) for part in parts[head.id])) for head in heads)


def _copied(copy: Copy, found: Mapping[str, Any], *, has_run: bool) -> PartPreview:
    fields = []
    for name in copy.shown:
        stanza = copy.stanza_of[name]
        before, after = found[f"before_{name}"], found[f"after_{name}"]
        if has_run:
            before, after = None, before
        fields.append(FieldPreview(name, found[f"source_{name}"], before, after, stanza.rule, stanza.why, stanza.verb))
    fields += [
        FieldPreview(name, None, None, None, stanza.rule, stanza.why, "assign")
        for name, stanza in copy.stanza_of.items()
        if stanza.verb == "assign" and name not in {"version", "created_at"}
    ]
    title = next((str(one.after) for wanted in TITLES for one in fields if one.field == wanted and one.after), "")
    above = copy.to.key == "giver"
    return PartPreview(
        copy.into.name,
        copy.name,
        found["id"],
        LABELS.get(copy.name, title) if copy.hashed else title,
        above,
        tuple(fields),
    )


def _changed(piece: Mark | Lapse, found: Mapping[str, Any]) -> PartPreview:
    """Show a row that is not copied but changed: marked above, or lapsing below; what gives way is nothing afterwards."""
    is_mark = isinstance(piece, Mark)
    names, table = (piece.sets, piece.table) if is_mark else (piece.changes, piece.copy.into)
    fields = tuple(
        FieldPreview(
            name,
            found[f"before_{name}"] if is_mark else None,
            found[f"before_{name}"],
            found[f"after_{name}"],
            piece.rule,
            piece.why,
            "mark" if is_mark else "lapse",
        )
        for name in names
    )
    return PartPreview(table.name, piece.name, found["id"], "", is_above=is_mark, fields=fields)


def _names(
    connection: sa.Connection, row: Mapping[str, Any], parts: Iterable[Sequence[PartPreview]]
) -> dict[tuple[str, UUID], str]:
    """Look up the names of what the previewed fields refer to, a statement per table referred to."""
    wanted: dict[str, set[UUID]] = {}
    for part in (one for several in parts for one in several):
        for one in part.fields:
            table = _refers_to(part.entity, one.field)
            if table:
                wanted.setdefault(table, set()).update(
                    value for value in (one.source, one.before, one.after) if value is not None
                )
    names: dict[tuple[str, UUID], str] = {}
    for name, ids in wanted.items():
        table = metadata.tables[name]
        key = [table.c.tenant_id.in_([row["tenant_id"], row["taker_id"]])] if "tenant_id" in table.c else []
        query = sa.select(table.c.id, table.c.name).where(*key, table.c.id.in_(ids))
        names.update({(name, id_): text for id_, text in connection.execute(query)})
    return names


def _named(part: PartPreview, names: Mapping[tuple[str, UUID], str]) -> PartPreview:
    fields = []
    for one in part.fields:
        table = _refers_to(part.entity, one.field)
        if table is None:
            fields.append(one)
            continue
        said = {
            f"{which}_name": names.get((table, value))
            for which, value in (("source", one.source), ("before", one.before), ("after", one.after))
        }
        fields.append(FieldPreview(one.field, one.source, one.before, one.after, one.rule, one.why, one.verb, **said))
    return PartPreview(part.entity, part.part, part.id, part.title, part.is_above, tuple(fields))


def _refers_to(entity: str, column: str) -> str | None:
    if column == "managed_by":
        return "tenant"
    targets = REFERENCES.get((entity, column))
    return targets if targets and "name" in metadata.tables[targets].c else None


def _copies(copy: Copy) -> sa.Select[Any]:
    return PREVIEWS.setdefault(copy.name, copy.preview(plan.page))


def _pieces(piece: Mark | Lapse) -> sa.Select[Any]:
    return PREVIEWS.setdefault(piece.name, piece.preview(plan.page))


PREVIEWS: dict[str, sa.Select[Any]] = {}
REFERENCES = {
    (table.name, key.column_keys[1]): key.elements[1].column.table.name
    for table in metadata.sorted_tables
    for key in table.foreign_key_constraints
    if len(key.column_keys) == 2  # noqa: PLR2004 - tenant_id and the reference itself
}
_HEADS = (
    sa.select(
        handover_record.c.id,
        sa.func.coalesce(account.c.name, "").label("name"),
        account.c.number,
        handover_record.c.verdict,
        handover_record.c.finding,
        handover_record.c.outcome,
        handover_record.c.why,
    )
    .select_from(
        handover_record.join(
            account,
            sa.and_(account.c.tenant_id == handover_record.c.tenant_id, account.c.id == handover_record.c.id),
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
