"""What a document says of a charge, in its language, is what was written down of it (UI-06, BIL-07)."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from tenantry.billing.making import CHANGES
from tenantry.charging import explaining
from tenantry.charging.promotions import Off
from tenantry.charging.proration import Period
from tenantry.charging.terms import Line, Terms
from tenantry.kernel.ids import new_id
from tenantry.web.papers.explained import changed, explained
from tenantry.web.words import Words

APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))
SPRING = Off(new_id(), "Spring (EU), 2 of 3", "percent", Decimal("33.3"))
EACH = Off(new_id(), "Spring", "amount", Decimal(2))


def words(language: str) -> Words:
    return Words(Locale(language), ZoneInfo("UTC"))


def said(line: Line, span: Period | None = APRIL, *, cycle: str = "monthly", currency: str = "EUR") -> str:
    terms = Terms(new_id(), new_id(), cycle, currency, APRIL.first, (line,))
    return explaining.once(terms, line) if span is None else explaining.of_part(terms, line, APRIL, span)


def line(units: int = 10, price: str = "12", off: Off | None = None, percent: str = "0") -> Line:
    return Line(new_id(), units, Decimal(price), Decimal(percent), off)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (said(line()), "10 × 12,00 EUR im Monat, 01.04.2026 bis 30.04.2026"),
        (
            said(line(-10), Period(date(2026, 4, 16), APRIL.last)),
            "Gutgeschrieben: 10 × 12,00 EUR im Monat, 15 von 30 Tagen, 16.04.2026 bis 30.04.2026",
        ),
        (said(line(off=SPRING), None), "10 × 12,00 EUR im Monat abzüglich 33,3 % (Spring (EU), 2 of 3)"),
        (said(line(off=EACH), None), "10 × 12,00 EUR im Monat abzüglich 2,00 EUR je Einheit (Spring)"),
        (said(line(percent="12.5"), None, cycle="yearly"), "10 × 12,00 EUR im Jahr abzüglich 12,5 %"),
        (said(line(1234, "0.0045"), None, cycle="half_yearly"), "1.234 × 0,0045 EUR im Halbjahr"),
        (said(line(2, "3.75"), None, cycle="quarterly", currency="KWD"), "2 × 3,750 KWD im Quartal"),
        (said(line(2, "1000"), None, cycle="one_off", currency="JPY"), "2 × 1.000 JPY"),
        (said(line(), Period(APRIL.last, APRIL.last)), "10 × 12,00 EUR im Monat, 1 von 30 Tagen, 30.04.2026"),
        ("Three days on site", "Three days on site"),
        ("", ""),
    ],
)
def test_ui_06_how_a_charge_came_to_be_is_said_in_german(english: str, german: str) -> None:
    assert explained(english, words("de")).replace("\xa0", " ") == german


@pytest.mark.parametrize("language", ["en", "fr"])
def test_ui_06_a_language_without_words_of_its_own_has_the_english_ones(language: str) -> None:
    text = said(line(off=SPRING))
    assert explained(text, words(language)) == text


def test_ui_06_every_kind_of_change_has_its_german_word() -> None:
    german = words("de")
    assert changed("Change of quantity: 1200 to 5", german) == "Änderung der Menge: von 1.200 auf 5"
    assert [what for what in CHANGES.values() if changed(what, german) == what] == []
    assert changed("Change of quantity: 10 to 5", words("en")) == "Change of quantity: 10 to 5"
    assert changed("", german) == ""
