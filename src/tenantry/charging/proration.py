"""The periods of a cycle and their parts: actual days, first day inclusive, and parts that add up (BIL-01)."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal

from tenantry.kernel.money import rounded

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
MONTHS_A_YEAR = 12
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """The days from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Count its days."""
        return (self.last - self.first).days + 1

    def cut(self, first: date, last: date) -> "Period | None":
        """Give what of it lies between two days, both included; none where nothing does."""
        found = Period(max(self.first, first), min(self.last, last))
        return found if found.first <= found.last else None


def period_of(cycle: str, anchor: date, day: date) -> Period:
    """Give the period that holds a day, where periods are counted from the anchor.

    Each begins on the anchor's day of the month, or on the month's last day where it has no such day; so periods from
    31 January begin on 28 February and again on 31 March.
    """
    months = MONTHS[cycle]
    apart = (day.year - anchor.year) * MONTHS_A_YEAR + day.month - anchor.month
    place = apart // months
    first = _start(anchor, place * months)
    if first > day:
        place -= 1
        first = _start(anchor, place * months)
    return Period(first, _day_before_start(anchor, (place + 1) * months))


def periods(cycle: str, anchor: date, first: date, last: date) -> Iterator[Period]:
    """Give the periods that hold the days from the first to the last, in their order."""
    day = first
    while day <= last:
        found = period_of(cycle, anchor, day)
        yield found
        if found.last == date.max:
            return
        day = found.last + DAY


def aligned(day: date, billing_day: int) -> date:
    """Give the last billing day that is not after a day: what periods are counted from with prorate billing on."""
    here = day.replace(day=billing_day)
    return here if here <= day else _start(here, -1)


def next_billing_day(day: date, billing_day: int) -> date:
    """Give the first billing day that is not before a day."""
    here = day.replace(day=billing_day)
    return here if here >= day else _start(here, 1)


def part(amount: Decimal, period: Period, first: date, last: date, currency: str) -> Decimal:
    """Give what of a period's amount falls on the days from the first to the last, both included.

    It is the difference of two running totals, each rounded half-even to the currency's minor unit; so the parts of a
    period add up to its amount, however it is cut.
    """
    if not period.first <= first <= last <= period.last:
        message = f"{first} to {last} is no part of {period.first} to {period.last}"
        raise ValueError(message)
    return _until(amount, period, last + DAY, currency) - _until(amount, period, first, currency)


def _until(amount: Decimal, period: Period, day: date, currency: str) -> Decimal:
    """Give what falls on the days of a period before a day."""
    return rounded(amount * (day - period.first).days / period.days, currency)


def _start(anchor: date, months: int) -> date:
    year, month = divmod(anchor.year * MONTHS_A_YEAR + anchor.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def _day_before_start(anchor: date, months: int) -> date:
    end_of_days = (MAXYEAR - anchor.year) * MONTHS_A_YEAR + MONTHS_A_YEAR - anchor.month
    return date.max if months > end_of_days else _start(anchor, months) - DAY


def in_words(cycle: str) -> str:
    """Write a cycle's code as words: half yearly."""
    return cycle.replace("_", " ")
