"""What a quantity costs a whole cycle, rounded once (BIL-01, TEN-30)."""

from dataclasses import dataclass
from decimal import Decimal

from tenantry.charging.promotions import Off
from tenantry.kernel.money import rounded

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class CycleAmount:
    """What is owed for a whole cycle, and what of it a promotion took off before."""

    amount: Decimal
    promotion_off: Decimal


def cycle_amount(
    quantity: int, unit_price: Decimal, discount_percent: Decimal, promotion: Off | None, currency: str
) -> Decimal:
    """Give what a quantity costs a cycle; a promotion takes the place of a discount while it is given."""
    return priced(quantity, unit_price, discount_percent, promotion, currency).amount


def priced(
    quantity: int, unit_price: Decimal, discount_percent: Decimal, promotion: Off | None, currency: str
) -> CycleAmount:
    """Give what a quantity costs a cycle, and what a promotion takes off it."""
    full = quantity * unit_price
    if promotion is None:
        return CycleAmount(rounded(full * (HUNDRED - discount_percent) / HUNDRED, currency), NOTHING)
    amount = rounded(quantity * promotion.reduced(unit_price), currency)
    return CycleAmount(amount, rounded(full, currency) - amount)
