"""Read a file as it stands: CSV of any encoding and delimiter, or Excel; what it means comes later."""

from tenantry.intake.reading.file import read_file
from tenantry.intake.reading.sheet import LONGEST_CELL, MOST_BYTES, MOST_ROWS, Cell, Flaw, Line, ReadOptions, Sheet

__all__ = ["LONGEST_CELL", "MOST_BYTES", "MOST_ROWS", "Cell", "Flaw", "Line", "ReadOptions", "Sheet", "read_file"]
