"""Readers: each takes what a person or a program gave and gives what a column holds, or says why it does not fit."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from babel import Locale
from babel.core import UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from tenantry.kernel import iso
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault

Reader = Callable[[Any], Any]

LARGEST = Decimal(10) ** 13
LAST_BILLING_DAY = 28


class Unfit(ValueError):
    """A value that the field cannot hold: the words say why, by a rule, or, in plain form, by a stable code."""

    def __init__(self, message: str, remedy: str, *, rule: str = "", code: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.rule = rule
        self.code = code

    def of(self, name: str) -> Fault:
        """Say it of a field."""
        return Fault(name, str(self), self.rule, self.remedy, self.code)


def text(longest: int = 320, *, needed: bool = False, prose: bool = False) -> Reader:
    """Make a reader of words; prose may run over several lines."""
    allowed = "\n\t" if prose else ""

    def reader(value: object) -> str:
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise Unfit("This is not a text.", "Give a text.", code="not-a-text")
        if len(value) > longest:
            raise Unfit(f"It has {len(value):,} characters; {longest:,} fit.", "Shorten it.", code="too-long")
        words = unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip())
        # Most words are printable, which is asked at once; only the others are looked at letter by letter.
        if not words.isprintable() and any(
            unicodedata.category(letter) in {"Cc", "Cs"} and letter not in allowed for letter in words
        ):
            raise Unfit(
                "It holds control characters.", "Leave them out; give one line of text.", code="control-characters"
            )
        if len(words) > longest:
            raise Unfit(f"It has {len(words):,} characters; {longest:,} fit.", "Shorten it.", code="too-long")
        if needed and not words:
            raise Unfit("It is needed.", "Fill it in.", code="needed")
        return words

    return reader


_line = text()


def email(value: object) -> str:
    """Read an e-mail address; whether it can be delivered is not asked."""
    words: str = _line(value)
    if not words:
        return ""
    try:
        return words if _is_usual(words) else validate_email(words, check_deliverability=False).normalized
    except EmailNotValidError as fault:
        said = f"{words[:60]!r} is no e-mail address. {fault}"
        raise Unfit(said, "Write it as name@company.example.", code="email") from None


# Small letters: among capitals are names that are not told apart by them (RFC 2142).
_USUAL = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@([a-z0-9.-]+)")
_LONGEST_NAME, _LONGEST_EMAIL = 64, 254


def _is_usual(words: str) -> bool:
    """Say whether an address is in order as it stands: a plain name at a domain that was looked at before."""
    usual = _USUAL.fullmatch(words)
    if usual is None or usual.start(1) > _LONGEST_NAME + 1 or len(words) > _LONGEST_EMAIL:
        return False
    return _is_domain(usual[1])


@lru_cache(1_000)
def _is_domain(name: str) -> bool:
    try:
        return validate_email(f"x@{name}", check_deliverability=False).domain == name
    except EmailNotValidError:
        return False


def website(value: object) -> str:
    """Read the address of a website, with or without https:// before it."""
    words: str = _line(value)
    if not words:
        return ""
    try:
        parts = urlsplit(words if "://" in words else f"https://{words}")
        fits = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and parts.username is None
        fits = fits and " " not in words and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise Unfit(f"{words[:60]!r} is no website.", "Write it as www.company.example.", code="website")
    return words


def language(value: object) -> str:
    """Read a BCP 47 tag of a language that has formats of its own."""
    words: str = _line(value)
    if not words:
        return ""
    try:
        return str(Locale.parse(words.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        said = f"{words[:40]!r} is no language we know."
        raise Unfit(said, "Give a tag such as de or en-GB.", rule="TEN-30") from None


def country(value: object) -> str:
    """Read a country: its two-letter code, or its name."""
    words: str = _line(value)
    found = iso.country_of(words) if words else ""
    if found is None:
        raise Unfit(f"{words[:40]!r} is no country.", "Give an ISO 3166 code such as DE.", rule="TEN-30")
    return found


def currency(value: object) -> str:
    """Read a currency; whether the tenant has activated it is asked later."""
    words = str(_line(value)).upper()
    if words not in iso.currencies():
        raise Unfit(f"{words[:40]!r} is no currency.", "Give an ISO 4217 code such as EUR.", rule="TEN-30")
    return words


def flag(value: object) -> bool:
    """Read a yes or no."""
    if not isinstance(value, bool):
        raise Unfit("This is yes or no.", "Give true or false.", code="not-a-flag")
    return value


def choice(values: Iterable[str]) -> Reader:
    """Make a reader of one word of a closed list."""
    known = tuple(values)

    def reader(value: object) -> str:
        if value not in known:
            said = f"{str(value)[:40]!r} is not among the choices."
            raise Unfit(said, f"Choose one of: {', '.join(known)}.", code="no-such-choice")
        return str(value)

    return reader


def amount(value: object) -> Decimal:
    """Read an amount of money that is not negative; it is rounded to the currency's minor unit afterwards (TEN-30)."""
    try:
        found = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value).strip()[:60])
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= LARGEST:
        raise Unfit("This is no amount.", "Give a number such as 1250.50.", code="not-an-amount")
    if found < 0:
        raise Unfit("It is negative.", "Give 0 or more; 0 means that nothing may ever be owed.", code="negative")
    return found


def billing_day(value: object) -> int:
    """Read a day that every month has."""
    try:
        found = int(str(value).strip()[:20]) if not isinstance(value, bool) else 0
    except ValueError:
        found = 0
    if not 1 <= found <= LAST_BILLING_DAY:
        raise Unfit("This is no day that every month has.", f"Give 1 to {LAST_BILLING_DAY}.", code="billing-day")
    return found


def reference(*, needed: bool = False) -> Reader:
    """Make a reader of the id of another record."""

    def reader(value: object) -> UUID | None:
        if value is None or value == "":
            if needed:
                raise Unfit("It is needed.", "Choose one.", code="needed")
            return None
        found = value if isinstance(value, UUID) else as_id(str(value)[:60])
        if found is None:
            raise Unfit("This is no id.", "Choose a record from the list.", code="not-an-id")
        return found

    return reader


def moment(value: object) -> datetime | None:
    """Read a moment, or none; one without a zone is meant in UTC."""
    if value is None or value == "":
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value)[:60])
    except ValueError:
        raise Unfit("This is no moment.", "Write it as 2026-11-21T08:30:00Z.", code="not-a-moment") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def mapping(value: object) -> dict[str, Any]:
    """Read values by name; what they may be, the set-up of custom fields says (TEN-23)."""
    if not isinstance(value, dict):
        raise Unfit("This is not a set of values by name.", "Give them by name.", rule="TEN-23")
    return value
