"""Series of invoice numbers: each without gaps, since a number is taken in the transaction that issues (BIL-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.schema.billing import invoice_series
from tenantry.tenancy import audit, records
from tenantry.tenancy.permissions import require

RULE = "BIL-04"
LONGEST_PREFIX, MOST_DAYS = 20, 365
EDITABLE = frozenset({"name", "prefix", "days_to_pay"})


@dataclass(frozen=True)
class SeriesView:
    """A series as the set-up shows it."""

    id: UUID
    name: str
    prefix: str
    next: int
    days_to_pay: int
    is_default: bool
    version: int


def series(work: Work) -> tuple[SeriesView, ...]:
    """List the series, the default one first; whoever makes invoices chooses among them."""
    s = invoice_series.c
    columns = [s[name] for name in SeriesView.__dataclass_fields__]
    query = sa.select(*columns).where(s.tenant_id == work.tenant_id).order_by(s.is_default.desc(), s.name)
    return tuple(SeriesView(*row) for row in work.connection.execute(query))


def series_of(work: Work, id: UUID | None = None) -> Row:
    """Give a series, or the default one; Invalid for one that is not there."""
    s = invoice_series.c
    which = s.is_default if id is None else s.id == id
    found = work.connection.execute(sa.select(invoice_series).where(s.tenant_id == work.tenant_id, which))
    row = found.mappings().first()
    if row is None and id is None:
        raise NotFound("invoice series")
    if row is None:
        raise Invalid(Fault("series_id", "There is no such series of numbers.", RULE, "Choose one, or none."))
    return row


def take(work: Work, series_id: UUID, count: int = 1) -> int:
    """Take so many numbers and give the first; rolled back, they are given to the next who asks."""
    s = invoice_series.c
    taken = (
        sa.update(invoice_series)
        .where(s.tenant_id == work.tenant_id, s.id == series_id)
        .values(next=s.next + count)
        .returning(s.next - count)
    )
    return int(work.connection.execute(taken).scalar_one())


def create(work: Work, name: str, prefix: str, days_to_pay: int = 14) -> UUID:
    """Make a series that begins with 1; the first one of a tenant is the default."""
    require(work, "setup:edit")
    values = _checked({"name": name, "prefix": prefix, "days_to_pay": days_to_pay})
    _one_at_a_time(work)
    id, s = new_id(), invoice_series.c
    has_default = sa.exists().where(s.tenant_id == work.tenant_id, s.is_default)
    is_first = not work.connection.scalar(sa.select(has_default))
    with records.unique(work, records.taken("prefix", values["prefix"] or values["name"], RULE)):
        row = {"tenant_id": work.tenant_id, "id": id, "is_default": is_first, **values}
        work.connection.execute(sa.insert(invoice_series).values(row))
    audit.note(work, "invoice_series.create", f"Made the invoice series {values['name']!r}.", id)
    return id


def edit(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a series for what is issued from now on; documents keep the number that they have."""
    require(work, "setup:edit")
    values = _checked(changes)
    row = records.locked(work, invoice_series, id, version=version)
    with records.unique(work, records.taken("prefix", values.get("prefix") or values.get("name", ""), RULE)):
        records.write(work, invoice_series, id, values)
    before = {name: getattr(row, name) for name in EDITABLE}
    differences = audit.changed(before, values)
    audit.note(work, "invoice_series.edit", f"Changed the invoice series {row.name!r}.", id, changes=differences)


def make_default(work: Work, id: UUID) -> None:
    """Take it where none is chosen; the one that was the default is so no more."""
    require(work, "setup:edit")
    _one_at_a_time(work)
    row = records.locked(work, invoice_series, id)
    if row.is_default:
        return
    s = invoice_series.c
    work.connection.execute(
        sa.update(invoice_series)
        .values(is_default=False, version=s.version + 1)
        .where(s.tenant_id == work.tenant_id, s.is_default)
    )
    records.write(work, invoice_series, id, {"is_default": True})
    audit.note(work, "invoice_series.make_default", f"Made {row.name!r} the default invoice series.", id)


def _one_at_a_time(work: Work) -> None:
    """Lock all series of the tenant, by id, so that two people cannot each leave a default of their own."""
    s = invoice_series.c
    query = sa.select(s.id).where(s.tenant_id == work.tenant_id).order_by(s.id)
    work.connection.execute(query.with_for_update(key_share=True)).all()


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    values = records.trimmed(given)
    faults = records.unknown_fields(values, EDITABLE, RULE)
    if "name" in values:
        faults += records.text_fault("name", values["name"], RULE)
    if "prefix" in values:
        faults += records.text_fault("prefix", values["prefix"], RULE, longest=LONGEST_PREFIX, needed=False)
    days = values.get("days_to_pay", 0)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        fault = "This is no number of days."
        faults.append(Fault("days_to_pay", fault, RULE, f"Give a whole number from 0 to {MOST_DAYS}."))
    if faults:
        raise Invalid(*faults)
    return values
