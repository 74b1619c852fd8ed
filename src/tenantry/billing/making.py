"""Make invoices of charges: a statement for each table, however many charges there are (BIL-02, BIL-03, BIL-07)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing.due import Scope, documents
from tenantry.billing.series import series_of, take
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import minor_unit
from tenantry.sales.parties import PartyView, parties
from tenantry.schema.base import ID
from tenantry.schema.billing import invoice, invoice_line
from tenantry.schema.catalog import product
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy import queries

CHANGES = {
    "activation": "Start",
    "trial": "Trial",
    "conversion": "Trial becomes paid",
    "quantity": "Change of quantity",
    "add_on": "Change of add-ons",
    "upgrade": "Upgrade",
    "downgrade": "Downgrade",
    "suspension": "Suspension",
    "resumption": "Resumption",
    "cancellation": "Cancellation",
    "renewal": "Renewal",
    "price": "Change of price",
    "renew_flag": "Change of renewal",
    "expiry": "End",
}
OF_ITSELF = ("street", "postcode", "city", "country", "vat_number", "email", "phone", "website")


@dataclass(frozen=True)
class Made:
    """What was made: how many invoices of how many charges, the sums by currency, and the sums that wait."""

    invoices: int
    charges: int
    held_back: int
    sums: Mapping[str, Decimal]


def make(work: Work, scope: Scope, payers: Collection[UUID], on: date, *, run_id: UUID | None = None) -> Made:
    """Issue what the charges of these payers come to; what is below nothing waits for charges to be set off against."""
    hold(work, payers)
    found = documents(work, scope, payers=payers, hold=True)
    rows = [row for row in found if row["net"] >= 0]
    if rows:
        _write(work, rows, on, run_id)
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + row["net"]
    return Made(len(rows), sum(row["charges"] for row in rows), len(found) - len(rows), sums)


def hold(work: Work, payers: Collection[UUID]) -> None:
    """Lock who pays, by id, so that two cannot invoice the same charges."""
    query = sa.select(account.c.id).where(account.c.tenant_id == work.tenant_id, account.c.id.in_(payers))
    work.connection.execute(query.order_by(account.c.id).with_for_update(key_share=True)).all()


def seller_of(work: Work) -> dict[str, str]:
    """Give the organisation as its documents keep it."""
    view = queries.tenant(work)
    return {"name": view.name, **{name: getattr(view, name) for name in OF_ITSELF}}


def payer_of(view: PartyView) -> dict[str, str]:
    """Give who pays as documents keep him."""
    return asdict(view)


def said(amount: Decimal, currency: str) -> str:
    """Write an amount as history lines do."""
    return f"{amount.quantize(minor_unit(currency)):,} {currency}"


def _write(work: Work, rows: Sequence[Row], on: date, run_id: UUID | None) -> None:
    series, seller = series_of(work), seller_of(work)
    known = parties(work, *{row["bill_to_id"] for row in rows})
    access = _access(work, {row["bill_to_id"] for row in rows})
    first = take(work, series["id"], len(rows))
    made = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "series_id": series["id"],
            "number": number,
            "code": f"{series['prefix']}{number}",
            "status": "issued",
            "came_by": "run",
            "run_id": run_id,
            "account_id": row["account_id"],
            "bill_to_id": row["bill_to_id"],
            "issued_on": on,
            "due_on": on + timedelta(days=series["days_to_pay"]),
            "currency": row["currency"],
            "net": row["net"],
            "total": row["net"],
            "account_name": row["account"],
            "bill_to_name": row["bill_to"],
            "seller": seller,
            "payer": payer_of(known[row["bill_to_id"]]),
            "issued_at": work.at,
            "created_at": work.at,
            **access[row["bill_to_id"]],
        }
        for number, row in enumerate(rows, first)
    ]
    work.connection.execute(sa.insert(invoice), made)
    _write_lines(work, made, rows)
    _tell(work, made)


def _write_lines(work: Work, made: Sequence[Mapping[str, Any]], rows: Sequence[Row]) -> None:
    """Write a line for each charge and mark the charge, each in one statement."""
    charges = [id for row in rows for id in row["charge_ids"]]
    invoices = [one["id"] for one, row in zip(made, rows, strict=True) for _ in row["charge_ids"]]
    line_ids = [new_id() for _ in charges]
    given = {"tenant": work.tenant_id, "charges": charges, "invoices": invoices, "lines": line_ids}
    work.connection.execute(_LINES, given)
    marked = work.connection.execute(_MARK, given)
    if marked.rowcount != len(charges):
        message = f"{len(charges)} charges were held and {marked.rowcount} marked."
        raise RuntimeError(message)


def _access(work: Work, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Give who looks after each payer, and who may see him: the same look after what he is sent."""
    a = account.c
    query = sa.select(a.id, a.responsible_user_id, a.permission_rule_id)
    found = work.connection.execute(query.where(a.tenant_id == work.tenant_id, a.id.in_(ids)))
    return {id: {"responsible_user_id": user, "permission_rule_id": rule} for id, user, rule in found}


def _tell(work: Work, made: Sequence[Mapping[str, Any]]) -> None:
    lines = []
    for one in made:
        lines.append(("invoice", one["id"], f"Invoice {one['code']} was issued"))
        sentence = f"Invoice {one['code']} was issued: {said(one['total'], one['currency'])}"
        lines += [("account", id, sentence) for id in dict.fromkeys((one["bill_to_id"], one["account_id"]))]
    history.write_lines(work, lines)


def _text(of: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.func.coalesce(of, "")


def _insert() -> sa.Insert:
    c, s, change = charge.c, subscription.c, subscription_change.c
    named = (
        sa.func.unnest(
            sa.bindparam("charges", type_=sa.ARRAY(ID)),
            sa.bindparam("invoices", type_=sa.ARRAY(ID)),
            sa.bindparam("lines", type_=sa.ARRAY(ID)),
        )
        .table_valued(sa.column("charge_id", ID), sa.column("invoice_id", ID), sa.column("line_id", ID), name="named")
        .render_derived()
    )
    place = sa.func.row_number().over(
        partition_by=named.c.invoice_id,
        order_by=(account.c.sort_name, c.account_id, _text(s.name), c.subscription_id, c.period_from, c.id),
    )
    units = [change.before["quantity"].astext, change.after["quantity"].astext]
    from_to = sa.case(
        (sa.and_(change.kind == "quantity", units[0] != units[1]), sa.func.concat(": ", units[0], " to ", units[1])),
        else_="",
    )
    values = {
        "tenant_id": c.tenant_id,
        "id": named.c.line_id,
        "invoice_id": named.c.invoice_id,
        "position": place,
        "charge_id": c.id,
        "account_id": c.account_id,
        "customer": account.c.name,
        "subscription_id": c.subscription_id,
        "subscription": _text(s.name),
        "change_id": c.change_id,
        "change": _text(sa.case(CHANGES, value=change.kind).concat(from_to)),
        "asset_id": c.asset_id,
        "order_id": c.order_id,
        "product_id": c.product_id,
        "name": product.c.name,
        "explains": c.explains,
        "period_from": c.period_from,
        "period_until": c.period_until,
        "quantity": c.quantity,
        "unit_price": c.unit_price,
        "discount_percent": c.discount_percent,
        "net": c.amount,
    }
    rows = (
        sa.select(*values.values())
        .select_from(named)
        .join(charge, sa.and_(c.tenant_id == sa.bindparam("tenant", type_=ID), c.id == named.c.charge_id))
        .join(account, sa.and_(account.c.tenant_id == c.tenant_id, account.c.id == c.account_id))
        .join(product, sa.and_(product.c.tenant_id == c.tenant_id, product.c.id == c.product_id))
        .outerjoin(subscription, sa.and_(s.tenant_id == c.tenant_id, s.id == c.subscription_id))
        .outerjoin(subscription_change, sa.and_(change.tenant_id == c.tenant_id, change.id == c.change_id))
    )
    # RETURNING, so that the statement can be spread over a cluster; nobody reads what it gives.
    return sa.insert(invoice_line).from_select(list(values), rows).returning(invoice_line.c.position)


def _mark() -> sa.Update:
    c = charge.c
    named = (
        sa.func.unnest(sa.bindparam("charges", type_=sa.ARRAY(ID)), sa.bindparam("invoices", type_=sa.ARRAY(ID)))
        .table_valued(sa.column("charge_id", ID), sa.column("invoice_id", ID), name="named")
        .render_derived()
    )
    mine = (c.tenant_id == sa.bindparam("tenant", type_=ID), c.id == named.c.charge_id, c.invoice_id.is_(None))
    return sa.update(charge).values(invoice_id=named.c.invoice_id, version=c.version + 1).where(*mine)


_LINES, _MARK = _insert(), _mark()
