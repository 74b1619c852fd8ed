"""Read Excel: values only, cell by cell, and nothing that could blow up in memory."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from itertools import zip_longest
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from tenantry.intake.reading.sheet import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Flaw,
    Line,
    ReadOptions,
    Sheet,
    cell,
    refused,
    sheet,
)

MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 2_000
MOST_RATIO = 200
SMALL = 5 * 1024 * 1024
HEAD = 4_096
# Up to here every whole number has a float of its own.
EXACT = 1e15
DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


def read_workbook(content: bytes, options: ReadOptions) -> Sheet:
    """Read one sheet of an Excel file: the named one, else the first that is not empty."""
    _guard(content)
    try:
        return _read(content, options)
    except (
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        AttributeError,
        zipfile.BadZipFile,
        InvalidFileException,
    ):
        raise _broken() from None


def _read(content: bytes, options: ReadOptions) -> Sheet:
    values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    names = [one.title for one in values.worksheets]
    if options.sheet and options.sheet not in names:
        message = f"There is no sheet {options.sheet[:60]!r}; there are: {', '.join(names)}."
        raise refused("unknown-sheet", message, "Choose one of the sheets.")
    name = options.sheet or next((one for one in names if _filled(values[one])), names[0])
    formulas = None
    if _calculates(content):
        formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)[name]
    found = sheet(_lines(values[name], formulas), f"xlsx, sheet {name}"[:300])
    values.close()
    return found


def _guard(content: bytes) -> None:
    """Refuse what unpacks to far more than it weighs, or declares entities, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            whole = sum(part.file_size for part in parts)
            packed = max(sum(part.compress_size for part in parts), 1)
            bomb = whole > MOST_UNPACKED or (whole > SMALL and whole / packed > MOST_RATIO) or len(parts) > MOST_PARTS
            if bomb or any(part.flag_bits & 1 for part in parts):
                message = "The file is packed so that it cannot be opened safely, or it has a password."
                raise refused("unsafe-file", message, "Save it again as .xlsx without a password, or as .csv.")
            for part in parts:
                with archive.open(part) as opened:
                    if part.filename.endswith((".xml", ".rels")) and DECLARES.search(opened.read(HEAD)):
                        message = "The file declares entities, which no spreadsheet program writes."
                        raise refused("unsafe-file", message, "Save it again with a spreadsheet program, or as .csv.")
            if not any(part.filename.startswith("xl/") for part in parts):
                raise _broken()
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        raise _broken() from None


def _broken() -> Exception:
    message = "The file is damaged, or no Excel file."
    return refused("unreadable-workbook", message, "Open it in a spreadsheet program and save it as .xlsx or .csv.")


def _calculates(content: bytes) -> bool:
    """Say whether any sheet has formulas; only then are they looked for, since it costs a second reading."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/"):
                with archive.open(part) as opened:
                    tail = b""
                    while block := opened.read(1 << 20):
                        if re.search(rb"<(\w+:)?f[ >/]", tail + block):
                            return True
                        tail = block[-16:]
    return False


def _filled(rows: Any) -> bool:
    first = next(_values(rows), None)
    return first is not None


def _values(rows: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Give the rows that hold something, without trusting the size that the sheet claims."""
    rows.reset_dimensions()
    for line, row in enumerate(rows.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
        if any(value is not None for value in row):
            yield line, row
        if line > MOST_ROWS * 2:
            message = f"The sheet goes on after row {line:,}."
            raise refused("too-many-rows", message, "Delete the empty rows at its end, or split it.")


def _lines(values: Any, formulas: Any) -> Iterator[Line]:
    if formulas is None:
        for line, row in _values(values):
            yield line, [_cell(value) for value in row]
        return
    known = dict(_values(values))
    for line, row in _values(formulas):
        pairs = zip_longest(known.get(line, ()), row)
        yield line, [_calculated(value, formula) for value, formula in pairs]


def _calculated(value: object, formula: object) -> Cell:
    if isinstance(formula, ArrayFormula | DataTableFormula):
        formula = f"={getattr(formula, 'text', '') or ''}".replace("==", "=", 1)
    if value is None and isinstance(formula, str) and formula.startswith("="):
        return Flaw(flaw="formula", text=formula[:60])
    return _cell(value)


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case str():
            return Flaw(flaw="error", text=value) if value in ERRORS else cell(value)
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
    return str(value)
