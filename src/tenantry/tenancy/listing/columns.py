"""The columns of a list: what each shows, and how it is filtered and sorted by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

Kind = Literal["text", "number", "money", "date", "moment", "flag", "choice", "ref"]

EQUAL = ("eq", "ne", "in")
ORDERED = (*EQUAL, "lt", "lte", "gt", "gte", "empty")
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "text": (*EQUAL, "starts", "empty"),
    "number": ORDERED,
    "money": ORDERED,
    "date": ORDERED,
    "moment": ORDERED,
    "flag": ("eq",),
    "choice": (*EQUAL, "empty"),
    "ref": (*EQUAL, "empty"),
}
LONGEST_LIST = 200
LONGEST_TEXT = 400
BIGGEST = 2**63 - 1


class NotThat(ValueError):
    """A value that the column cannot hold; its words say what it holds."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a list.

    `folded` is its form in small letters, which it is sorted and compared by from the start; `sort_by` stands in for
    an expression that may be null.
    """

    name: str
    expression: sa.ColumnElement[Any]
    label: str
    kind: Kind = "text"
    sortable: bool = False
    filterable: bool = True
    shown: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    folded: sa.ColumnElement[str] | None = None
    sort_by: sa.ColumnElement[Any] | None = None
    searched: bool = False

    @property
    def key(self) -> sa.ColumnElement[Any]:
        """Give what it is sorted by, which is never null."""
        if self.folded is not None:
            return self.folded
        return self.sort_by if self.sort_by is not None else self.expression

    def parsed(self, value: object) -> object:
        """Read a value as this column holds it, or raise NotThat."""
        text = written(value).strip()
        if self.kind == "choice" and text not in self.choices:
            raise NotThat(f"one of {', '.join(self.choices)}")
        return PARSERS[self.kind](text)

    def parsed_key(self, text: str) -> object:
        """Read a sort key as a cursor carries it, or raise NotThat."""
        return PARSERS["text" if self.folded is not None else self.kind](text)

    def condition(self, operator: str, value: object) -> sa.ColumnElement[bool]:
        """Say when a record passes a filter; raise NotThat for a value that makes no sense."""
        if operator == "empty":
            wanted = PARSERS["flag"](written(value).strip())
            return self._empty() if wanted else sa.not_(self._empty())
        if operator == "in":
            return self.expression.in_([self.parsed(one) for one in _several(value)])
        if operator == "starts":
            return self._starts(str(self.parsed(value)))
        return COMPARISONS[operator](self.expression, self.parsed(value))

    def _empty(self) -> sa.ColumnElement[bool]:
        if self.kind in {"text", "choice"}:
            return sa.func.coalesce(self.expression, "") == ""
        return self.expression.is_(None)

    def _starts(self, text: str) -> sa.ColumnElement[bool]:
        if self.folded is not None:
            return sa.func.starts_with(self.folded, sa.func.normalize(sa.func.lower(text), sa.text("NFKD")))
        return sa.func.starts_with(sa.func.lower(self.expression), sa.func.lower(text))


COMPARISONS: Mapping[str, Callable[[sa.ColumnElement[Any], Any], sa.ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column.is_distinct_from(value),
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
}


def written(value: object) -> str:
    """Write a value as a URL would carry it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _several(value: object) -> Sequence[object]:
    found = value if isinstance(value, (list, tuple, set, frozenset)) else str(value).split(",")
    if not 0 < len(found) <= LONGEST_LIST:
        raise NotThat(f"1 to {LONGEST_LIST} values")
    return list(found)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT or "\0" in text or (not text.isascii() and _broken(text)):
        raise NotThat(f"words of at most {LONGEST_TEXT} letters")
    return text


def _broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _number(text: str) -> int:
    try:
        number = int(text[:30])
    except ValueError:
        number = BIGGEST + 1
    if not -BIGGEST <= number <= BIGGEST:
        raise NotThat("a whole number")
    return number


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text[:60])
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount.adjusted() > 18:  # noqa: PLR2004 - more digits than any amount has
        raise NotThat("an amount such as 1250.50")
    return amount


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotThat("a date such as 2026-11-21") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotThat("a moment such as 2026-11-21T08:30:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise NotThat("true or false")
    return text == "true"


def _ref(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotThat("an id") from None


PARSERS: Mapping[Kind, Callable[[str], Any]] = {
    "text": _text,
    "number": _number,
    "money": _amount,
    "date": _date,
    "moment": _moment,
    "flag": _flag,
    "choice": _text,
    "ref": _ref,
}
