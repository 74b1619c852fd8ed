"""What a storefront user sees of billing: the issued invoices that his own account pays (SF-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing.queries import InvoiceView, found
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound
from tenantry.schema.billing import invoice

SHOWN = 100


@dataclass(frozen=True)
class Billed:
    """An invoice, as who pays it sees it in a list."""

    id: UUID
    code: str
    issued_on: date
    due_on: date
    account: str
    separate: bool
    total: Money


def invoices(work: Work, account_id: UUID) -> Sequence[Billed]:
    """List what an account was billed, the latest first; a hundred at most."""
    i = invoice.c
    mine = (i.tenant_id == work.tenant_id, i.bill_to_id == account_id, i.status == "issued")
    query = sa.select(invoice).where(*mine).order_by(i.id.desc()).limit(SHOWN)
    return [
        Billed(
            **{name: row[name] for name in ("id", "code", "issued_on", "due_on")},
            account=row["account_name"],
            separate=row["account_id"] != row["bill_to_id"],
            total=Money(row["total"], row["currency"]),
        )
        for row in work.connection.execute(query).mappings()
    ]


def billed(work: Work, account_id: UUID, id: UUID) -> InvoiceView:
    """Give one; NotFound for a draft, and for one that another pays."""
    view = found(work, id)
    if view is None or view.bill_to.id != account_id or view.status != "issued":
        raise NotFound("invoice")
    return view
