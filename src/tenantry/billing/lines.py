"""The lines of an invoice made by hand: words or a product, so many at a price (UP-22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import rounded
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.schema.billing import invoice_line
from tenantry.schema.catalog import product
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription

RULE = "BIL-04"
MOST = 1_000
HUNDRED = Decimal(100)


def _units(value: object) -> object:
    found = fields.signed(value)
    if not 0 < abs(found) <= fields.MOST:
        raise fields.Unfit("This is no number of units.", f"Give a number up to {fields.MOST:,}, not 0.")
    return found


READERS: dict[str, fields.Reader] = {
    "name": fields.text(),
    "explains": fields.text(),
    "product_id": fields.reference,
    "subscription_id": fields.reference,
    "period_from": fields.day,
    "period_until": fields.day,
    "quantity": _units,
    "unit_price": fields.signed,
    "discount_percent": fields.percent,
}


@dataclass(frozen=True)
class NewInvoiceLine:
    """A line to be made: of a product, or of words; a price or a number below nothing gives back."""

    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    name: str = ""
    product_id: UUID | None = None
    explains: str = ""
    subscription_id: UUID | None = None
    period_from: date | None = None
    period_until: date | None = None
    discount_percent: Decimal = Decimal(0)


def lines_of(work: Work, invoice_id: UUID) -> Sequence[Row]:
    """Give the lines of an invoice in their order."""
    c = invoice_line.c
    mine = (c.tenant_id == work.tenant_id, c.invoice_id == invoice_id)
    return work.connection.execute(sa.select(invoice_line).where(*mine).order_by(c.position, c.id)).mappings().all()


def line_of(work: Work, invoice_id: UUID, id: UUID) -> Row:
    """Give one line; NotFound when the invoice, which is held already, has none such."""
    c = invoice_line.c
    mine = (c.tenant_id == work.tenant_id, c.invoice_id == invoice_id, c.id == id)
    found = work.connection.execute(sa.select(invoice_line).where(*mine)).mappings().first()
    if found is None:
        raise NotFound("invoice line")
    return found


def write_lines(work: Work, head: Mapping[str, Any], new: Sequence[NewInvoiceLine]) -> list[Row]:
    """Write lines behind those that are there; gives them."""
    if not new:
        return []
    c = invoice_line.c
    mine = (c.tenant_id == work.tenant_id, c.invoice_id == head["id"])
    last = work.connection.scalar(sa.select(sa.func.coalesce(sa.func.max(c.position), 0)).where(*mine)) or 0
    if last + len(new) > MOST:
        raise Invalid(Fault("lines", f"At most {MOST:,} lines fit.", RULE, "Make another invoice of the rest."))
    customer = _name(work, account, head["account_id"])
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "invoice_id": head["id"],
            "position": place,
            "account_id": head["account_id"],
            "customer": customer,
            **read_line(work, head, {name: getattr(one, name) for name in READERS}),
        }
        for place, one in enumerate(new, last + 1)
    ]
    found = work.connection.execute(sa.insert(invoice_line).returning(invoice_line), rows)
    return list(found.mappings())


def read_line(
    work: Work, head: Mapping[str, Any], given: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Read what a line is to say, with the names of what it is about and what it comes to."""
    values = fields.read(given, READERS, RULE)
    line = {"name": "", **(before or {}), **values}
    if line["period_from"] and line["period_until"] and line["period_until"] < line["period_from"]:
        raise Invalid(Fault("period_until", "It ends before its first day.", RULE, "Give a later day, or none."))
    if values.get("subscription_id") or "subscription_id" in values:
        values["subscription"] = _its_subscription(work, head, values["subscription_id"])
    if values.get("product_id"):
        called = _name(work, product, values["product_id"])
        if called is None:
            raise Invalid(Fault("product_id", "There is no such product.", RULE, "Choose one from the list, or none."))
        values["name"] = line["name"] = line["name"] or called
    if not line["name"]:
        fault = "It says nothing of what is invoiced."
        raise Invalid(Fault("name", fault, RULE, "Choose a product, or say it in words."))
    values["net"] = net_of(line, head["currency"])
    if abs(values["net"]) >= fields.LARGEST:
        raise Invalid(Fault("unit_price", "It comes to more than an invoice holds.", RULE, "Give a smaller amount."))
    return values


def net_of(line: Mapping[str, Any], currency: str) -> Decimal:
    """Give what a line comes to before tax, rounded once."""
    whole: Decimal = line["quantity"] * line["unit_price"]
    return rounded(whole * (HUNDRED - line["discount_percent"]) / HUNDRED, currency)


def _its_subscription(work: Work, head: Mapping[str, Any], id: UUID | None) -> str:
    if id is None:
        return ""
    s = subscription.c
    whose = sa.or_(s.account_id == head["account_id"], s.bill_to_id == head["account_id"])
    query = sa.select(s.name, s.permission_rule_id).where(s.tenant_id == work.tenant_id, s.id == id, whose)
    found = work.connection.execute(query).first()
    if found is None or not (work.actor.readable is None or found.permission_rule_id in work.actor.readable):
        fault = "The account has no such subscription."
        raise Invalid(Fault("subscription_id", fault, RULE, "Choose one of the account, or none."))
    return str(found.name)


def _name(work: Work, table: sa.Table, id: UUID) -> Any:
    return work.connection.scalar(sa.select(table.c.name).where(table.c.tenant_id == work.tenant_id, table.c.id == id))
