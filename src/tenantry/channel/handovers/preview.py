"""The preview: the very expressions of the run beside today's values, record by record,
field by field, each with its rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID as UUIDType  # noqa: N811 - beside the value of that name

from tenantry.channel.handovers.words import words_of
from tenantry.database import Row
from tenantry.rules import plan
from tenantry.rules.copy import Copy
from tenantry.rules.handover import Kind, Lapse, Mark
from tenantry.schema import metadata
from tenantry.schema.base import ID
from tenantry.schema.channel import handover_record
from tenantry.schema.crm import account

LABELS = {"account_history": "History", "contact_history": "History of the contact", "giver_history": "History above"}
TITLES = ("name", "last_name", "city", "external_id", "sentence")


@dataclass(frozen=True)
class FieldPreview:
    """One field: what the giver has, what is there today at the taker, what will be, and by which rule.

    References carry the name of what they refer to beside the id.
    `is_same` says that nothing differs between giver and taker's new value.
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


@dataclass(frozen=True, slots=True)
class FieldShape:
    """Where a field of a part stands in its row, and what the rule says of it;
    `source` is None where it is the new value itself.
    """

    name: str
    verb: str
    rule: str
    why: str
    type: sa.types.TypeEngine[Any]
    refers_to: str | None
    after: int | None = None
    source: int | None = None
    today: int | None = None

    def values(self, row: Sequence[Any], before_at: int | None, *, has_run: bool) -> tuple[Any, Any, Any]:
        """Give what the giver has, what is there today at the taker, and what will be.

        After the run the taker's rows are his own business (TEN-02): what was written is told by the rules, and a
        field that a rule leaves alone tells nothing.
        """
        if self.after is None:
            return None, None, None
        after = row[self.after]
        if before_at is None:
            before = row[self.today] if self.today is not None else None
            source = row[self.source] if self.source is not None else None
            return source, before, after
        source = row[self.source] if self.source is not None else after if self.verb in {"carry", "mirror"} else None
        if has_run:
            return source, None, None if self.verb == "blank" else after
        kept = row[before_at]
        before = _typed(kept[self.today], self.type) if kept is not None and self.today is not None else None
        return source, before, after


@dataclass(frozen=True, slots=True)
class Shape:
    """What all rows of one copy or mark have in common;
    `before` is where today's values stand, None where each has a column of its own.
    """

    entity: str
    part: str
    label: str
    is_above: bool
    before: int | None
    fields: tuple[FieldShape, ...]


@dataclass(frozen=True, slots=True)
class PartPreview:
    """One row that belongs to a record: the account itself, an address, a contact, a history line, or a mark above.

    It keeps the row as it was read and spells the fields out when they are asked for: a whole preview has millions.
    """

    shape: Shape
    row: Sequence[Any]
    names: Mapping[tuple[str, UUID], str]
    has_run: bool = False

    @property
    def entity(self) -> str:
        """Name the table of the row."""
        return self.shape.entity

    @property
    def part(self) -> str:
        """Name the copy or the mark that the row comes from."""
        return self.shape.part

    @property
    def is_above(self) -> bool:
        """Say whether it is the giver's own row that changes."""
        return self.shape.is_above

    @property
    def id(self) -> UUID:
        """Give the id of the row."""
        found: UUID = self.row[1]
        return found

    @property
    def title(self) -> str:
        """Say in a word which row it is."""
        if self.shape.label:
            return self.shape.label
        said = {one.field: one.after for one in self.fields}
        return next((str(said[wanted]) for wanted in TITLES if said.get(wanted)), "")

    @property
    def fields(self) -> tuple[FieldPreview, ...]:
        """Spell out the fields."""
        return tuple(self._field(one) for one in self.shape.fields)

    def _field(self, spec: FieldShape) -> FieldPreview:
        source, before, after = spec.values(self.row, self.shape.before, has_run=self.has_run)
        if spec.refers_to is None:
            return FieldPreview(spec.name, source, before, after, spec.rule, spec.why, spec.verb)
        named = (self.names.get((spec.refers_to, value)) for value in (source, before, after))
        return FieldPreview(spec.name, source, before, after, spec.rule, spec.why, spec.verb, *named)


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
    connection: sa.Connection, kind: Kind, row: Row, ids: Sequence[UUID], at: datetime, *, has_run: bool
) -> tuple[RecordPreview, ...]:
    """Give the preview of these records; a fixed number of statements, however many they are."""
    if not ids:
        return ()
    words = words_of(row, at=at, page=list(ids), actor_id=row["confirmed_by"], actor=row["confirmed_by_name"] or "")
    pieces: list[Copy | Lapse | Mark] = [*kind.copies]
    if not has_run:
        pieces += [*kind.lapses, *kind.marks]
    read = [(_shape(piece), connection.execute(_statement(piece), words).all()) for piece in pieces]
    heads = connection.execute(_HEADS, {"page": list(ids), "tenant": row["tenant_id"], "handover": row["id"]}).all()
    names = _names(connection, row, read, {("account", head.id): head.name for head in heads})
    parts: dict[UUID, list[PartPreview]] = {id_: [] for id_ in ids}
    for shape, rows in read:
        for one in rows:
            parts[one[0]].append(PartPreview(shape, one, names, has_run))
    return tuple(RecordPreview(*head, parts=tuple(parts[head.id])) for head in heads)


def _shape(piece: Copy | Mark | Lapse) -> Shape:
    if piece.name not in SHAPES:
        SHAPES[piece.name] = _copy_shape(piece) if isinstance(piece, Copy) else _change_shape(piece)
    return SHAPES[piece.name]


def _copy_shape(copy: Copy) -> Shape:
    entity, first = copy.into.name, 3
    source_at = {name: first + len(copy.shown) + place for place, name in enumerate(copy.differs)}
    fields = [
        FieldShape(
            name,
            copy.stanza_of[name].verb,
            copy.stanza_of[name].rule,
            copy.stanza_of[name].why,
            copy.into.c[name].type,
            _refers_to(entity, name),
            after=first + place,
            source=source_at.get(name),
            today=place,
        )
        for place, name in enumerate(copy.shown)
    ]
    fields += [
        FieldShape(name, "assign", stanza.rule, stanza.why, copy.into.c[name].type, None)
        for name, stanza in copy.stanza_of.items()
        if stanza.verb == "assign" and name not in {"version", "created_at"}
    ]
    label = LABELS.get(copy.name, "") if copy.hashed else ""
    return Shape(entity, copy.name, label, copy.to.key == "giver", 2, tuple(fields))


def _change_shape(piece: Mark | Lapse) -> Shape:
    """Show a row that is not copied but changed: marked above, or lapsing below;
    what gives way is nothing afterwards.
    """
    is_mark = isinstance(piece, Mark)
    names, table = (piece.sets, piece.table) if isinstance(piece, Mark) else (piece.changes, piece.copy.into)
    fields = tuple(
        FieldShape(
            name,
            "mark" if is_mark else "lapse",
            piece.rule,
            piece.why,
            table.c[name].type,
            _refers_to(table.name, name),
            after=3 + 2 * place,
            source=2 + 2 * place if is_mark else None,
            today=2 + 2 * place,
        )
        for place, name in enumerate(names)
    )
    return Shape(table.name, piece.name, "", is_mark, None, fields)


def _typed(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """Read a value of a JSON array as its column's own type, so that it can be compared."""
    if value is None:
        return None
    if isinstance(kind, UUIDType):
        return UUID(value)
    if isinstance(kind, sa.Numeric):
        return Decimal(str(value))
    return value


def _names(
    connection: sa.Connection,
    row: Row,
    read: Iterable[tuple[Shape, Sequence[sa.Row[Any]]]],
    known: dict[tuple[str, UUID], str],
) -> dict[tuple[str, UUID], str]:
    """Look up the names of what the previewed fields refer to, a statement per table referred to;
    most refer to the records themselves.
    """
    wanted: dict[str, set[UUID | None]] = {}
    for shape, rows in read:
        for one in shape.fields:
            if one.refers_to is not None and one.after is not None:
                columns = {one.after, one.source, one.today if shape.before is None else None}
                seen = wanted.setdefault(one.refers_to, set())
                for column in columns:
                    if column is not None:
                        seen.update([found[column] for found in rows])
                if shape.before is not None:
                    kept = [found[shape.before] for found in rows]
                    seen.update([_typed(values[one.today], one.type) for values in kept if values is not None])
    names = known
    for name, ids in wanted.items():
        missing = [id_ for id_ in ids if id_ is not None and (name, id_) not in known]
        if not missing:
            continue
        table = metadata.tables[name]
        key = [table.c.tenant_id.in_([row["tenant_id"], row["taker_id"]])] if "tenant_id" in table.c else []
        query = sa.select(table.c.id, table.c.name).where(
            *key, table.c.id == sa.any_(sa.literal(missing, sa.ARRAY(ID)))
        )
        names.update({(name, id_): text for id_, text in connection.execute(query)})
    return names


def _refers_to(entity: str, column: str) -> str | None:
    if column == "managed_by":
        return "tenant"
    targets = REFERENCES.get((entity, column))
    return targets if targets and "name" in metadata.tables[targets].c else None


def _statement(piece: Copy | Mark | Lapse) -> sa.Select[Any]:
    if piece.name not in PREVIEWS:
        PREVIEWS[piece.name] = piece.preview(plan.page)
    return PREVIEWS[piece.name]


PREVIEWS: dict[str, sa.Select[Any]] = {}
SHAPES: dict[str, Shape] = {}
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
