"""Compare the distributor's catalogue with a tenant reseller's, row by row and field by field (CAT-20).

What is shown is what is applied: both are made of the same items.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.catalogue_updates.parts import PARTS, PURCHASE, Part
from tenantry.schema.catalog import product

Verdict = Literal["new", "changed", "withdrawn", "dropped", "clash"]
Row = Mapping[str, Any]
RULE = "CAT-20"
WHY = {
    "new": "The price list has it now.",
    "withdrawn": "The price list has it no longer; it is kept for what was sold of it.",
    "dropped": "The distributor has it no longer.",
    "clash": "The reseller has a product of his own with this SKU; it is left out until he renames it.",
}


@dataclass(frozen=True)
class Asked:
    """What an update is asked to carry down."""

    mode: str = "full"
    with_selling_prices: bool = False


@dataclass(frozen=True)
class Item:
    """A row that differs: what becomes of it below, with the fields that change."""

    part: Part
    verdict: Verdict
    id: UUID
    title: str
    product_id: UUID | None
    row: Row
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def as_data(self) -> Iterator[dict[str, Any]]:
        """Give it as it is shown and kept, a line for each field, with its rule."""
        line = {"part": self.part.label, "what": self.title, "verdict": self.verdict, "id": str(self.id)}
        if not self.changes:
            after = self.told() if self.verdict == "new" else ""
            yield {**line, "field": "", "before": "", "after": after, "rule": RULE, "why": WHY[self.verdict]}
        for name, (before, after) in self.changes.items():
            stanza = self.part.copy.stanza_of[name]
            said = {"field": name, "before": written(before), "after": written(after)}
            yield {**line, **said, "rule": stanza.rule, "why": stanza.why}

    def told(self) -> str:
        """Say in a few words what a new row is."""
        row = self.row
        match self.part.name:
            case "product_price":
                return f"costs {written(row['cost'])}, sells at {written(row['unit_price'])}"
            case "product_characteristic":
                return str(row["value"])
            case "product_path":
                return str(row["kind"])
            case _:
                return ""


def compare(connection: sa.Connection, words: Mapping[str, Any], asked: Asked) -> list[Item]:
    """Give every row that differs, in the order in which they are applied; `words` are the binds of the copies."""
    return list(_Comparison(connection, words, asked).items())


def digest(lines: Sequence[Mapping[str, Any]], asked: Asked) -> str:
    """Give the SHA-256 over what was shown."""
    said = json.dumps([asked.mode, asked.with_selling_prices, list(lines)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def written(value: Any) -> str:
    """Write a value as it is shown."""
    if value is None:
        return ""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


class _Comparison:
    """One comparison, while it is made."""

    def __init__(self, connection: sa.Connection, words: Mapping[str, Any], asked: Asked) -> None:
        self.connection = connection
        self.words = words
        self.asked = asked
        self.names: dict[UUID, str] = {}
        # Products below that are not the distributor's, and those that cannot come.
        self.foreign: set[UUID] = set()
        self.clashing: set[UUID] = set()
        # What an outside system prices: what it costs is found in the reseller's tenant (UP-31).
        self.outside: set[UUID] = set()
        self.withdrawn: set[UUID] = set()

    def items(self) -> Iterator[Item]:
        self._name_products()
        for part in PARTS:
            above = {self._key(part, row): row for row in self._above(part)}
            below = {self._key(part, row): row for row in self._below(part)}
            if part.name == "product":
                self._own(above, below)
            yield from self._part(part, above, below)

    def _part(self, part: Part, above: Mapping[Any, Row], below: Mapping[Any, Row]) -> Iterator[Item]:
        full = self.asked.mode == "full"
        follows = (
            (*part.follows, *(part.selling if self.asked.with_selling_prices else ())) if full else self._prices(part)
        )
        for key, row in above.items():
            now = below.get(key)
            if self._mentions(part, row, self.clashing):
                if part.name == "product":
                    yield self._item(part, "clash", row)
            elif now is None:
                if full:
                    yield self._item(part, "new", row)
            elif changes := {
                name: (now[name], row[name])
                for name in follows
                if now[name] != row[name] and not (name in PURCHASE and row.get("product_id") in self.outside)
            }:
                yield self._item(part, "changed", now, changes)
        if full:
            yield from self._gone(part, above, below)

    def _prices(self, part: Part) -> tuple[str, ...]:
        """Name what follows when only purchase prices are asked for."""
        if part.name != "product_price":
            return ()
        return (*PURCHASE, *(part.selling if self.asked.with_selling_prices else ()))

    def _gone(self, part: Part, above: Mapping[Any, Row], below: Mapping[Any, Row]) -> Iterator[Item]:
        for key, row in below.items():
            if key in above or not self._is_inherited(part, row):
                continue
            if part.dropped:
                if not self._mentions(part, row, self.withdrawn):
                    yield self._item(part, "dropped", row)
            elif "standing" in row and row["standing"] == "inherited":
                if part.name == "product":
                    self.withdrawn.add(row["id"])
                yield self._item(part, "withdrawn", row)

    def _is_inherited(self, part: Part, row: Row) -> bool:
        """Say whether a row below came from above; what the reseller made himself is his."""
        if part.name in {"product", "plan"}:
            return bool(row["standing"] != "own")
        if part.name == "product_price":
            # The cost of a product from above is the distributor's to say, so a price without one is the reseller's.
            return row["cost"] is not None and row["product_id"] not in self.foreign
        return part.dropped and not self._mentions(part, row, self.foreign)

    def _own(self, above: Mapping[Any, Row], below: Mapping[Any, Row]) -> None:
        self.foreign = {row["id"] for row in below.values() if row["standing"] == "own"}
        self.outside = {row["id"] for row in above.values() if row["externally_priced"]}
        skus = {row["sku"]: row["id"] for row in below.values()}
        self.clashing = {row["id"] for row in above.values() if skus.get(row["sku"], row["id"]) != row["id"]}

    def _mentions(self, part: Part, row: Row, products: set[UUID]) -> bool:
        names = ("id",) if part.name == "product" else ("product_id", "add_on_id", "to_product_id")
        return any(row[name] in products for name in names if name in row)

    def _above(self, part: Part) -> Sequence[Row]:
        rows = self.connection.execute(part.copy.select(part.chosen), dict(self.words)).mappings()
        return [dict(row) for row in rows]

    def _below(self, part: Part) -> Sequence[Row]:
        table = part.copy.into
        query = sa.select(table).where(table.c.tenant_id == self.words["taker"])
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _key(self, part: Part, row: Row) -> tuple[Any, ...]:
        # A plan of the reseller's own descends from none.
        return tuple(row[name] if row[name] is not None else row["id"] for name in part.key)

    def _name_products(self) -> None:
        for tenant in (self.words["giver"], self.words["taker"]):
            query = sa.select(product.c.id, product.c.name).where(product.c.tenant_id == tenant)
            self.names.update((row.id, row.name) for row in self.connection.execute(query))

    def _item(
        self, part: Part, verdict: Verdict, row: Row, changes: Mapping[str, tuple[Any, Any]] | None = None
    ) -> Item:
        of = row["id"] if part.name == "product" else row.get("product_id")
        return Item(part, verdict, row["id"], self._title(part, row), of, row, changes or {})

    def _title(self, part: Part, row: Row) -> str:
        name = self.names.get(row.get("product_id", row["id"]), "")
        match part.name:
            case "product":
                return f"{row['name']} ({row['sku']})"
            case "product_price":
                return f"{name}, {row['cycle'].replace('_', ' ')} in {row['currency']}"
            case "product_add_on":
                return f"{name} with {self.names.get(row['add_on_id'], '')}"
            case "product_characteristic":
                return f"{name}: {row['name']}"
            case "product_path":
                return f"{name} to {self.names.get(row['to_product_id'], '')}"
            case _:
                return str(row["name"])
