"""Read an invoice, with what its page shows and what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing.lines import lines_of
from tenantry.crm.records import Governed, may
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Invoice
from tenantry.sales.parties import PartyView
from tenantry.sales.queries import Named
from tenantry.schema.billing import invoice, invoice_series
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import permissions


@dataclass(frozen=True)
class InvoiceLineView:
    """A line of an invoice: which customer, which subscription, which change, and how the amount came to be."""

    id: UUID
    position: int
    charge_id: UUID | None
    customer: Named
    subscription: Named | None
    change_id: UUID | None
    change: str
    asset_id: UUID | None
    order_id: UUID | None
    product_id: UUID | None
    name: str
    explains: str
    period_from: date | None
    period_until: date | None
    quantity: Decimal
    unit_price: Money
    discount_percent: Decimal
    net: Money
    tax_percent: Decimal
    tax: Money
    version: int


@dataclass(frozen=True)
class InvoiceView:
    """An invoice, as its page shows it; `payer` and `seller` are as they were when it was issued."""

    id: UUID
    code: str
    number: int | None
    series: Named
    status: str
    came_by: str
    standing: str
    account: Named
    bill_to: Named
    issued_on: date | None
    due_on: date | None
    currency: str
    net: Money
    tax: Money
    total: Money
    payer: PartyView | None
    seller: Mapping[str, str] | None
    note: str
    run_id: UUID | None
    responsible_user: Named | None
    permission_rule: Named | None
    lines: Sequence[InvoiceLineView]
    created_at: datetime
    issued_at: datetime | None
    version: int
    actions: Mapping[str, Verdict]

    @property
    def separate(self) -> bool:
        """Say whether it is about one customer, though another pays."""
        return self.account.id != self.bill_to.id


def invoice_(work: Work, id: UUID) -> InvoiceView:
    """Give an invoice; NotFound for one that the actor may not see."""
    permissions.require(work, "invoices:view")
    view = found(work, id)
    if view is None or not (view.permission_rule and may(work.actor.readable, view.permission_rule.id)):
        raise NotFound("invoice")
    return view


def found(work: Work, id: UUID) -> InvoiceView | None:
    """Give an invoice to who was found to be allowed to see it; None where the tenant has none such."""
    row = work.connection.execute(_ONE, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None:
        return None
    plain = "id code number status came_by standing issued_on due_on currency seller note run_id created_at issued_at"
    return InvoiceView(
        **{name: row[name] for name in f"{plain} version".split()},
        **{name: _money(row, name, row["currency"]) for name in ("net", "tax", "total")},
        **{name: _named(row, name) for name in ("series", "account", "bill_to")},
        **{name: _named(row, name) for name in ("responsible_user", "permission_rule")},
        payer=PartyView(**row["payer"]) if row["payer"] else None,
        lines=[_line(line, row["currency"]) for line in lines_of(work, id)],
        actions=Invoice.offers(Governed(row["standing"], row["status"])),
    )


def _line(row: Row, currency: str) -> InvoiceLineView:
    names = "id position charge_id change_id change asset_id order_id product_id name explains period_from period_until"
    return InvoiceLineView(
        **{name: row[name] for name in f"{names} quantity discount_percent tax_percent version".split()},
        **{name: _money(row, name, currency) for name in ("unit_price", "net", "tax")},
        customer=Named(row["account_id"], row["customer"]),
        subscription=Named(row["subscription_id"], row["subscription"]) if row["subscription_id"] else None,
    )


def _named(row: Row, name: str) -> Any:
    return Named(row[f"{name}_id"], row[f"{name}_name"])


def _money(row: Row, name: str, currency: str) -> Any:
    return Money(row[name], currency)


def _to(column: str, other: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(other.c.tenant_id == invoice.c.tenant_id, other.c.id == invoice.c[column])


def _one() -> sa.Select[Any]:
    return (
        sa.select(
            invoice,
            invoice_series.c.name.label("series_name"),
            tenant_user.c.name.label("responsible_user_name"),
            permission_rule.c.name.label("permission_rule_name"),
        )
        .join(invoice_series, _to("series_id", invoice_series))
        .join(tenant_user, _to("responsible_user_id", tenant_user))
        .join(permission_rule, _to("permission_rule_id", permission_rule))
        .where(invoice.c.tenant_id == sa.bindparam("tenant"), invoice.c.id == sa.bindparam("id"))
    )


_ONE = _one()
