"""What all rows of one copy, mark or lapse have in common: the fields they show, where each stands, and its rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID as UUIDType  # noqa: N811 - beside the value of that name

from tenantry.rules.copy import Copy
from tenantry.rules.lapse import Lapse
from tenantry.rules.mark import Mark
from tenantry.schema import metadata

LABELS = {"account_history": "History", "contact_history": "History of the contact", "giver_history": "History above"}


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
        before = typed(kept[self.today], self.type) if kept is not None and self.today is not None else None
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


def shape_of(piece: Copy | Mark | Lapse) -> Shape:
    if piece not in SHAPES:
        SHAPES[piece] = _copy_shape(piece) if isinstance(piece, Copy) else _change_shape(piece)
    return SHAPES[piece]


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


def typed(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """Read a value of a JSON array as its column's own type, so that it can be compared."""
    if value is None:
        return None
    if isinstance(kind, UUIDType):
        return UUID(value)
    if isinstance(kind, sa.Numeric):
        return Decimal(str(value))
    return value


def _refers_to(entity: str, column: str) -> str | None:
    if column == "managed_by":
        return "tenant"
    targets = REFERENCES.get((entity, column))
    return targets if targets and "name" in metadata.tables[targets].c else None


SHAPES: dict[Copy | Mark | Lapse, Shape] = {}
REFERENCES = {
    (table.name, key.column_keys[1]): key.elements[1].column.table.name
    for table in metadata.sorted_tables
    for key in table.foreign_key_constraints
    if len(key.column_keys) == 2  # noqa: PLR2004 - tenant_id and the reference itself
}
