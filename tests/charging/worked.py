"""Read the worked examples of the page on money: the tables under a heading, row by row."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tenantry.charging.promotions import Off
from tenantry.charging.terms import Line
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money

PAGE = Path(__file__).parents[2] / "docs/explanation/money.md"
PRODUCT = new_id()


def examples(heading: str, *columns: str) -> list[Any]:
    """Give the rows of the tables under a heading that have these columns, each to be a test."""
    rows = [row for row in _rows(heading) if tuple(row) == columns]
    assert rows, f"{PAGE.name} has no table of {columns} under {heading!r}"
    return [pytest.param(row, id=" ".join(value for value in row.values() if value)[:120]) for row in rows]


def money(text: str) -> Money:
    """Read `EUR 12.00`."""
    currency, amount = text.split()
    return Money(Decimal(amount), currency)


def day(text: str) -> date:
    """Read `31 Jan 2026`."""
    return datetime.strptime(text, "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone


def percent(text: str) -> Decimal:
    """Read `12.5 %`; nothing is none."""
    return Decimal(text.removesuffix(" %") or 0)


def off(text: str) -> Off | None:
    """Read `20 %` or `EUR 2.00 each`; nothing is no promotion."""
    if not text:
        return None
    if text.endswith(" %"):
        return Off(new_id(), "Spring", "percent", percent(text))
    return Off(new_id(), "Spring", "amount", money(text.removesuffix(" each")).amount)


def line(text: str) -> tuple[Line, str] | None:
    """Read `10 × EUR 12.00 less 25 %` into a line and its currency; nothing is none."""
    if text == "nothing":
        return None
    units, price, _, less = re.fullmatch(r"(\d+) × (\w+ [\d.]+)( less (.*))?", text).groups()
    return Line(PRODUCT, int(units), money(price).amount, percent(less or "")), money(price).currency


def _rows(heading: str) -> Iterator[dict[str, str]]:
    [section] = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    for table in re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE):
        names, _, *lines = ([cell.strip() for cell in row[1:-1].split("|")] for row in table.splitlines())
        for cells in lines:
            yield dict(zip(names, cells, strict=True))
