"""Read the rows of a file into values by field, each row with its problems; the plan and the run read alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantry.intake import together
from tenantry.intake.fields import FIELDS
from tenantry.intake.options import Options
from tenantry.intake.problem import Problem, Unfit
from tenantry.intake.reading import Cell, Flaw
from tenantry.intake.surroundings import Surroundings
from tenantry.intake.values import Value, value_of
from tenantry.kernel.problems import Fault, Invalid

Row = dict[str, Any]

FLAWS = {
    "formula": (
        "formula-without-value",
        "This cell holds the formula {text} and no value.",
        "Save the file in a spreadsheet program and try again, or paste values.",
    ),
    "error": (
        "formula-error",
        "This cell holds the error {text}.",
        "Correct the formula, or paste a value.",
    ),
    "nul": (
        "nul-character",
        "This cell holds a character that no text has (NUL).",
        "Save the file again as text in UTF-8.",
    ),
    "quote": (
        "quote-not-closed",
        "A quote is opened here and not closed for {size} lines.",
        "Close it, or double the quotes within the value.",
    ),
}
PROSE = 20_000
LINE = 320


@dataclass
class Prepared:
    """One row as it will be brought in: values by field name, and what is wrong."""

    line: int
    values: Row = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Say whether the row stays out."""
        return any(one.severity == "refusal" for one in self.problems)

    @property
    def verdict(self) -> str:
        """Give the verdict of the row."""
        return "refused" if self.refused else "warning" if self.problems else "ready"


@dataclass(frozen=True)
class Column:
    """A column that fills a field."""

    place: int
    heading: str
    field: str
    read: Value


class RowReader:
    """Reads rows by one mapping, one set of options and one tenant; made once for a plan or a batch."""

    def __init__(
        self, headings: Sequence[str], mapping: Mapping[str, str], options: Options, around: Surroundings
    ) -> None:
        self.width = len(headings)
        self.around = around
        self.options = options
        self.columns = [
            Column(place, heading, mapping[heading], value_of(mapping[heading], around))
            for place, heading in enumerate(headings)
            if mapping.get(heading)
        ]
        self.headings = {column.field: column.heading for column in self.columns}
        filled = {field.split(".")[0] for field in self.headings if "." in field}
        self.addresses = [group for group in together.ADDRESSES if group in filled]
        self.contacts = [group for group in together.CONTACTS if group in filled]
        self.defaults = dict(self._defaults())

    def read(self, line: int, cells: Sequence[Cell]) -> Prepared:
        """Read one row; every problem of it at once."""
        found = Prepared(line)
        if len(cells) > self.width:
            found.problems.append(self._too_many(cells))
        for column in self.columns:
            cell = cells[column.place] if column.place < len(cells) else ""
            if cell:
                self._fill(found, column, cell)
        for name, value in self.defaults.items():
            found.values.setdefault(name, value)
        together.complete(found.values, found.problems, self)
        return found

    def _defaults(self) -> Iterator[tuple[str, Any]]:
        for name, text in self.options.defaults.items():
            try:
                if text.strip():
                    yield name, value_of(name, self.around)(text.strip())
            except Unfit as unfit:
                raise Invalid(
                    Fault(f"options.defaults.{name}", unfit.message, unfit.rule, unfit.remedy, unfit.code)
                ) from None

    def _fill(self, found: Prepared, column: Column, cell: Cell) -> None:
        text = cell if isinstance(cell, str) else cell["text"]
        try:
            if not isinstance(cell, str):
                raise flawed(cell, column.field)
            found.values[column.field] = column.read(cell)
        except Unfit as unfit:
            found.problems.append(unfit.problem(column.field, column.heading, text))
            if unfit.instead:
                found.values[column.field] = unfit.instead

    def _too_many(self, cells: Sequence[Cell]) -> Problem:
        message = f"The row has {len(cells)} cells, the heading {self.width}; some value holds a delimiter."
        extra = cells[self.width]
        return Problem(
            "refusal",
            "too-many-cells",
            message,
            "CAT-04",
            "Put quotes around the value that holds the delimiter.",
            value=(extra if isinstance(extra, str) else extra["text"])[:80],
        )


def flawed(cell: Flaw, name: str) -> Unfit:
    """Say what is wrong with a cell that cannot be taken as it stands."""
    if cell["flaw"] == "long":
        limit = PROSE if name in FIELDS and FIELDS[name].column == "description" else LINE
        message = f"It has {cell.get('size', 0):,} characters; {limit:,} fit."
        return Unfit("too-long", message, "CAT-04", "Shorten it.")
    code, message, remedy = FLAWS[cell["flaw"]]
    return Unfit(code, message.format(text=cell["text"], size=cell.get("size", 0)), "CAT-04", remedy)
