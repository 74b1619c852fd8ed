"""What is to be said of a value: a refusal keeps its row out, a warning does not, a note only tells."""

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["refusal", "warning", "note"]
SHOWN = 80


@dataclass(frozen=True)
class Problem:
    """One problem of one row: where it stands, what it is, by which rule, and the way out."""

    severity: Severity
    code: str
    message: str
    rule: str
    remedy: str
    field: str = ""
    column: str = ""
    value: str = ""

    def as_data(self) -> dict[str, Any]:
        """Give it as it is stored beside the row."""
        return dict(self.__dict__)


class Unfit(ValueError):
    """A value that a field cannot hold as it stands.

    With `instead`, the row goes in with that value and a warning; without, the row is refused.
    """

    def __init__(self, code: str, message: str, rule: str, remedy: str, *, instead: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.rule = rule
        self.remedy = remedy
        self.instead = instead

    def problem(self, field: str, column: str, value: str) -> Problem:
        """Say it of a cell."""
        severity: Severity = "refusal" if self.instead is None else "warning"
        return Problem(severity, self.code, self.message, self.rule, self.remedy, field, column, value[:SHOWN])
