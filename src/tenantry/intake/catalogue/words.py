"""Understand what price lists say: prices in words, units with a period, factors of other cycles."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tenantry.intake.problem import Unfit
from tenantry.intake.values import READERS
from tenantry.kernel.money import rounded

RULE = "CAT-04"
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
PERIODS = {
    "monthly": {"month", "months", "mo", "monthly", "per month", "monat", "monatlich", "mensuel", "mensual", "mois"},
    "quarterly": {"quarter", "quarterly", "qtr", "per quarter", "quartal", "vierteljährlich", "trimestriel"},
    "half_yearly": {"half year", "half yearly", "semiannual", "halbjahr", "halbjährlich", "semestriel"},
    "yearly": {
        "year",
        "years",
        "yr",
        "annual",
        "annually",
        "yearly",
        "per year",
        "jahr",
        "jährlich",
        "annuel",
        "anual",
    },
    "one_off": {"once", "one off", "one time", "one time purchase", "one time payment", "einmalig", "unique"},
}
LARGEST = Decimal(10) ** 13


@dataclass(frozen=True)
class Unit:
    """What is counted, and how often it is paid, where the unit says so."""

    name: str
    cycle: str | None


def sku_of(*names: str) -> str:
    """Make a SKU of names: capitals, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", " ".join(names)).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]+", "-", plain).strip("-")[:320]


def cycle_of(text: str) -> str | None:
    """Know a cycle by its name in a few languages; None for no cycle."""
    word = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    for cycle, words in PERIODS.items():
        if word in words:
            return cycle
    return None


def unit_of(text: str) -> Unit:
    """Take `user/month` apart into what is counted and how often it is paid; `per` says nothing."""
    if (whole := cycle_of(text)) is not None:
        return Unit("", whole)
    counted, _, period = text.rpartition("/")
    cycle = cycle_of(period) if counted or text.startswith("/") else None
    if cycle is None:
        counted = text
    name = re.sub(r"^per\s+", "", counted.strip(" /"), flags=re.IGNORECASE)
    # `USD/user` names the currency again.
    return Unit(re.sub(r"^[A-Z]{3}/", "", name), cycle)


def amount(text: str) -> Decimal | None:
    """Read a price; None for one in words, such as Contact Sales."""
    bare = re.sub(r"^[^\d\-+]{0,4}|[^\d]{0,4}$", "", text)
    read = str(READERS["credit_limit"](bare))
    try:
        found = Decimal(read)
    except InvalidOperation:
        return None
    if re.search(r"[^\W\d_]{2}", text) and not re.fullmatch(r"(?:[A-Z]{3}\s*)?[\d.,'’\s]+(?:\s*[A-Z]{3})?", text):
        return None
    if not found.is_finite() or found < 0 or found >= LARGEST or found != found.quantize(Decimal("0.000001")):
        raise Unfit("price-unfit", "This is no price.", RULE, "Give a number such as 12.50, not below 0.")
    return found


def factors(text: str) -> dict[str, Decimal]:
    """Read `monthly=1.0;annual=0.83`: what a month costs when it is paid so, in parts of the price."""
    found: dict[str, Decimal] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[;,]", text))):
        name, equals, value = part.partition("=")
        cycle = cycle_of(name)
        try:
            factor = Decimal(value.strip())
        except InvalidOperation:
            factor = Decimal(0)
        if not equals or cycle not in MONTHS or not factor.is_finite() or not 0 < factor <= 100:  # noqa: PLR2004 - beyond is no factor
            message = f"{part[:40]!r} is no factor of a cycle."
            raise Unfit("factors-unclear", message, RULE, "Write them as monthly=1.0;annual=0.83.")
        found[cycle] = factor
    return found


def prices(price: Decimal, cycle: str, by: dict[str, Decimal], currency: str) -> dict[str, Decimal]:
    """Give the price by cycle: the one that stands there, and those that its factors lead to, rounded once."""
    found = {cycle: price}
    if cycle in MONTHS:
        a_month = price / MONTHS[cycle] / by.get(cycle, Decimal(1))
        found |= {
            other: rounded(a_month * factor * MONTHS[other], currency) for other, factor in by.items() if other != cycle
        }
    return found
