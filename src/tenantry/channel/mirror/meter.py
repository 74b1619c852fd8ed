"""A mirror as it is charged: it goes from day to day as what happened below says (BO-12)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.channel.mirror.rates import Rate
from tenantry.charging.charges import Charge
from tenantry.charging.proration import DAY, period_of
from tenantry.charging.terms import Added, Line, Terms, terms_in
from tenantry.database import Row

NOTHING = Decimal(0)


@dataclass
class Meter:
    """A mirror as it is charged: how many units of what at which price, since when, until when."""

    row: dict[str, Any]
    units: dict[UUID, int]
    rates: dict[UUID, Rate]
    runs: bool
    # By product, and by the item of the back order that tracks it: bought twice, it may have cost two prices.
    bought_at: dict[UUID, Rate] = field(default_factory=dict)
    bought_with: dict[UUID, Rate] = field(default_factory=dict)
    made: list[Charge] = field(default_factory=list)
    # What it began with, until anything else happened to it: its first cycle is charged for that.
    begun: Row | None = None

    @property
    def first(self) -> date | None:
        """Give the first day that was not charged yet; none while nobody pays."""
        if not self.row["paid_from"] or not self.runs:
            return None
        first: date = self.row["charged_until"] + DAY if self.row["charged_until"] else self.row["paid_from"]
        return first

    def change(self, product_id: UUID, more: int) -> None:
        """Let there be so many units more or fewer."""
        self.units[product_id] = self.units.get(product_id, 0) + more

    def change_add_on(self, product_id: UUID, more: int, on: date, *, item: UUID) -> None:
        """Let there be so many units of an add-on more or fewer from a day on; the first of them begin it."""
        rate = self.bought_with.get(item) or self.bought_at.get(product_id)
        if self.units.get(product_id, 0) <= 0 < more and rate:
            self._begin(product_id, rate, on)
        self.change(product_id, more)

    def resume(self, on: date) -> None:
        """Go on; resumed in the cycle that it was suspended in, a promotion counts that once only."""
        row = self.row
        first, until = row["anchor_on"] or row["paid_from"], row["charged_until"]
        stopped = until + DAY if until else row["paid_from"]
        if first and period_of(row["cycle"], first, stopped) == period_of(row["cycle"], first, on):
            self._count(lambda left: left + bool(left))
        row["charged_until"] = on - DAY
        self.runs = True

    def _begin(self, product_id: UUID, rate: Rate, on: date) -> None:
        """Take the rate that something is bought at; the cycle that was charged before is none of its promotion's."""
        until = self.row["charged_until"]
        before = until is not None and until < on
        self.rates[product_id] = replace(rate, cycles_left=rate.cycles_left + before) if rate.cycles_left else rate

    def _count(self, counted: Callable[[int], int]) -> None:
        if self.row["promotion_cycles_left"] is not None:
            self.row["promotion_cycles_left"] = counted(self.row["promotion_cycles_left"])
        for id, rate in self.rates.items():
            if rate.cycles_left is not None and self.units.get(id, 0) > 0:
                self.rates[id] = replace(rate, cycles_left=counted(rate.cycles_left))

    def terms(self, *, next_cycle: bool = False) -> Terms:
        """Give the terms as they stand here."""
        main = self.row["product_id"]
        added = [_added(id, units, self.rates[id]) for id, units in self.units.items() if id != main and units > 0]
        row = {**self.row, "quantity": self.units.get(main, 0), "unit_price": self.rates[main].unit_price}
        return terms_in(row, added, next_cycle=next_cycle)


def _added(id: UUID, units: int, rate: Rate) -> Added:
    return Added(Line(id, units, rate.unit_price, NOTHING, rate.promotion), rate.cycles_left, id)
