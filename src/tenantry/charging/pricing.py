"""What one unit costs a cycle: the price list's tier, a margin on its cost, else the product's unit price (CAT-02)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.proration import in_words
from tenantry.charging.tiers import Tier, tier_of, with_margin
from tenantry.database import Row, Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import price_list, price_list_item, product, product_price

Origin = Literal["list", "margin", "unit"]


@dataclass(frozen=True)
class Wanted:
    """How many units of a product in a cycle are wanted; `field` is what to blame when they cannot be had so."""

    product_id: UUID
    cycle: str
    field: str = "product_id"
    quantity: int = 1


@dataclass(frozen=True)
class Price:
    """What one unit costs a cycle, where that comes from, and from how many units on it holds."""

    unit_price: Decimal
    origin: Origin
    min_quantity: int = 1


def price_of(work: Work, wanted: Wanted, price_list_id: UUID | None, currency: str, *, on: date) -> Price:
    """Give the price of what is wanted on a day; Invalid says why it cannot be had."""
    [found] = prices_of(work, [wanted], price_list_id, currency, on=on)
    return found


def prices_of(
    work: Work, wanted: Iterable[Wanted], price_list_id: UUID | None, currency: str, *, on: date
) -> list[Price]:
    """Give the prices on a day, in the order asked for, in two statements; Invalid names all that cannot be had."""
    asked = list(wanted)
    listed = _listed(work, price_list_id, {one.product_id for one in asked}, on) if price_list_id else {}
    if price_list_id:
        _require_valid(listed, price_list_id, currency, on)
    offers = _offers(work, {one.product_id for one in asked}, currency)
    for row in listed.values():
        if row["product_id"] in offers:
            tier = Tier(row["min_quantity"], row["price"], row["margin_percent"])
            offers[row["product_id"]].tiers.setdefault(row["cycle"], []).append(tier)
    found = [_price(offers.get(one.product_id), one, currency, on) for one in asked]
    if faults := [one for one in found if isinstance(one, Fault)]:
        raise Invalid(*faults)
    return [one for one in found if isinstance(one, Price)]


@dataclass
class _Offer:
    """A product, its unit prices and costs by cycle, and the list's tiers by cycle."""

    product: Row
    unit: dict[str, tuple[Decimal, Decimal | None]] = field(default_factory=dict)
    tiers: dict[str, list[Tier]] = field(default_factory=dict)

    @property
    def cycles(self) -> list[str]:
        """Name the cycles that it can be had in."""
        return sorted(self.unit.keys() | {cycle for cycle, tiers in self.tiers.items() if _needs_nothing(tiers)})


def _needs_nothing(tiers: list[Tier]) -> bool:
    return any(one.price is not None for one in tiers)


def _listed(work: Work, price_list_id: UUID, products: set[UUID], on: date) -> Mapping[Any, Row]:
    """Read the list, once at least, with each of its tiers for the products that holds on the day."""
    of, item = price_list.c, price_list_item.c
    holds = sa.and_(
        item.tenant_id == of.tenant_id,
        item.price_list_id == of.id,
        item.product_id.in_(products),
        sa.func.coalesce(item.valid_from, on) <= on,
        sa.func.coalesce(item.valid_until, on) >= on,
    )
    query = (
        sa.select(
            *(of.id.label("list_id"), of.name, of.currency, of.active, of.valid_from, of.valid_until),
            *(item.id, item.product_id, item.cycle, item.min_quantity, item.price, item.margin_percent),
        )
        .select_from(price_list.outerjoin(price_list_item, holds))
        .where(of.tenant_id == work.tenant_id, of.id == price_list_id)
    )
    return {row["id"]: row for row in work.connection.execute(query).mappings()}


def _require_valid(listed: Mapping[Any, Row], price_list_id: UUID, currency: str, on: date) -> None:
    remedy = "Choose another price list, or none."
    row = next(iter(listed.values()), None)
    if row is None:
        message = f"There is no price list {price_list_id} here."
    elif not row["active"]:
        message = f"The price list {row['name']} is not in use."
    elif row["valid_from"] and on < row["valid_from"]:
        message = f"The price list {row['name']} is valid from {row['valid_from']} on, not yet on {on}."
    elif row["valid_until"] and on > row["valid_until"]:
        message = f"The price list {row['name']} was valid until {row['valid_until']}, no longer on {on}."
    elif row["currency"] != currency:
        message = f"The price list {row['name']} is in {row['currency']}; the prices are asked for in {currency}."
    else:
        return
    raise Invalid(Fault("price_list_id", message, "CAT-02", remedy))


def _offers(work: Work, products: set[UUID], currency: str) -> dict[UUID, _Offer]:
    p, price = product.c, product_price.c
    in_currency = sa.and_(
        price.tenant_id == p.tenant_id,
        price.product_id == p.id,
        # Said once more, so that only their prices are read, whatever is known of how many there are.
        price.product_id.in_(products),
        price.currency == currency,
    )
    query = (
        sa.select(
            *(p.id, p.name, p.active, p.standing, p.active_from, p.active_until, p.min_quantity, p.max_quantity),
            *(price.cycle, price.unit_price, price.cost),
        )
        .select_from(product.outerjoin(product_price, in_currency))
        .where(p.tenant_id == work.tenant_id, p.id.in_(products))
    )
    offers: dict[UUID, _Offer] = {}
    for row in work.connection.execute(query).mappings():
        offer = offers.setdefault(row["id"], _Offer(row))
        if row["cycle"] is not None:
            offer.unit[row["cycle"]] = row["unit_price"], row["cost"]
    return offers


def _price(offer: _Offer | None, one: Wanted, currency: str, on: date) -> Price | Fault:
    if offer is None:
        return Fault(
            _blamed(one, "product_id"), "There is no such product here.", "ORD-01", "Choose a product from the list."
        )
    if fault := _off_sale(offer.product, one, on) or _beyond(offer.product, one):
        return fault
    unit_price, _ = offer.unit.get(one.cycle, (None, None))
    tier = tier_of(offer.tiers.get(one.cycle, ()), one.quantity)
    if tier and tier.price is not None:
        return Price(tier.price, "list", tier.min_quantity)
    if tier and tier.margin_percent is not None:
        return _with_margin(offer, tier, tier.margin_percent, one, currency)
    return _lacking(offer, one, currency) if unit_price is None else Price(unit_price, "unit")


def _with_margin(offer: _Offer, tier: Tier, percent: Decimal, one: Wanted, currency: str) -> Price | Fault:
    _, cost = offer.unit.get(one.cycle, (None, None))
    if cost is not None:
        return Price(with_margin(cost, percent, currency), "margin", tier.min_quantity)
    name = offer.product["name"]
    message = f"The price list puts a margin on the cost of {name}, which has none in {currency} for this cycle."
    return Fault(one.field, message, "CAT-02", "Give the product a cost, or the list a price.")


def _off_sale(row: Row, one: Wanted, on: date) -> Fault | None:
    if not row["active"] or row["standing"] == "withdrawn":
        message = f"{row['name']} is not on sale."
    elif row["active_from"] and on < row["active_from"]:
        message = f"{row['name']} is on sale from {row['active_from']} on."
    elif row["active_until"] and on > row["active_until"]:
        message = f"{row['name']} was on sale until {row['active_until']}."
    else:
        return None
    return Fault(_blamed(one, "product_id"), message, "CAT-01", "Choose another product.")


def _beyond(row: Row, one: Wanted) -> Fault | None:
    at_least, at_most = row["min_quantity"], row["max_quantity"]
    if one.quantity < at_least:
        message, remedy = f"{row['name']} is sold from {at_least:,} units on.", f"Take {at_least:,} or more."
    elif at_most is not None and one.quantity > at_most:
        message, remedy = f"{row['name']} is sold up to {at_most:,} units.", f"Take {at_most:,} or fewer."
    else:
        return None
    blamed = "quantity" if one.field in {"product_id", "cycle"} else _blamed(one, "quantity")
    return Fault(blamed, message, "CAT-01", remedy)


def _lacking(offer: _Offer, one: Wanted, currency: str) -> Fault:
    cycle, sold = in_words(one.cycle[:40]), ", ".join(map(in_words, offer.cycles)) or "none"
    return Fault(
        _blamed(one, "cycle"),
        f"{offer.product['name']} has no price in {currency} for the cycle {cycle}; it has one for: {sold}.",
        "CAT-01",
        "Choose another cycle, or give the product a price.",
    )


def _blamed(one: Wanted, field: str) -> str:
    """Give what to blame: of one of several items its very field."""
    return f"{one.field}.{field}" if one.field.startswith("items.") else one.field
