"""Read a row of a price file: the product it names, and what it costs by cycle."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tenantry.catalog import fields as readers
from tenantry.intake.catalogue import words
from tenantry.intake.problem import Problem, Severity, Unfit
from tenantry.intake.reading import Cell
from tenantry.intake.rows import flawed
from tenantry.intake.values import READERS

RULE = "CAT-04"
KINDS = {"service": "plan product service subscription base", "add_on": "addon add on add-on extra option"}
YES = {"yes", "y", "true", "1", "ja", "oui", "si", "x"}
LIMITS = {"description": 20_000}
LINE = 320


@dataclass
class Offer:
    """A row as it is understood: the cells by field, the product, its prices by cycle, and what is wrong."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    sku: str = ""
    name: str = ""
    year: str = ""
    currency: str = ""
    kind: str = "service"
    unit: str = ""
    prices: dict[str, Decimal] = field(default_factory=dict)
    cost: Decimal | None = None
    available_for: list[str] = field(default_factory=list)
    min_quantity: int = 1
    valid_from: date | None = None
    valid_until: date | None = None
    same: bool = False

    @property
    def refused(self) -> bool:
        """Say whether the row stays out."""
        return any(one.severity == "refusal" for one in self.problems)

    @property
    def verdict(self) -> str:
        """Give the verdict of the row."""
        if self.refused:
            return "refused"
        if self.same:
            return "skipped"
        return "warning" if any(one.severity == "warning" for one in self.problems) else "ready"


class OfferReader:
    """Reads rows of one file by its mapping."""

    def __init__(
        self, kind: str, headings: Sequence[str], mapping: Mapping[str, str], defaults: Mapping[str, str]
    ) -> None:
        self.kind = kind
        self.width = len(headings)
        self.columns = [(place, mapping[one]) for place, one in enumerate(headings) if mapping.get(one)]
        self.headings = {mapping[one]: one for one in headings if mapping.get(one)}
        self.defaults = defaults

    def read(self, line: int, cells: Sequence[Cell]) -> Offer:
        """Read one row; every problem of it at once."""
        found = Offer(line)
        if len(cells) > self.width:
            message = f"The row has {len(cells)} cells, the heading {self.width}; some value holds a delimiter."
            remedy = "Put quotes around the value that holds the delimiter."
            self.say(found, "refusal", "too-many-cells", "", message, remedy)
        for place, name in self.columns:
            cell = cells[place] if place < len(cells) else ""
            if cell:
                self._take(found, name, cell)
        for name, value in self.defaults.items():
            if value.strip():
                found.cells.setdefault(name, value.strip())
        self._understand(found)
        return found

    def say(self, one: Offer, severity: Severity, code: str, name: str, message: str, remedy: str = "") -> None:
        """Add a problem of a field."""
        value = one.cells.get(name, "")[:80]
        one.problems.append(Problem(severity, code, message, RULE, remedy, name, self.headings.get(name, ""), value))

    def _take(self, one: Offer, name: str, cell: Cell) -> None:
        if not isinstance(cell, str):
            unfit = flawed(cell, name)
            one.problems.append(unfit.problem(name, self.headings.get(name, ""), cell["text"]))
            return
        text = cell if name == "description" else " ".join(cell.split())
        if len(text) > LIMITS.get(name, LINE):
            message = f"It has {len(text):,} characters; {LIMITS.get(name, LINE):,} fit."
            self.say(one, "refusal", "too-long", name, message, "Shorten it.")
            return
        one.cells[name] = text

    def _understand(self, one: Offer) -> None:
        cells = one.cells
        family, plan = cells.get("product", ""), cells.get("name", "")
        one.sku = cells.get("sku") or words.sku_of(family, plan)
        # Names of files come as BUSINESS_PLUS.
        one.name = " ".join(part for part in (family, plan.replace("_", " ")) if part)
        one.year = cells.get("year", "")
        if not cells.get("sku") and not (plan if "name" in self.headings else one.sku):
            self.say(one, "refusal", "name-missing", "name", "It names no product.", "Fill it in.")
        one.kind = self._kind(one)
        unit = words.unit_of(cells.get("unit", ""))
        one.unit = unit.name
        one.available_for = [words.sku_of(family, plan_) for plan_ in _several(cells.get("available_for", ""))]
        self._numbers(one)
        self._price(one, unit)

    def _kind(self, one: Offer) -> str:
        said = " ".join(one.cells.get("kind", "").casefold().replace("_", " ").split())
        if not said:
            return "add_on" if one.cells.get("available_for") else "service"
        for kind, known in KINDS.items():
            if said in known or said.replace("-", " ") in known:
                return kind
        self.say(
            one, "refusal", "kind-unknown", "kind", "This is neither a plan nor an add-on.", "Write plan or add-on."
        )
        return "service"

    def _price(self, one: Offer, unit: words.Unit) -> None:
        by = self._factors(one)
        cycle = self._cycle(one, unit, by)
        one.currency = self._currency(one)
        price = self._amount(one, "price")
        if price is not None and one.currency:
            # Factors say what a month costs when it is paid so; where the unit says a year, they have nothing to go by.
            one.prices = words.prices(price, cycle, by if cycle in by else {}, one.currency)
            if by and cycle not in by:
                message = f"The unit says {cycle.replace('_', ' ')}, the factors do not; the unit is believed."
                self.say(one, "warning", "factors-left", "billing_factors", message, "Write the factor of that cycle.")
        elif price is None and not one.refused:
            self._without_price(one)

    def _without_price(self, one: Offer) -> None:
        said = one.cells.get("price", "")
        code, message = ("price-in-words", "This is no number.") if said else ("price-missing", "No price is given.")
        if self.kind == "prices":
            self.say(one, "refusal", code, "price", message, "Give a number such as 12.50.")
        else:
            message = f"{message} The product is brought in without a price, and is sold by price lists only."
            self.say(one, "warning", code, "price", message, "Set its price afterwards.")

    def _amount(self, one: Offer, name: str) -> Decimal | None:
        try:
            return words.amount(one.cells[name]) if one.cells.get(name) else None
        except Unfit as unfit:
            self.say(one, "refusal", unfit.code, name, unfit.message, unfit.remedy)
            return None

    def _factors(self, one: Offer) -> dict[str, Decimal]:
        try:
            return words.factors(one.cells.get("billing_factors", ""))
        except Unfit as unfit:
            self.say(one, "refusal", unfit.code, "billing_factors", unfit.message, unfit.remedy)
            return {}

    def _cycle(self, one: Offer, unit: words.Unit, by: Mapping[str, Decimal]) -> str:
        if said := one.cells.get("cycle"):
            if cycle := words.cycle_of(said):
                return cycle
            remedy = "Write monthly, quarterly, half-yearly, yearly or one-off."
            self.say(one, "refusal", "cycle-unknown", "cycle", "This is no billing cycle.", remedy)
        if unit.cycle:
            return unit.cycle
        if by:
            return min(by, key=lambda cycle: (by[cycle] != 1, words.MONTHS[cycle]))
        if not said and one.cells.get("price"):
            message = "Nothing says how often it is paid; it is taken as paid once."
            self.say(
                one, "warning", "cycle-missing", "unit", message, "Write the unit as user/month, or name the cycle."
            )
        return "one_off"

    def _currency(self, one: Offer) -> str:
        text = one.cells.get("currency", "")
        if text:
            try:
                return str(READERS["currency"](text))
            except Unfit as unfit:
                self.say(one, "refusal", unfit.code, "currency", unfit.message, unfit.remedy)
        elif one.cells.get("price") and not one.cells.get("price_list"):
            self.say(
                one, "refusal", "currency-missing", "currency", "No currency is given.", "Choose a default currency."
            )
        return ""

    def _numbers(self, one: Offer) -> None:
        one.cost = self._amount(one, "cost")
        for name, reader in (
            ("min_quantity", readers.quantity),
            ("valid_from", readers.day),
            ("valid_until", readers.day),
        ):
            text: Any = one.cells.get(name)
            if not text:
                continue
            try:
                setattr(one, name, reader(int(text) if name == "min_quantity" and text.isdecimal() else text))
            except readers.Unfit as unfit:
                self.say(one, "refusal", f"{name.replace('_', '-')}-unfit", name, str(unfit), unfit.remedy)
        if one.valid_from and one.valid_until and one.valid_until < one.valid_from:
            remedy = "Choose a later last day, or none."
            self.say(one, "refusal", "days-backwards", "valid_until", "The last day is before the first.", remedy)


def yes(text: str) -> bool:
    """Read a yes or no."""
    return text.casefold() in YES


def _several(text: str) -> Iterator[str]:
    """Take names apart: by a delimiter where there is one, else by blanks."""
    for delimiter in (";", "|", ","):
        if delimiter in text:
            yield from (one.strip() for one in text.split(delimiter) if one.strip())
            return
    yield from text.split()
