"""The values of custom fields: read as their type, kept exact, refused with field, type and rule (TEN-23).

Kept as JSON: a number as the text of a decimal, since a JSON number would come back rounded; a date as ISO 8601.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from tenantry.tenancy.records import is_text

LONGEST_TEXT = 2_000
WHOLE_DIGITS, DECIMAL_DIGITS = 20, 10
YES = ("yes", "true", "1", "on")
NO = ("no", "false", "0", "off")

Value = str | bool


class NotThat(ValueError):
    """A value that the field cannot hold; its words say what it holds."""


def read(type_: str, choices: Sequence[str], given: object) -> Value | None:
    """Read one value as its type; None for an empty one; raises NotThat."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    match type_:
        case "number":
            return _number(given)
        case "date":
            return _date(given)
        case "yes_no":
            return _yes_no(given)
        case "choice":
            if given not in choices:
                message = f"one of {', '.join(choices)[:300]}"
                raise NotThat(message)
            return str(given)
        case _:
            return _text(given)


def _text(given: object) -> str:
    if not isinstance(given, str) or len(given) > LONGEST_TEXT or not is_text(given):
        message = f"a text of up to {LONGEST_TEXT} characters"
        raise NotThat(message)
    return given.strip()


def _number(given: object) -> str:
    message = f"a number such as 12.5, of up to {WHOLE_DIGITS} digits before the point and {DECIMAL_DIGITS} after"
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal) or len(str(given)) > 40:  # noqa: PLR2004
        raise NotThat(message)
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation as error:
        raise NotThat(message) from error
    if not number.is_finite() or abs(number) >= 10**WHOLE_DIGITS:
        raise NotThat(message)
    written = f"{number:f}" if number else "0"
    whole, _, decimals = written.partition(".")
    if len(decimals.rstrip("0")) > DECIMAL_DIGITS:
        raise NotThat(message)
    return f"{whole}.{decimals}" if decimals else whole


def _date(given: object) -> str:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given.isoformat()
    try:
        return date.fromisoformat(given.strip() if isinstance(given, str) else "").isoformat()
    except ValueError as error:
        message = "a date such as 2026-12-31"
        raise NotThat(message) from error


def _yes_no(given: object) -> bool:
    word = str(given).strip().lower()[:10]
    if word not in YES + NO:
        message = "yes or no"
        raise NotThat(message)
    return word in YES
