"""How an amount came to be, in one line that a payer can check with a pocket calculator (BIL-07)."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date

from tenantry.charging.proration import Period
from tenantry.charging.terms import Line, Terms
from tenantry.kernel.money import minor_unit

EACH = {"monthly": "a month", "quarterly": "a quarter", "half_yearly": "half a year", "yearly": "a year", "one_off": ""}


def of_part(terms: Terms, line: Line, whole: Period, span: Period) -> str:
    """Explain a charge for a period or a part of it."""
    days = "" if span == whole else f", {span.days} of {whole.days} days"
    between = f"{_day(span.first)} to {_day(span.last)}" if span.days > 1 else _day(span.first)
    return f"{once(terms, line)}{days}, {between}"


def once(terms: Terms, line: Line) -> str:
    """Explain a charge that is made once."""
    back = "Given back: " if line.quantity < 0 else ""
    units = f"{abs(line.quantity):,} × {money(line.unit_price, terms.currency)} {EACH[terms.cycle]}".rstrip()
    return f"{back}{units}{_off(terms, line)}"


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency's code, with as many places as it has and at least the currency's."""
    places = -int(minor_unit(currency).as_tuple().exponent)
    exact = max(-int(amount.normalize().as_tuple().exponent), places)
    return f"{currency} {amount:,.{exact}f}"


def _off(terms: Terms, line: Line) -> str:
    if line.promotion and line.promotion.kind == "percent":
        return f" less {_number(line.promotion.off)} % ({line.promotion.name[:80]})"
    if line.promotion:
        return f" less {money(line.promotion.off, terms.currency)} each ({line.promotion.name[:80]})"
    return f" less {_number(line.discount_percent)} %" if line.discount_percent else ""


def _number(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _day(day: date) -> str:
    return format_date(day, "d MMM y", locale="en")
