"""Under which terms an account buys, and what an order's items cost under them (ORD-01, CAT-02)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.amounts import cycle_amount
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import price_list
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account


@dataclass(frozen=True)
class Terms:
    """Under which prices an account buys, and how it pays."""

    price_list_id: UUID | None
    currency: str
    payment_method_id: UUID | None


def terms_of(work: Work, buyer: Row, on: date, price_list_id: UUID | None = None) -> Terms:
    """Give the terms on a day: the chosen price list, else the account's or its Bill To's where that one is valid."""
    options = buyer if buyer["own_ordering_options"] else _account(work, buyer["bill_to_id"])
    wanted = price_list_id or options["price_list_id"]
    found = _valid_list(work, wanted, on) if wanted else None
    if price_list_id and found is None:
        fault = "There is no such price list here that is active and valid on the order date."
        raise Invalid(Fault("price_list_id", fault, "CAT-02", "Choose another price list, or none."))
    currency = found["currency"] if found else buyer["currency"]
    return Terms(found["id"] if found else None, currency, options["payment_method_id"])


def terms_of_reseller(work: Work, account_id: UUID, on: date) -> Terms | None:
    """Give the terms of a tenant reseller on a day: by the price list that he buys by, else by the one that his tenant
    was made with (BO-05); nothing for an account that is none.
    """
    row = work.connection.execute(_RESELLER, {"tenant": work.tenant_id, "id": account_id}).mappings().first()
    if row is None:
        return None
    found = _valid_list(work, row["listed"], on) if row["listed"] else None
    return Terms(found["id"] if found else None, found["currency"] if found else row["currency"], None)


_RESELLER = (
    sa.select(
        account.c.currency,
        sa.func.coalesce(account.c.price_list_id, tenant_reseller.c.price_list_id).label("listed"),
    )
    .join(
        tenant_reseller,
        sa.and_(tenant_reseller.c.tenant_id == account.c.tenant_id, tenant_reseller.c.id == account.c.id),
    )
    .where(account.c.tenant_id == sa.bindparam("tenant"), account.c.id == sa.bindparam("id"))
)


def line_total(quantity: int, unit_price: Decimal, discount_percent: Decimal, currency: str) -> Money:
    """Give what an item costs a cycle, rounded once."""
    return Money(cycle_amount(quantity, unit_price, discount_percent, None, currency), currency)


def _account(work: Work, id: UUID) -> Row:
    query = sa.select(account).where(account.c.tenant_id == work.tenant_id, account.c.id == id)
    return work.connection.execute(query).mappings().one()


def _valid_list(work: Work, id: UUID, on: date) -> Row | None:
    query = sa.select(price_list).where(
        price_list.c.tenant_id == work.tenant_id,
        price_list.c.id == id,
        price_list.c.active,
        sa.func.coalesce(price_list.c.valid_from, on) <= on,
        sa.func.coalesce(price_list.c.valid_until, on) >= on,
    )
    return work.connection.execute(query).mappings().first()
