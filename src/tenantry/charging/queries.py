"""What is owed for a record: the sums, and the latest charges, each with how it came to be (BIL-07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.lists import CHARGES, rule_of
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.schema.charging import charge
from tenantry.tenancy import permissions
from tenantry.tenancy.listing import ListRequest

Owner = Literal["account_id", "bill_to_id", "subscription_id", "order_id", "change_id", "asset_id"]
LATEST = 20
SUMS = ("charged", "given_back", "owed", "to_be_invoiced")
FIELDS = (
    "id explains product_id product kind period_from period_until quantity unit_price amount currency due_on invoice_id"
).split()


@dataclass(frozen=True)
class ChargeLine:
    """A charge as pages show it."""

    id: UUID
    explains: str
    product_id: UUID
    product: str
    kind: str
    period_from: date | None
    period_until: date | None
    quantity: int
    unit_price: Money
    amount: Money
    due_on: date
    invoice_id: UUID | None


@dataclass(frozen=True)
class ChargeSum:
    """What was charged in one currency, what was given back, what both come to, and what is yet to be invoiced."""

    charged: Money
    given_back: Money
    owed: Money
    to_be_invoiced: Money


@dataclass(frozen=True)
class ChargesView:
    """The charges of a record: the sums by currency, the latest of them, and how many there are."""

    sums: Sequence[ChargeSum]
    latest: Sequence[ChargeLine]
    count: int


def charges_of(work: Work, owner: Owner, id: UUID, *, latest: int = LATEST) -> ChargesView:
    """Give the charges of a record that the caller was allowed to see, as far as one may see them."""
    permissions.require(work, CHARGES.permission)
    sums = _sums(work, owner, id)
    asked = ListRequest(filters={owner: ("eq", id)}, fields=FIELDS, limit=latest)
    rows = CHARGES.page(work, asked).items if sums and latest else []
    return ChargesView(
        sums=[_sum(row) for row in sums],
        latest=[_line(row) for row in rows],
        count=sum(int(row["count"]) for row in sums),
    )


def _sums(work: Work, owner: Owner, id: UUID) -> Sequence[Row]:
    """Add up what one may see; by subscription first, so that its rule is looked up once."""
    c = charge.c
    each = (
        sa.select(
            *(c.currency, c.subscription_id, c.account_id, sa.func.count().label("count")),
            sa.func.sum(c.amount).filter(c.amount > 0).label("charged"),
            sa.func.sum(c.amount).filter(c.amount < 0).label("given_back"),
            sa.func.sum(c.amount).label("owed"),
            sa.func.sum(c.amount).filter(c.invoice_id.is_(None)).label("to_be_invoiced"),
        )
        .where(c.tenant_id == work.tenant_id, c[owner] == id)
        .group_by(c.currency, c.subscription_id, c.account_id)
        .subquery()
    )
    added = [sa.func.coalesce(sa.func.sum(each.c[name]), 0).label(name) for name in ("count", *SUMS)]
    query = sa.select(each.c.currency, *added).group_by(each.c.currency).order_by(each.c.currency)
    if work.actor.readable is not None:
        query = query.where(rule_of(each).in_(sorted(work.actor.readable)))
    return work.connection.execute(query, {"tenant": work.tenant_id}).mappings().all()


def _sum(row: Row) -> ChargeSum:
    return ChargeSum(**{name: Money(row[name], row["currency"]) for name in SUMS})


def _line(row: Mapping[str, Any]) -> ChargeLine:
    return ChargeLine(
        **{name: row[name] for name in FIELDS if name not in {"unit_price", "amount", "currency"}},
        unit_price=Money(row["unit_price"], row["currency"]),
        amount=Money(row["amount"], row["currency"]),
    )
