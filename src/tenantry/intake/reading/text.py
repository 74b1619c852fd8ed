"""Read CSV: find out the encoding and the delimiter, and forgive what can be forgiven."""

import codecs
import csv
import io
from collections.abc import Iterator

from tenantry.intake.matching import recognised
from tenantry.intake.reading.sheet import MOST_BYTES, Cell, Flaw, Line, ReadOptions, Sheet, cell, refused, sheet

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT = 20
MOST_LINES_OF_A_ROW = 60
# Bytes that Latin-1 leaves to control characters and Windows gives to letters and quotes.
WINDOWS_ONLY = frozenset(range(0x80, 0xA0))


def read_text(content: bytes, options: ReadOptions) -> Sheet:
    """Read a text file as rows of cells."""
    text, encoding = _decoded(content, options.encoding)
    text, said = _delimiter_said(text)
    delimiter = options.delimiter or said or _delimiter_of(text)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        message = f"{delimiter[:10]!r} cannot part columns."
        raise refused("unknown-delimiter", message, "Choose comma, semicolon, tab or bar.")
    name = DELIMITERS.get(delimiter, delimiter)
    return sheet(_lines(text, delimiter), f"csv, {encoding}, {name}")


def _decoded(content: bytes, wanted: str) -> tuple[str, str]:
    if wanted:
        try:
            return content.decode(wanted).lstrip("\ufeff"), wanted
        except (LookupError, UnicodeError):
            message = f"The file cannot be read as {wanted[:40]}."
            raise refused("wrong-encoding", message, "Choose another encoding, or let it be found out.") from None
    for mark, codec, name in MARKS:
        if content.startswith(mark):
            return content.decode(codec, errors="replace"), name
    if codec := _wide(content):
        return content.decode(codec, errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _of_one_byte(content)


def _wide(content: bytes) -> str:
    """Find UTF-16 without a mark: every other byte of western text is zero."""
    sample = content[:2_000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else ""


def _of_one_byte(content: bytes) -> tuple[str, str]:
    if not WINDOWS_ONLY.isdisjoint(content):
        try:
            return content.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError:
            pass
    return content.decode("latin-1"), "Latin-1"


def _delimiter_said(text: str) -> tuple[str, str]:
    """Obey the line with which Excel says how columns are parted."""
    first, _, rest = text.partition("\n")
    said = first.strip("\r \ufeff")
    if said.lower().startswith("sep=") and len(said) == len("sep=,"):
        return f"\n{rest}", said[-1]
    return text, ""


def _delimiter_of(text: str) -> str:
    """Choose the delimiter that gives the most headings that are known, then the most rows of one width."""
    sample = text[:64_000]
    return max(DELIMITERS, key=lambda one: _fit(sample, one))


def _fit(sample: str, delimiter: str) -> tuple[int, float, int]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(row):
                rows.append(row)
            if len(rows) > LOOKED_AT:
                break
    except csv.Error:
        pass
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004 - one column is parted by nothing
        return 0, 0.0, 0
    width = len(rows[0])
    alike = sum(len(row) == width for row in rows) / len(rows)
    return len(recognised(rows[0])), alike, width


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            cells: list[Cell] = [cell(one) for one in row]
            if reader.line_num - begins > MOST_LINES_OF_A_ROW:
                # A quote that is never closed swallows the lines behind it.
                cells[-1] = Flaw(flaw="quote", text=row[-1][:60].replace("\x00", "␀"), size=reader.line_num - begins)
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as fault:
        message = f"Line {begins} cannot be read: {fault}."
        raise refused("unreadable-line", message, "Put quotes around values that hold delimiters or quotes.") from None
