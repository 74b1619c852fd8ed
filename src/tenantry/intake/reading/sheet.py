"""What a file was read into: headings, and rows of cells with the line they stand in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from tenantry.kernel.problems import Fault, Invalid

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 250
LONGEST_CELL = 20_000
BEGINNING = 60
FORMULA_BEGINS = {"=", "+", "-", "@"}


class Flaw(TypedDict):
    """A cell that cannot be taken as it stands: what is wrong with it, and what it looks like."""

    flaw: str
    text: str
    size: NotRequired[int]


Cell = str | Flaw
Line = tuple[int, list[Cell]]


@dataclass(frozen=True)
class ReadOptions:
    """What the file cannot say about itself, where guessing went wrong."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Sheet:
    """The heading and the rows of a file; `format` says how it was read."""

    headings: Sequence[str]
    rows: Sequence[Line]
    format: str


def refused(code: str, message: str, remedy: str) -> Invalid:
    """Make the refusal of a whole file."""
    problem = Invalid(Fault("file", message, "CAT-04", remedy), message=message)
    problem.code, problem.remedy = code, remedy
    return problem


def sheet(lines: Iterable[Line], format_: str) -> Sheet:
    """Take the first line that is not empty as the heading, and drop empty rows; Invalid for a file without either."""
    filled = (line for line in lines if any(line[1]))
    head = next(filled, None)
    if head is None:
        raise refused("empty-file", "The file is empty.", "Choose a file with a heading and a row for each account.")
    headings = _headings(head[1])
    rows = list(_checked(filled, len(headings)))
    if not rows:
        raise refused("no-rows", "The file has a heading and no rows.", "Add a row for each account.")
    return Sheet(headings, rows, format_)


def cell(text: str) -> Cell:
    """Trim a cell's text; one that no field can hold is marked as such."""
    if len(text) > LONGEST_CELL:
        return Flaw(flaw="long", text=text[:BEGINNING].replace("\x00", "␀"), size=len(text))
    if "\x00" in text:
        return Flaw(flaw="nul", text=text.replace("\x00", "␀"))
    text = text.strip()
    # What this program writes for Excel has an apostrophe before what Excel would calculate.
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_BEGINS else text


def _headings(cells: Sequence[Cell]) -> list[str]:
    words = [one if isinstance(one, str) else one["text"] for one in cells]
    while words and not words[-1]:
        words.pop()
    if len(words) > MOST_COLUMNS:
        message = f"The heading has {len(words):,} columns; {MOST_COLUMNS} can be read."
        raise refused("too-many-columns", message, "Leave out the columns that are not needed.")
    names: list[str] = []
    for place, word in enumerate(words, 1):
        name = " ".join(word.split())[:200] or f"Column {letters(place)}"
        twins = (name, *(f"{name} ({place})" for place in range(2, MOST_COLUMNS + 2)))
        names.append(next(one for one in twins if one not in names))
    return names


def _checked(lines: Iterable[Line], width: int) -> Iterator[Line]:
    for count, (line, cells) in enumerate(lines, 1):
        if count > MOST_ROWS:
            message = f"The file has more than {MOST_ROWS:,} rows."
            raise refused("too-many-rows", message, "Split it into several files.")
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield line, cells


def letters(place: int) -> str:
    """Name a column as a spreadsheet does: A, B, ... Z, AA."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
