"""Invoices by hand: make a draft, write its lines, issue it, delete it (UP-22, BIL-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing.lines import NewInvoiceLine, line_of, read_line, write_lines
from tenantry.billing.making import hold, payer_of, said, seller_of
from tenantry.billing.series import series_of, take
from tenantry.catalog import fields
from tenantry.crm import history
from tenantry.crm.records import Governed, governed, may, seen_account
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Forbidden, Invalid, NotFound, Refused
from tenantry.rules.policy import Account, Invoice
from tenantry.sales.defaults import today
from tenantry.sales.parties import parties
from tenantry.schema.billing import invoice, invoice_line
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant_currency
from tenantry.tenancy import permissions, queries, records

RULE = "BIL-04"
READERS: dict[str, fields.Reader] = {
    "series_id": fields.needed(fields.reference),
    "due_on": fields.day,
    "note": fields.text(20_000),
}


@dataclass(frozen=True)
class NewInvoice:
    """An invoice to be made of an account, billed to whoever pays for it; a draft until it is issued."""

    account_id: UUID
    currency: str = ""
    series_id: UUID | None = None
    due_on: date | None = None
    note: str = ""
    lines: tuple[NewInvoiceLine, ...] = ()


def create_invoice(work: Work, new: NewInvoice) -> UUID:
    """Make a draft of an account, also of one that its reseller manages: it is billed to the account's Bill To."""
    permissions.require(work, "invoices:edit")
    about = seen_account(work, new.account_id)
    verdict = Account.verdict("create_invoice", governed(about), live=queries.is_live(work))
    if not verdict:
        raise Refused(verdict)
    payer = about if about["bill_to_id"] == about["id"] else _account(work, about["bill_to_id"])
    series = series_of(work, new.series_id)
    given = {"series_id": series["id"], "due_on": new.due_on, "note": new.note}
    row = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "account_id": about["id"],
        "bill_to_id": payer["id"],
        "account_name": about["name"],
        "bill_to_name": payer["name"],
        "currency": _currency(work, new.currency or payer["currency"]),
        "responsible_user_id": payer["responsible_user_id"],
        "permission_rule_id": payer["permission_rule_id"],
        "created_at": work.at,
        **fields.read(given, READERS, RULE),
    }
    work.connection.execute(sa.insert(invoice).values(row))
    write_lines(work, row, new.lines)
    _add_up(work, row["id"])
    history.write(work, "invoice", row["id"], "Invoice was created")
    return UUID(str(row["id"]))


def edit_invoice(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of a draft."""
    row = held(work, id, "edit", version)
    values = fields.read(changes, READERS, RULE)
    if "series_id" in values:
        series_of(work, values["series_id"])
    edits = history.edits(dict(row), values)
    if edits:
        records.write(work, invoice, id, {name: values[name] for name in edits})
        history.write(work, "invoice", id, "Invoice was edited", changes=edits)


def add_line(work: Work, id: UUID, new: NewInvoiceLine, *, version: int | None = None) -> UUID:
    """Add a line to a draft."""
    row = dict(held(work, id, "add_line", version))
    [made] = write_lines(work, row, [new])
    _add_up(work, id)
    history.write(work, "invoice", id, f"Line {made['name']} was added")
    return UUID(str(made["id"]))


def update_line(work: Work, id: UUID, line_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a line of a draft."""
    row = dict(held(work, id, "update_line", None))
    line = dict(line_of(work, id, line_id))
    records.compare(line["version"], version)
    edits = history.edits(line, read_line(work, row, changes, line))
    if edits:
        records.write(work, invoice_line, line_id, {name: pair["after"] for name, pair in edits.items()})
        _add_up(work, id)
        history.write(work, "invoice", id, f"Line {line['name']} was updated", changes=edits)


def delete_line(work: Work, id: UUID, line_id: UUID, *, version: int | None = None) -> None:
    """Take a line off a draft."""
    held(work, id, "delete_line", None)
    line = line_of(work, id, line_id)
    records.compare(line["version"], version)
    records.remove(work, invoice_line, invoice_line.c.id == line_id)
    _add_up(work, id)
    history.write(work, "invoice", id, f"Line {line['name']} was deleted")


def issue(work: Work, id: UUID, *, version: int | None = None) -> str:
    """Give a draft its number and its date; from now on it never changes. Gives the number as it is written."""
    row = held(work, id, "issue", version)
    lines = sa.exists().where(invoice_line.c.tenant_id == work.tenant_id, invoice_line.c.invoice_id == id)
    if not work.connection.scalar(sa.select(lines)):
        raise Invalid(Fault("lines", "The invoice has no lines.", RULE, "Add a line first."))
    if row["total"] < 0:
        message = f"It comes to less than nothing: {said(row['total'], row['currency'])}."
        remedy = "Set it off against something that is owed; a credit note gives back."
        raise Conflict(message, code="less-than-nothing", rule=RULE, remedy=remedy)
    series, on = series_of(work, row["series_id"]), today(work)
    due_on = row["due_on"] or on + timedelta(days=series["days_to_pay"])
    if due_on < on:
        raise Invalid(Fault("due_on", f"It would be due before its date, {on}.", RULE, "Give a later day, or none."))
    payer = parties(work, row["bill_to_id"])[row["bill_to_id"]]
    number = take(work, series["id"])
    code = f"{series['prefix']}{number}"
    values = {
        "status": "issued",
        "number": number,
        "code": code,
        "issued_on": on,
        "due_on": due_on,
        "issued_at": work.at,
        "bill_to_name": payer.name,
        "account_name": _account(work, row["account_id"])["name"],
        "seller": seller_of(work),
        "payer": payer_of(payer),
    }
    records.write(work, invoice, id, values)
    sentence = f"Invoice {code} was issued: {said(row['total'], row['currency'])}"
    whose = [("account", one, sentence) for one in dict.fromkeys((row["bill_to_id"], row["account_id"]))]
    history.write_lines(work, [("invoice", id, f"Invoice {code} was issued"), *whose])
    return code


def delete_invoice(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a draft with its lines; it had no number, so none is missing."""
    held(work, id, "delete", version)
    records.remove(work, invoice_line, invoice_line.c.invoice_id == id)
    records.remove(work, invoice, invoice.c.id == id)
    history.write(work, "invoice", id, "Invoice was deleted while it was a draft")


def held(work: Work, id: UUID, act: str, version: int | None) -> Row:
    """Load and lock an invoice, who pays before it, for an act; refused as permission, rule and policy say."""
    permissions.require(work, "invoices:edit")
    mine = (invoice.c.tenant_id == work.tenant_id, invoice.c.id == id)
    payer = work.connection.scalar(sa.select(invoice.c.bill_to_id).where(*mine))
    if payer is None:
        raise NotFound("invoice")
    hold(work, [payer])
    row = records.locked(work, invoice, id, what="invoice")._mapping  # noqa: SLF001 - SQLAlchemy's own name
    if not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("invoice")
    if not may(work.actor.editable, row["permission_rule_id"]):
        message = "Its permission rule lets you see this invoice, not change it."
        raise Forbidden(message, rule="TEN-21", remedy="Ask whoever looks after it, or an administrator.")
    records.compare(row["version"], version)
    Invoice.require(act, Governed(row["standing"], row["status"]))
    return row


def _add_up(work: Work, id: UUID) -> None:
    c = invoice_line.c
    query = sa.select(sa.func.coalesce(sa.func.sum(c.net), 0), sa.func.coalesce(sa.func.sum(c.tax), 0))
    net, tax = work.connection.execute(query.where(c.tenant_id == work.tenant_id, c.invoice_id == id)).one()
    if abs(net + tax) >= fields.LARGEST:
        raise Invalid(Fault("lines", "They come to more than an invoice holds.", RULE, "Make several invoices."))
    records.write(work, invoice, id, {"net": net, "tax": tax, "total": net + tax})


def _account(work: Work, id: UUID) -> Row:
    query = sa.select(account).where(account.c.tenant_id == work.tenant_id, account.c.id == id)
    return work.connection.execute(query).mappings().one()


def _currency(work: Work, code: str) -> str:
    c = tenant_currency.c
    known = sa.exists().where(c.tenant_id == work.tenant_id, c.currency == code)
    if not work.connection.scalar(sa.select(known)):
        fault = f"{code[:3]!r} is no currency of this tenant."
        raise Invalid(Fault("currency", fault, "TEN-30", "Choose one of the set-up's currencies."))
    return code
