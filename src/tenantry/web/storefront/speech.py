"""How a shop speaks: its sentences in the tenant's language, its dates and money as people of that language write them.

A language is a file of messages; what has none is spoken in English, with the tenant's own dates and money.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_currency, get_currency_precision

from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Problem
from tenantry.web.words import Reader, Words, words_of

FOLDER = Path(__file__).parent / "messages"
USUAL = "en"
GLUED = re.compile(r"(?<=[A-Z])(?=\d)")

Messages = Mapping[str, Any]


@dataclass(frozen=True)
class Speech:
    """The language of a shop: `lang` is the tag of its sentences."""

    lang: str
    messages: Messages
    words: Words

    def say(self, key: str, **names: object) -> str:
        """Give a sentence with these names in it."""
        found: str = self.messages[key]
        return found.format(**names) if names else found

    def count(self, key: str, number: int, **names: object) -> str:
        """Give a sentence about so many things, in the form that the language has for the number."""
        forms = self.messages[key]
        plural = Locale(self.lang).plural_form(number)
        found: str = forms.get(plural) or forms["other"]
        return found.format(count=self.words.number(number), **names)

    def money(self, value: Money) -> str:
        """Write an amount with its sign; a price finer than the currency's minor unit is written whole."""
        digits = -int(value.amount.normalize().as_tuple().exponent) if value.amount else 0
        finer = digits > get_currency_precision(value.currency)
        locale = self.words.locale
        if finer:
            return _parted(
                format_currency(
                    value.amount, value.currency, locale=locale, currency_digits=False, decimal_quantization=False
                )
            )
        return _parted(format_currency(value.amount, value.currency, locale=locale))

    def money_of(self, amount: Decimal, currency: str) -> str:
        """Write an amount of a currency."""
        return self.money(Money(amount, currency))

    def date(self, value: date | None) -> str:
        """Write a day."""
        return self.words.date(value)

    def number(self, value: Decimal | int) -> str:
        """Write a number."""
        return self.words.number(value)

    def fault(self, fault: Fault) -> str:
        """Say what is wrong with an input and how to mend it; in English where the language has no words for it."""
        own = self._own(fault.code) or self._own(fault.rule)
        return own or f"{fault.message} {fault.remedy}".strip()

    def problem(self, problem: Problem) -> str:
        """Say what went wrong."""
        if problem.faults:
            return " ".join(dict.fromkeys(self.fault(one) for one in problem.faults))
        own = self._own(problem.code) or self._own(problem.rule)
        return own or f"{problem.message} {problem.remedy}".strip()

    def reason(self, rule: str, why: str) -> str:
        """Say why something may not be done."""
        return self._own(rule) or why

    def _own(self, name: str) -> str:
        return str(self.messages.get(f"problem.{name}", "")) if name else ""


def _parted(money: str) -> str:
    """Part a currency that has no sign of its own from its figure: KWD 1.375, but €1.37."""
    return GLUED.sub("\N{NO-BREAK SPACE}", money)


def speech_of(reader: Reader) -> Speech:
    """Give the speech of a shop, by the language of its tenant."""
    lang = spoken(reader.language)
    return Speech(lang, messages(lang), words_of(reader))


def spoken(tag: str) -> str:
    """Give the language that is spoken to whoever reads this one."""
    base = tag.replace("_", "-").partition("-")[0].lower()
    return base if base in languages() else USUAL


@cache
def languages() -> frozenset[str]:
    """Name the languages that there are messages in."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))


@cache
def messages(lang: str) -> Messages:
    """Read the messages of a language, by `group.name`; with `one` and `other` where a number is in them."""
    read = tomllib.loads((FOLDER / f"{lang}.toml").read_text("utf-8"))
    return {f"{group}.{name}": text for group, texts in read.items() for name, text in texts.items()}
