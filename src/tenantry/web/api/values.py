"""What may come in as a value: what the database can hold, and nothing that it cannot."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator, Field

Hint = Any
Value = Any

BIGGEST: Mapping[type, int] = {sa.SmallInteger: 2**15 - 1, sa.Integer: 2**31 - 1, sa.BigInteger: 2**63 - 1}
LARGEST = Decimal(10) ** 13
LONGEST = 20_000
FREE_DIGITS = 10**100


def writable(text: str) -> str:
    """Refuse what no text of the database can hold: NUL, and half characters."""
    if "\x00" in text:
        message = "It holds a character that no text has (NUL)."
        raise ValueError(message)
    try:
        text.encode()
    except UnicodeEncodeError:
        message = "It holds half a character (a lone surrogate)."
        raise ValueError(message) from None
    return text


def storable(value: Value) -> Value:
    """Refuse the same anywhere in free JSON, and numbers that are none or have no end."""
    match value:
        case str():
            writable(value)
        case float() | int() if not math.isfinite(value) or abs(value) > FREE_DIGITS:
            message = "It holds a number that is none, or is too large."
            raise ValueError(message)
        case Mapping():
            for name, one in value.items():
                writable(str(name))
                storable(one)
        case list():
            for one in value:
                storable(one)
        case _:
            pass
    return value


Words = Annotated[str, AfterValidator(writable)]
Free = Annotated[Any, AfterValidator(storable)]


def narrowed(kind: Hint, column: sa.Column[Any] | None) -> Hint:
    """Narrow the type of what comes in to what its column can hold."""
    if kind in NARROWED:
        return NARROWED[kind](column)
    return kind if kind in KEPT else Free


def chosen(column: sa.Column[Any] | None) -> Hint | None:
    """Give the closed list of a column, if it has one."""
    values = column.info.get("values") if column is not None else None
    return Literal[tuple(values)] if values else None


def _text(column: sa.Column[Any] | None) -> Hint:
    return chosen(column) or Annotated[Words, Field(max_length=LONGEST)]


def _number(column: sa.Column[Any] | None) -> Hint:
    biggest = BIGGEST.get(type(column.type) if column is not None else sa.Integer, BIGGEST[sa.Integer])
    return Annotated[int, Field(strict=True, ge=-biggest, le=biggest)]


def _amount(_column: sa.Column[Any] | None) -> Hint:
    return Annotated[Decimal, Field(gt=-LARGEST, lt=LARGEST, allow_inf_nan=False)]


def _flag(_column: sa.Column[Any] | None) -> Hint:
    return Annotated[bool, Field(strict=True)]


def _free(_column: sa.Column[Any] | None) -> Hint:
    return dict[str, Free]


NARROWED: Mapping[type, Callable[[sa.Column[Any] | None], Hint]] = {
    str: _text,
    int: _number,
    Decimal: _amount,
    bool: _flag,
    dict: _free,
}
KEPT = {UUID, date, datetime, type(None)}
