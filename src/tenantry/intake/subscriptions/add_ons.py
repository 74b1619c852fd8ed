"""The add-ons that a row names: `BACKUP: 5; ARCHIVE: 2 @ 3.50`, each by SKU or name (CAT-04)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tenantry.catalog import fields as readers
from tenantry.intake.catalogue import words
from tenantry.intake.problem import Unfit

FORM = "Write SKU and quantity, several parted by semicolons: BACKUP: 5; ARCHIVE: 2."
NUMBERED = re.compile(r"(?P<word>.+?)\s*(?:[:×]\s*(?P<units>[^:×]*)|\sx\s*(?P<times>\d+))")
# Code, message, way out, rule.
Wrong = tuple[str, str, str, str]


@dataclass(frozen=True)
class ToldAddOn:
    """An add-on as a row names it, how many units, and what one costs where the row says so."""

    word: str
    quantity: int = 1
    unit_price: Decimal | None = None


def read(text: str, refuse: Callable[[str, str, str, str], None]) -> list[ToldAddOn]:
    """Read the add-ons of a cell; whatever is wrong is refused with code, message, way out and rule."""
    found: dict[str, ToldAddOn] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        said = _one(part)
        if not isinstance(said, ToldAddOn):
            refuse(*said)
        elif found.setdefault(said.word.lower(), said) is not said:
            refuse("add-on-twice", f"It names {said.word} twice.", "Name it once, with all its units.", "CAT-04")
    return list(found.values())


def _one(part: str) -> ToldAddOn | Wrong:
    before, at, price = part.partition("@")
    said = NUMBERED.fullmatch(before.strip())
    word = (said["word"] if said else before).strip(" :×")
    if not word or before.strip().startswith((":", "×")):
        return "add-on-unclear", f"{part[:40]!r} names no add-on.", FORM, "CAT-04"
    units = (said["units"] or said["times"] or "").strip() if said else "1"
    if not (units.isdecimal() and len(units) < 20):  # noqa: PLR2004 - more digits than any quantity has
        return "add-on-quantity-unfit", f"{word}: {units[:20] or 'nothing'} is no quantity.", FORM, "CAT-01"
    try:
        number = int(str(readers.quantity(int(units))))
        amount = words.amount(price.strip()) if at else None
    except readers.Unfit as unfit:
        return "add-on-quantity-unfit", f"{word}: {unfit}", unfit.remedy, "CAT-01"
    except Unfit as unfit:
        return "add-on-price-unfit", f"{word}: {unfit.message}", unfit.remedy, "CAT-04"
    if at and amount is None:
        remedy = "Write a number such as 12.50 after the @, or leave both away to have today's price."
        return "add-on-price-unfit", f"{word}: {price.strip()[:20] or 'nothing'} is no price.", remedy, "CAT-04"
    return ToldAddOn(word, number, amount)


def named(told: list[ToldAddOn]) -> Iterator[str]:
    """Say each in words, for the values of a row."""
    for one in told:
        yield f"{one.word}: {one.quantity:,}" + (f" @ {one.unit_price:f}" if one.unit_price is not None else "")
