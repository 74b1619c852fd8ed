"""A list as a file: every record, streamed, and nothing in it that a spreadsheet would carry out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tenantry.database import Work
from tenantry.tenancy.listing.columns import Column, written
from tenantry.tenancy.listing.query import Reading, run
from tenantry.tenancy.listing.request import ListRequest

if TYPE_CHECKING:
    from tenantry.tenancy.listing.listing import Listing

AT_ONCE = 1000
# What a spreadsheet takes for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(listing: "Listing", work: Work, request: ListRequest) -> Iterator[list[str]]:
    """Give the head and every record; the database keeps the rest until it is asked for."""
    chosen = request.fields or [column.name for column in listing.columns_of(work)]
    query = Reading(listing, work, replace(request, fields=chosen, cursor="")).query()
    yield [column.label for column in query.fields]
    for row in run(work, listing.select(query).execution_options(yield_per=AT_ONCE)).mappings():
        yield [cell(row[column.name], column) for column in query.fields]


def cell(value: object, column: Column) -> str:
    """Write a value; a text that a spreadsheet would take for a formula gets a quote before it."""
    if value is None:
        return ""
    text = written(value)
    return f"'{text}" if column.kind in {"text", "choice"} and text.startswith(FORMULA) else text
