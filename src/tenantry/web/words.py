"""How values are written for the one who reads: in his language, the tenant's date format and its time zone (UI-06)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import NumberFormatError, format_currency, format_decimal, get_decimal_symbol, parse_decimal

from tenantry.kernel import clock
from tenantry.kernel.iso import countries, currencies, languages, subdivisions

# A day of its own, not one in the name of a file or in a moment.
DAY = re.compile(r"(?<![\w.-])\d{4}-\d\d-\d\d(?![\w-]|\.\w)")
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Words:
    """One reader's way of writing."""

    locale: Locale
    zone: ZoneInfo
    date_format: str = ""

    def date(self, value: date | None) -> str:
        """Write a day; a moment is the day it is in the tenant's time zone."""
        if value is None:
            return ""
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return format_date(day, self.date_format or "medium", self.locale)

    def moment(self, value: datetime | None) -> str:
        """Write a moment in the tenant's time zone."""
        if value is None:
            return ""
        here = value.astimezone(self.zone)
        return f"{self.date(here.date())}, {format_time(here.time(), 'short', locale=self.locale)}"

    def sentence(self, text: str) -> str:
        """Give a sentence with its days, which stand in it as machines write them, as this reader's."""
        return DAY.sub(self._day, text)

    def _day(self, found: re.Match[str]) -> str:
        try:
            return self.date(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    def since(self, value: datetime | None) -> str:
        """Write a moment as people say it when it was today or yesterday."""
        if value is None:
            return ""
        here = value.astimezone(self.zone)
        days = (clock.now().astimezone(self.zone).date() - here.date()).days
        if days not in {0, 1}:
            return self.moment(value)
        return f"{'Yesterday' if days else 'Today'}, {format_time(here.time(), 'short', locale=self.locale)}"

    def number(self, value: Decimal | float | None) -> str:
        """Write a number."""
        return "" if value is None else format_decimal(value, locale=self.locale, decimal_quantization=False)

    def counted(self, number: int, things: str) -> str:
        """Write how many things there are, their word given as of many: 1 activity, 2,048 accounts."""
        return f"{self.number(number)} {_one_of(things) if number == 1 else things}"

    def amount(self, value: Decimal | None, currency: str) -> str:
        """Write an amount with the currency's own decimals, without the currency."""
        if value is None:
            return ""
        pattern = self.locale.decimal_formats[None].pattern
        return format_currency(value, currency or "EUR", pattern, locale=self.locale)

    def price(self, value: Decimal | None, currency: str) -> str:
        """Write a price, which may have more decimals than the currency."""
        if value is None:
            return ""
        plain, exact = self.amount(value, currency), self.number(value.normalize())
        mark = get_decimal_symbol(self.locale)
        return exact if len(exact.partition(mark)[2]) > len(plain.partition(mark)[2]) else plain

    def money(self, value: Decimal | None, currency: str) -> str:
        """Write an amount and its currency."""
        return "" if value is None else f"{self.price(value, currency)}{NO_BREAK}{currency}"

    def typed(self, value: Decimal | float | None) -> str:
        """Write a number as it stands in an input: the tenant's decimal mark, no groups."""
        return "" if value is None else format_decimal(value, "0.##########", locale=self.locale, group_separator=False)

    def parsed(self, text: str) -> Decimal | None:
        """Read a number as people of this language type it; None for what is no number."""
        plain = text.strip().replace(NO_BREAK, "").replace(" ", "")
        try:
            return parse_decimal(plain, self.locale, strict=True)
        except NumberFormatError:
            return None

    def country(self, code: str) -> str:
        """Name a country in the reader's language."""
        return self.locale.territories.get(code) or countries().get(code, code)

    def state(self, country: str, code: str) -> str:
        """Name a state; words where there are no codes."""
        return subdivisions(country).get(code, code) if country else code

    def language(self, tag: str) -> str:
        """Name a language in the reader's language."""
        return self.locale.languages.get(tag) or languages().get(tag, tag)

    def currency(self, code: str) -> str:
        """Name a currency in the reader's language."""
        return self.locale.currencies.get(code) or currencies().get(code, code)


class Reader(Protocol):
    """Somebody who reads: who is signed in, or the visitor of a shop."""

    @property
    def language(self) -> str:
        """Give the BCP 47 tag of his language."""

    @property
    def time_zone(self) -> str:
        """Give the IANA name of his time zone."""

    @property
    def date_format(self) -> str:
        """Give the CLDR pattern of his dates; empty for his language's own."""


def words_of(reader: Reader) -> Words:
    """Give the way of writing of who reads."""
    return Words(_locale(reader.language), _zone(reader.time_zone), reader.date_format)


def plain_words() -> Words:
    """Give the way of writing for nobody in particular."""
    return Words(_locale("en"), ZoneInfo("UTC"))


def iso(value: datetime | date | None) -> str:
    """Write it for machines."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if value else ""


def _one_of(things: str) -> str:
    return f"{things[:-3]}y" if things.endswith("ies") else things.removesuffix("s")


@cache
def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
