"""Read a row of a file of subscriptions: what its cells say, before it is compared with what is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial

from tenantry.catalog import fields as readers
from tenantry.intake.catalogue import words
from tenantry.intake.problem import Problem, Unfit
from tenantry.intake.reading import Cell
from tenantry.intake.rows import flawed
from tenantry.intake.subscriptions import add_ons
from tenantry.intake.subscriptions.add_ons import ToldAddOn

RULE = "CAT-04"
LINE = 320
DATES = ("start_on", "trial_until", "end_on", "term_until")
NEEDED = {
    "account": ("It names no account.", "Write its number, its accounting number or its name."),
    "product": ("It names no product.", "Write its SKU or its name."),
    "cycle": ("It does not say how often it is paid.", "Write monthly, quarterly, half-yearly or yearly."),
    "start_on": ("It does not say when it began.", "Write its first day as 2026-05-31."),
}
YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass
class Told:
    """A row as it is understood: its cells by field, what they mean, and what is wrong."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cycle: str = ""
    quantity: int = 1
    unit_price: Decimal | None = None
    renew: bool | None = None
    add_ons: list[ToldAddOn] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)
    # It is here already, just so.
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
        return "skipped" if self.same else "ready"


class SubscriptionReader:
    """Reads rows of one file by its mapping."""

    def __init__(self, headings: Sequence[str], mapping: Mapping[str, str], defaults: Mapping[str, str]) -> None:
        self.width = len(headings)
        self.columns = [(place, mapping[one]) for place, one in enumerate(headings) if mapping.get(one)]
        self.headings = {mapping[one]: one for one in headings if mapping.get(one)}
        self.defaults = {name: value.strip() for name, value in defaults.items() if name == "currency"}

    def read(self, line: int, cells: Sequence[Cell]) -> Told:
        """Read one row; every problem of its cells at once."""
        found = Told(line)
        if len(cells) > self.width:
            message = f"The row has {len(cells)} cells, the heading {self.width}; some value holds a delimiter."
            self.refuse(found, "too-many-cells", "", message, "Put quotes around the value that holds the delimiter.")
        for place, name in self.columns:
            if place < len(cells) and cells[place]:
                self._take(found, name, cells[place])
        for name, value in self.defaults.items():
            found.cells.setdefault(name, value)
        said = {one.field for one in found.problems}
        for name, (message, remedy) in NEEDED.items():
            if not found.cells.get(name) and name not in said:
                self.refuse(found, f"{name.replace('_', '-')}-missing", name, message, remedy)
        self._cycle(found)
        self._numbers(found)
        self._days(found)
        self._renew(found)
        if text := found.cells.get("add_ons"):
            found.add_ons = add_ons.read(text, partial(self._of_add_ons, found))
        return found

    def note(self, one: Told, code: str, message: str, remedy: str) -> None:
        """Say something of a row that does not keep it out."""
        one.problems.append(Problem("note", code, message, RULE, remedy))

    def _of_add_ons(self, one: Told, code: str, message: str, remedy: str, rule: str) -> None:
        self.refuse(one, code, "add_ons", message, remedy, rule)

    def refuse(self, one: Told, code: str, name: str, message: str, remedy: str, rule: str = RULE) -> None:
        """Refuse a row for what a field says."""
        value = one.cells.get(name, "")[:80]
        one.problems.append(Problem("refusal", code, message, rule, remedy, name, self.headings.get(name, ""), value))

    def _take(self, one: Told, name: str, cell: Cell) -> None:
        if not isinstance(cell, str):
            one.problems.append(flawed(cell, name).problem(name, self.headings.get(name, ""), cell["text"]))
            return
        text = " ".join(cell.split())
        if len(text) > LINE:
            self.refuse(one, "too-long", name, f"It has {len(text):,} characters; {LINE:,} fit.", "Shorten it.")
        elif text:
            one.cells[name] = text

    def _cycle(self, one: Told) -> None:
        if not (said := one.cells.get("cycle")):
            return
        one.cycle = words.cycle_of(said) or ""
        remedy = "Write monthly, quarterly, half-yearly or yearly."
        if not one.cycle:
            self.refuse(one, "cycle-unknown", "cycle", "This is no billing cycle.", remedy)
        elif one.cycle not in words.MONTHS:
            one.cycle = ""
            self.refuse(one, "cycle-one-off", "cycle", "What is paid once is no subscription.", remedy, "ORD-03")

    def _numbers(self, one: Told) -> None:
        if text := one.cells.get("quantity"):
            try:
                # More digits than any quantity has are not worth reading.
                number = int(text) if text.isdecimal() and len(text) < 20 else text  # noqa: PLR2004 - as above
                one.quantity = int(str(readers.quantity(number)))
            except readers.Unfit as unfit:
                self.refuse(one, "quantity-unfit", "quantity", str(unfit), unfit.remedy, "CAT-01")
        if text := one.cells.get("unit_price"):
            try:
                one.unit_price = words.amount(text)
            except Unfit as unfit:
                self.refuse(one, unfit.code, "unit_price", unfit.message, unfit.remedy)
            else:
                if one.unit_price is None:
                    remedy = "Give a number such as 12.50, or leave it empty to have today's price."
                    self.refuse(one, "price-in-words", "unit_price", "This is no number.", remedy)

    def _days(self, one: Told) -> None:
        for name in DATES:
            if text := one.cells.get(name):
                try:
                    if (day := readers.day(text)) is not None:
                        one.days[name] = day
                except readers.Unfit as unfit:
                    self.refuse(one, f"{name.replace('_', '-')}-unfit", name, str(unfit), unfit.remedy)

    def _renew(self, one: Told) -> None:
        if text := one.cells.get("renew"):
            one.renew = YES_NO.get(text.casefold())
            if one.renew is None:
                self.refuse(one, "renew-unclear", "renew", "This is neither yes nor no.", "Write yes or no.")
