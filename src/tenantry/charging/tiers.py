"""Volume tiers: the more units, the lower the price of each of them (CAT-02)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from tenantry.kernel.money import minor_unit

HUNDRED = Decimal(100)
FINEST = Decimal("0.000001")


@dataclass(frozen=True)
class Tier:
    """From how many units on which price holds: one of its own, or a margin on the cost; neither: the unit price."""

    min_quantity: int
    price: Decimal | None = None
    margin_percent: Decimal | None = None


def tier_of(tiers: Iterable[Tier], quantity: int) -> Tier | None:
    """Give the tier of a quantity, whose price holds for all its units: the highest that it reaches."""
    reached = (one for one in tiers if one.min_quantity <= quantity)
    return max(reached, key=lambda one: one.min_quantity, default=None)


def with_margin(cost: Decimal, margin_percent: Decimal, currency: str) -> Decimal:
    """Put a margin on a cost; the price has as many places as the cost has, and at least those of the currency."""
    places = max(min(minor_unit(currency), _place(cost)), FINEST)
    return (cost * (HUNDRED + margin_percent) / HUNDRED).quantize(places, ROUND_HALF_EVEN)


def _place(amount: Decimal) -> Decimal:
    exponent = amount.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
