"""What a reseller sells and what has to be above of it, once more, in plain Python: one sale after the other.

Written from the spec alone (UP-01 to UP-33, BO-01 to BO-17).
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

FEW = 5


@dataclass(frozen=True)
class Ware:
    """A product: in whose catalogue it was made (0: the top's), and its price at each tier, for few and for many."""

    id: UUID
    name: str
    origin: int
    prices: tuple[int, ...]

    def price(self, tier: int, units: int) -> int:
        """Give what one of so many costs the reseller below a tier: from five on, one less."""
        return self.prices[tier] - (1 if units >= FEW else 0)


@dataclass
class Line:
    """So many of something, and how many there were when it was priced."""

    ware: Ware
    units: int
    priced: int


@dataclass
class Sold:
    """A subscription: what it is of, its add-ons, and whether it is paid for."""

    id: UUID
    line: Line
    paid: bool
    add_ons: dict[UUID, Line] = field(default_factory=dict)
    named: dict[int, str] = field(default_factory=dict)

    def goes_to(self, tier: int) -> bool:
        """Say whether it is mirrored at a tier."""
        return self.paid and self.line.ware.origin <= tier


@dataclass
class Customer:
    """A customer of the lowest reseller, what he bought, and every event of it: items of ware, units, units in all."""

    id: UUID
    said: dict[str, Any]
    city: str
    subscriptions: dict[UUID, Sold] = field(default_factory=dict)
    assets: dict[UUID, Line] = field(default_factory=dict)
    events: list[list[tuple[Ware, int, int]]] = field(default_factory=list)

    def is_at(self, tier: int) -> bool:
        """Say whether he is known at a tier: after the first paid sale of what comes from there."""
        sold = [one.ware for one in self.assets.values()]
        return any(one.goes_to(tier) for one in self.subscriptions.values()) or any(one.origin <= tier for one in sold)

    def orders(self, tier: int) -> list[list[tuple[str, int, int]]]:
        """Give what the orders at a tier hold, one for each event of which anything comes from there."""
        found = [
            sorted((ware.name, units, ware.price(tier, total)) for ware, units, total in event if ware.origin <= tier)
            for event in self.events
        ]
        return sorted(one for one in found if one)

    # What happens.

    def begin(self, *sold: Sold) -> None:
        """Start subscriptions, together."""
        for one in sold:
            self.subscriptions[one.id] = one
        self._note(*(item for one in sold if one.paid for item in _whole(one)))

    def buy(self, id: UUID, ware: Ware, units: int) -> None:
        self.assets[id] = Line(ware, units, units)
        self._note((ware, units, units))

    def convert(self, of: Sold) -> None:
        of.paid = True
        # Its price is that of the day on which it is sold, by what it is then.
        of.line.priced = of.line.units
        for one in of.add_ons.values():
            one.priced = one.units
        self._note(*_whole(of))

    def change(self, of: Sold, units: int) -> None:
        delta, of.line.units = units - of.line.units, units
        if of.paid:
            self._note((of.line.ware, delta, units))

    def add_on(self, of: Sold, ware: Ware, units: int) -> None:
        """Buy an add-on, give it another number, or cancel it with none."""
        known = of.add_ons.get(ware.id)
        if not units:
            del of.add_ons[ware.id]
            return
        delta = units - (known.units if known else 0)
        of.add_ons[ware.id] = Line(ware, units, known.priced if known else units)
        if of.paid and of.line.ware.origin <= ware.origin:
            self._note((ware, delta, units))

    def move(self, of: Sold, to: Ware, units: int, part: UUID | None) -> None:
        """Move so many units to another product; a part becomes a subscription of its own."""
        left = of.line.units - units
        self._note((of.line.ware, -units, max(left, 1)), (to, units, units))
        if part is None:
            of.line = Line(to, units, units)
        else:
            of.line.units = left
            self.subscriptions[part] = Sold(part, Line(to, units, units), paid=True)

    def _note(self, *items: tuple[Ware, int, int]) -> None:
        if items:
            self.events.append([one for one in items if one[1]])


def _whole(of: Sold) -> list[tuple[Ware, int, int]]:
    lines = [of.line, *of.add_ons.values()]
    return [(one.ware, one.units, one.units) for one in lines]
