"""Tell what kind of file it is by what stands in it, never by its name."""

from tenantry.intake.reading.sheet import MOST_BYTES, ReadOptions, Sheet, refused
from tenantry.intake.reading.text import read_text
from tenantry.intake.reading.workbook import read_workbook

ZIP = b"PK\x03\x04"
NOT_FOR_US = {
    b"\xd0\xcf\x11\xe0": "an Excel file of the old kind (.xls)",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
}


def read_file(content: bytes, options: ReadOptions | None = None) -> Sheet:
    """Read a CSV or Excel file; raises Invalid, with a code and the way out, for anything that is neither."""
    options = options or ReadOptions()
    if len(content) > MOST_BYTES:
        message = f"The file has {len(content) / 1024**2:,.1f} MB; {MOST_BYTES // 1024**2} MB can be read at once."
        raise refused("file-too-big", message, "Split it into several files.")
    for begins, what in NOT_FOR_US.items():
        if content.startswith(begins):
            raise refused("unknown-format", f"This is {what}.", "Save it as .xlsx or .csv.")
    if content.startswith(ZIP):
        return read_workbook(content, options)
    return read_text(content, options)
