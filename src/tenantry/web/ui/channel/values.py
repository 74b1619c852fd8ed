"""Values of a preview as a person reads them: names instead of ids, Yes and No, money, countries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.web.words import Words

ITSELF = "Itself"
NAMES: Mapping[str, str] = {
    "at_once": "At once",
    "next_billing_day": "On the next billing day",
    "own": "Its own",
    "handed_down": "Handed down: managed by the reseller",
    "mirrored": "The reseller's: locked here",
    "marked": "Back-ordering record",
    "received": "Received: read and prepared until live",
    "moved_out": "Moved out",
    "transferred_out": "Transferred out",
}
CHOICES = frozenset({"standing", "status", "partial_charges_invoicing", "cycle", "provisioning_status"})


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what else the row says there, which some values cannot be read without."""

    words: Words
    currency: str = ""
    country: str = ""


def shown(field: str, value: Any, name: str | None, of: UUID, side: Side) -> str:
    """Write one value; `name` is that of the record it refers to, and `of` the record it stands in."""
    if value is None or value == "":
        return ""
    if isinstance(value, UUID):
        return ITSELF if value == of else name or str(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field in CHOICES:
        return NAMES.get(value) or str(value).replace("_", " ").capitalize()
    return _written(field, value, side)


def _written(field: str, value: Any, side: Side) -> str:
    writes = BY_FIELD.get(field) or next((write for kind, write in BY_KIND if isinstance(value, kind)), None)
    return writes(value, side) if writes else str(value)


BY_FIELD: Mapping[str, Callable[[Any, Side], str]] = {
    "country": lambda value, side: side.words.country(value),
    "state": lambda value, side: side.words.state(side.country, value),
    "language": lambda value, side: side.words.language(value),
    "credit_limit": lambda value, side: side.words.money(Decimal(value), side.currency),
    "unit_price": lambda value, side: side.words.price(Decimal(value), side.currency),
    "discount_percent": lambda value, side: f"{side.words.number(Decimal(value))} %",
    "position": lambda value, side: side.words.number(value + 1),
}
BY_KIND: tuple[tuple[Any, Callable[[Any, Side], str]], ...] = (
    (Mapping, lambda value, _: ", ".join(f"{key}: {one}" for key, one in value.items())),
    ((Decimal, int, float), lambda value, side: side.words.number(value)),
    (datetime, lambda value, side: side.words.moment(value)),
    (date, lambda value, side: side.words.date(value)),
)
