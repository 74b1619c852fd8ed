"""Money: a decimal amount beside its currency, rounded once, half-even, to the currency's minor unit (TEN-30)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision


@cache
def places_of(currency: str) -> int:
    """Give how many places the minor unit of a currency has: 2 for EUR, 0 for JPY."""
    return get_currency_precision(currency)


@cache
def minor_unit(currency: str) -> Decimal:
    """Give the smallest amount of a currency: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-places_of(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half-even to the currency's minor unit."""
    return amount.quantize(minor_unit(currency), ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Money:
    """An amount and its currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def shown(self, locale: str = "en") -> str:
        """Write it as people of that language do."""
        return format_currency(self.amount, self.currency, locale=locale)
