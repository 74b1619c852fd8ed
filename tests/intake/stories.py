"""What stories about imports need: files, and the acts on them as the tenant's admin does them."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from tenantry.intake import actions, queries
from tenantry.intake.queries import ImportView, RowView
from tenantry.schema import crm
from tests.world import Tenant, World

# Real companies, as messy as they are in the world; kept beside the checkout, not in it.
COMPANIES = Path(__file__).parents[3] / "shared" / "data" / "companies.csv"
needs_companies = pytest.mark.skipif(not COMPANIES.exists(), reason="companies.csv is not beside the checkout")


def table(headings: str, *rows: str, delimiter: str = ",") -> bytes:
    """Write a CSV file: words parted by bars."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerows(line.split("|") for line in (headings, *rows))
    return written.getvalue().encode()


def workbook(*rows: Sequence[object], title: str = "Customers") -> bytes:
    """Write an Excel file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def bring(world: World, content: bytes, at: Tenant | None = None, name: str = "customers.csv", **options: Any) -> UUID:
    """Bring a file, which plans it."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return actions.read(work, "accounts", name, content, options)


def act(world: World, verb: str, id: UUID, *arguments: Any, at: Tenant | None = None, **named: Any) -> Any:
    """Do something with an import."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return getattr(actions, verb)(work, id, *arguments, **named)


def view(world: World, id: UUID, at: Tenant | None = None) -> ImportView:
    """See an import."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return queries.import_(work, id)


def rows(world: World, id: UUID, verdict: str | None = None, at: Tenant | None = None) -> Sequence[RowView]:
    """See rows of an import."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return queries.rows(work, id, verdict, limit=200).items


def confirm(world: World, id: UUID, at: Tenant | None = None) -> None:
    """Confirm what is seen."""
    act(world, "confirm", id, view(world, id, at).digest, at=at)


def codes(found: Iterable[RowView]) -> dict[int, list[str]]:
    """Give the codes of the problems, by line."""
    return {row.line: [problem["code"] for problem in row.problems] for row in found}


def accounts(world: World, at: Tenant | None = None) -> list[str]:
    """Name the accounts that a tenant has."""
    return sorted(row.name for row in world.rows(at or world.distributor(), crm.account))
