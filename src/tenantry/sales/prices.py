"""What an order's items cost: the price list's price, else the product's unit price (ORD-01, CAT-02)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Row, Work
from tenantry.kernel.money import Money, rounded
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import price_list, price_list_item, product, product_price
from tenantry.schema.crm import account

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Terms:
    """Under which prices an account buys, and how it pays."""

    price_list_id: UUID | None
    currency: str
    payment_method_id: UUID | None


@dataclass(frozen=True)
class Wanted:
    """A product in a cycle, whose price is asked for; `field` is what to blame when there is none."""

    product_id: UUID
    cycle: str
    field: str = "product_id"


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


def prices(work: Work, wanted: Iterable[Wanted], price_list_id: UUID | None, currency: str) -> list[Decimal]:
    """Give the price of one unit a cycle for each, in one statement; Invalid names those that cannot be sold so."""
    asked = list(wanted)
    found = _offers(work, {one.product_id for one in asked}, price_list_id, currency)
    faults = [fault for one in asked if (fault := _fault(found, one, currency))]
    if faults:
        raise Invalid(*faults)
    return [found[one.product_id].prices[one.cycle] for one in asked]


def line_total(quantity: int, unit_price: Decimal, discount_percent: Decimal, currency: str) -> Money:
    """Give what an item costs a cycle, rounded once."""
    return Money(rounded(quantity * unit_price * (1 - discount_percent / HUNDRED), currency), currency)


@dataclass(frozen=True)
class _Offer:
    active: bool
    name: str
    prices: dict[str, Decimal]


def _offers(work: Work, products: set[UUID], price_list_id: UUID | None, currency: str) -> dict[UUID, _Offer]:
    ours = (product.c.tenant_id == work.tenant_id, product.c.id.in_(products))
    offers = {
        row.id: _Offer(row.active and row.standing != "withdrawn", row.name, {})
        for row in work.connection.execute(
            sa.select(product.c.id, product.c.name, product.c.active, product.c.standing).where(*ours)
        )
    }
    unit = sa.select(
        product_price.c.product_id, product_price.c.cycle, product_price.c.unit_price, sa.literal(0)
    ).where(
        product_price.c.tenant_id == work.tenant_id,
        product_price.c.product_id.in_(products),
        product_price.c.currency == currency,
    )
    listed = sa.select(
        price_list_item.c.product_id, price_list_item.c.cycle, price_list_item.c.price, sa.literal(1)
    ).where(
        price_list_item.c.tenant_id == work.tenant_id,
        price_list_item.c.product_id.in_(products),
        price_list_item.c.price_list_id == price_list_id,
    )
    # The unit price first, so that the price list's, which comes later, takes its place.
    for product_id, cycle, price, _ in work.connection.execute(sa.union_all(unit, listed).order_by(sa.text("4"))):
        offers[product_id].prices[cycle] = price
    return offers


def _fault(found: dict[UUID, _Offer], one: Wanted, currency: str) -> Fault | None:
    offer = found.get(one.product_id)
    if offer is None:
        return Fault(one.field, "There is no such product here.", "ORD-01", "Choose a product from the list.")
    if not offer.active:
        return Fault(one.field, f"{offer.name} is not on sale.", "CAT-01", "Choose another product.")
    if one.cycle not in offer.prices:
        sold = ", ".join(sorted(offer.prices)) or "none"
        return Fault(
            one.field,
            f"{offer.name} has no price in {currency} for the cycle {one.cycle[:40]}; it has one for: {sold}.",
            "CAT-01",
            "Choose another cycle, or give the product a price.",
        )
    return None


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
