"""Read what a person or program gave into what a column holds; every fault at once, each with its way out."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from tenantry.kernel import iso
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid

Reader = Callable[[object], object]

LARGEST = Decimal(10) ** 13
MOST = 1_000_000


class Unfit(ValueError):
    """A value that the field cannot hold; the words say why."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def read(given: Mapping[str, Any], readers: Mapping[str, Reader], rule: str) -> dict[str, Any]:
    """Give the values as the columns hold them; Invalid names every field that does not fit or is not known."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        reader = readers.get(name)
        if reader is None:
            known = ", ".join(sorted(readers))
            faults.append(Fault(name, f"There is no field {name} to change.", rule, f"Fields are: {known}."))
            continue
        try:
            values[name] = reader(value)
        except Unfit as unfit:
            faults.append(Fault(name, str(unfit), rule, unfit.remedy))
    if faults:
        raise Invalid(*faults)
    return values


def text(limit: int = 320, *, needed: bool = False) -> Reader:
    """Make a reader of words, trimmed."""

    def reader(value: object) -> str:
        if not isinstance(value, str | None):
            raise Unfit("This is words.", "Give a text.")
        words = (value or "").strip()
        if "\x00" in words:
            raise Unfit("It holds a character that no text has (NUL).", "Leave it out.")
        if len(words) > limit:
            raise Unfit(f"It has {len(words):,} characters; {limit:,} fit.", "Shorten it.")
        if needed and not words:
            raise Unfit("It is needed.", "Fill it in.")
        return words

    return reader


def flag(value: object) -> bool:
    """Read a yes or no."""
    if not isinstance(value, bool):
        raise Unfit("This is yes or no.", "Give true or false.")
    return value


def choice(*values: str) -> Reader:
    """Make a reader of one word of a closed list."""

    def reader(value: object) -> str:
        if value not in values:
            raise Unfit(f"{str(value)[:40]!r} is not among the choices.", f"Choose one of: {', '.join(values)}.")
        return str(value)

    return reader


def amount(value: object) -> Decimal:
    """Read an amount of money that is not negative, exact to six places."""
    found = _decimal(value)
    if found < 0:
        raise Unfit("It is negative.", "Give 0 or more.")
    return found


def signed(value: object) -> Decimal:
    """Read an amount that may be less than nothing, exact to six places."""
    return _decimal(value)


def percent(value: object) -> Decimal:
    """Read a percentage from 0 to 100."""
    found = _decimal(value)
    if not 0 <= found <= 100:  # noqa: PLR2004 - a hundred percent
        raise Unfit("It is no percentage.", "Give a number from 0 to 100.")
    return found


def margin(value: object) -> Decimal:
    """Read what is put on a cost, in percent of it; less than nothing is sold below cost."""
    found = _decimal(value)
    if not -100 <= found <= 10_000:  # noqa: PLR2004 - below minus a hundred percent nothing is left
        raise Unfit("This is no margin.", "Give a percentage from -100 to 10,000.")
    return found


def quantity(value: object) -> int:
    """Read a number of units: whole, at least 1."""
    way_out = f"Give a whole number from 1 to {MOST:,}."
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit("This is no number of units.", way_out)
    if value < 1:
        raise Unfit("There has to be at least one unit.", way_out)
    if value > MOST:
        raise Unfit("These are too many units.", way_out)
    return value


def whole(least: int, most: int) -> Reader:
    """Make a reader of a whole number between two others."""

    def reader(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Unfit("This number does not fit.", f"Give a whole number from {least:,} to {most:,}.")
        return value

    return reader


def optional(reader: Reader) -> Reader:
    """Make a reader that takes nothing for an answer: none."""

    def lenient(value: object) -> object:
        return None if value is None or value == "" else reader(value)

    return lenient


def day(value: object) -> date | None:
    """Read a date, or none."""
    if value is None or value == "":
        return None
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise Unfit("This is no date.", "Write it as 2026-05-31.") from None


def currency(value: object) -> str:
    """Read a currency code."""
    if value not in iso.currencies():
        raise Unfit(f"{str(value)[:40]!r} is no currency.", "Give an ISO 4217 code such as EUR.")
    return str(value)


def reference(value: object) -> UUID | None:
    """Read the id of another record, or none."""
    if value is None or value == "":
        return None
    found = value if isinstance(value, UUID) else as_id(str(value))
    if found is None:
        raise Unfit("This is no id.", "Choose a record from the list.")
    return found


def needed(reader: Reader) -> Reader:
    """Make a reader that does not take nothing for an answer."""

    def strict(value: object) -> object:
        found = reader(value)
        if found is None:
            raise Unfit("It is needed.", "Fill it in.")
        return found

    return strict


def _decimal(value: object) -> Decimal:
    try:
        found = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= LARGEST:
        raise Unfit("This is no amount.", "Give a number such as 12.50.")
    if found != found.quantize(Decimal("0.000001")):
        raise Unfit("It has more than six decimal places.", "Round it.")
    return found
