"""What a preview gives: records, their rows, and each field with today's value, the new one and the rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tenantry.channel.handovers.preview.shapes import FieldShape, Shape

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
    """One record with everything in it; `fields` are its own, `parts` all rows, its own first."""

    id: UUID
    entity: str
    name: str
    customer: str
    number: int | None
    verdict: str
    finding: str | None
    outcome: str | None
    why: str | None
    parts: tuple[PartPreview, ...] = field(default_factory=tuple)

    @property
    def fields(self) -> tuple[FieldPreview, ...]:
        """Give the record's own fields."""
        return self.parts[0].fields if self.has_own else ()

    @property
    def has_own(self) -> bool:
        """Say whether the first of its rows is the record itself."""
        return bool(self.parts) and self.parts[0].id == self.id and not self.parts[0].is_above
