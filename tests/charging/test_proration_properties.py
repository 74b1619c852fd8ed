"""Whatever the amount, the cycle and the cuts: parts add up, periods tile the days, changes are right to the cent."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from tenantry.charging.amounts import cycle_amount
from tenantry.charging.charges import Charge, of_change, of_cycle
from tenantry.charging.proration import DAY, MONTHS, Period, aligned, next_billing_day, part, period_of, periods
from tenantry.charging.terms import Line, Terms
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import minor_unit

PLACES = {"EUR": 2, "JPY": 0, "KWD": 3}
PRODUCT = new_id()

# Nothing is written here, so many can be tried.
MANY = settings(max_examples=max(300, settings().max_examples))

days = st.dates(date(1999, 1, 1), date(2199, 12, 31))
cycles = st.sampled_from(list(MONTHS))
currencies = st.sampled_from(list(PLACES))


@st.composite
def cut_periods(draw: st.DrawFn) -> tuple[Period, list[Period]]:
    """Give a period and its parts, however cut."""
    whole = period_of(draw(cycles), draw(days), draw(days))
    inside = st.integers(1, whole.days - 1).map(lambda number: whole.first + number * DAY)
    firsts = [whole.first, *sorted(draw(st.sets(inside, max_size=8))), whole.last + DAY]
    return whole, [Period(first, after - DAY) for first, after in pairwise(firsts)]


@MANY
@given(cut_periods(), st.integers(-(10**15), 10**15), currencies)
def test_bil_01_parts_of_a_period_add_up_to_the_period(
    cut: tuple[Period, list[Period]], units: int, currency: str
) -> None:
    whole, parts = cut
    amount = units * minor_unit(currency)

    found = [part(amount, whole, one.first, one.last, currency) for one in parts]

    assert sum(found) == amount
    for one, share in zip(parts, found, strict=True):
        exact = Fraction(amount) * one.days / whole.days
        assert abs(Fraction(share) - exact) <= Fraction(minor_unit(currency))
        assert -share == part(-amount, whole, one.first, one.last, currency)


@MANY
@given(cycles, days, days)
def test_bil_01_periods_tile_the_days(cycle: str, anchor: date, day: date) -> None:
    here = period_of(cycle, anchor, day)
    after = period_of(cycle, anchor, here.last + DAY)

    assert here.first <= day <= here.last
    assert after.first == here.last + DAY
    assert period_of(cycle, anchor, here.first) == period_of(cycle, anchor, here.last) == here
    assert period_of(cycle, anchor, anchor).first == anchor
    assert here.first.day == anchor.day or (here.first + DAY).day == 1
    assert list(periods(cycle, anchor, day, here.last + DAY)) == [here, after]


@MANY
@given(days, st.integers(1, 28))
def test_bil_01_aligned_periods_begin_on_the_billing_day(day: date, billing_day: int) -> None:
    begin, due = aligned(day, billing_day), next_billing_day(day, billing_day)

    assert begin.day == due.day == billing_day
    assert begin <= day <= due
    assert day - begin < timedelta(days=31)
    assert due - day < timedelta(days=31)


@MANY
@given(
    cycles,
    days,
    currencies,
    st.lists(
        st.tuples(st.integers(0, 364), st.integers(0, 400), st.decimals(0, 999, places=4)), min_size=1, max_size=8
    ),
)
def test_sub_03_any_number_of_changes_a_day_owes_what_each_day_had_last(
    cycle: str, anchor: date, currency: str, story: list[tuple[int, int, Decimal]]
) -> None:
    whole = period_of(cycle, anchor, anchor)
    changes = sorted(((place % whole.days, many, price) for place, many, price in story), key=lambda one: one[0])
    present = _terms(cycle, anchor, currency, 7, Decimal("9.99"))
    charges: list[Charge] = of_cycle(present, anchor)

    last_of: dict[int, Terms | None] = {0: present}
    for place, quantity, price in changes:
        after = _terms(cycle, anchor, currency, quantity, price) if quantity else None
        charges += of_change(present, after, whole.first + place * DAY)
        present = last_of[place] = after

    owed = sum((_running(terms, whole, place, until) for (place, terms), until in _spans(last_of, whole)), Fraction(0))
    assert sum(Fraction(one.amount) for one in charges) == owed
    rest = [one for one in charges if one.kind == "change"]
    assert all(one.period_until == whole.last and one.of_days == whole.days for one in rest)


@MANY
@given(days, st.integers(0, 40))
def test_sub_03_days_that_have_yet_to_be_charged_are_not_charged_by_a_change(anchor: date, place: int) -> None:
    before = _terms("monthly", anchor, "EUR", 1, Decimal(10))
    after = _terms("monthly", anchor, "EUR", 2, Decimal(10))
    on = anchor + place * DAY

    made = of_change(before, after, on)

    assert bool(made) == (on <= before.charged_until)


def test_bil_01_what_is_no_part_of_a_period_is_no_part() -> None:
    june = Period(date(2026, 6, 1), date(2026, 6, 30))

    assert part(Decimal(30), june, date(2026, 6, 30), june.last, "EUR") == 1
    for first, last in ((date(2026, 5, 31), june.last), (june.first, date(2026, 7, 1)), (june.last, june.first)):
        with pytest.raises(ValueError, match="no part of"):
            part(Decimal(30), june, first, last, "EUR")


@pytest.mark.parametrize("cycle", MONTHS)
def test_bil_01_the_last_of_days_ends_the_last_period(cycle: str) -> None:
    last = period_of(cycle, date(2026, 1, 31), date.max)

    assert last.last == date.max
    assert list(periods(cycle, date(2026, 1, 31), date.max, date.max)) == [last]


def _terms(cycle: str, anchor: date, currency: str, quantity: int, price: Decimal) -> Terms:
    last = period_of(cycle, anchor, anchor).last
    line = Line(PRODUCT, quantity, price)
    return Terms(PRODUCT, PRODUCT, cycle, currency, anchor, (line,), charged_until=last)


def _spans(last_of: dict[int, Terms | None], whole: Period) -> list[tuple[tuple[int, Terms | None], int]]:
    begun = sorted(last_of.items(), key=lambda one: one[0])
    return list(zip(begun, [*(place for place, _ in begun[1:]), whole.days], strict=True))


def _running(terms: Terms | None, whole: Period, first: int, until: int) -> Fraction:
    """Give what the days from a place to before another are worth, counted otherwise than the program does."""
    if terms is None:
        return Fraction(0)
    [line], places = terms.lines, PLACES[terms.currency]
    amount = cycle_amount(line.quantity, line.unit_price, Decimal(0), None, terms.currency)
    minor = Fraction(amount) * 10**places
    return Fraction(round(minor * until / whole.days) - round(minor * first / whole.days), 10**places)
