"""What an item is sold with beside its price: a promotion, or a trial (CAT-03, SUB-01)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging import promotions
from tenantry.charging.promotions import Sale
from tenantry.database import Row, Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import product, promotion

Item = Row | Mapping[str, Any]


def sold_with(work: Work, order: Item, items: Sequence[Item], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Give the items with their promotions; Invalid names every promotion and trial that an item cannot have.

    `fields` says where each item stands, for the blame. Whoever has neither promotion, discount nor trial gets the
    promotion that applies by itself.
    """
    tried = {one["product_id"] for one in items if one["trial"]}
    faults = _trial_faults(work, tried, items, fields)
    for one, field in zip(items, fields, strict=True):
        if one["promotion_id"]:
            try:
                promotions.require(work, one["promotion_id"], _sale(order, one, f"{field}promotion_id"))
            except Invalid as invalid:
                faults += invalid.faults
    if faults:
        raise Invalid(*faults)
    given = promotions.of_themselves(work, [_sale(order, one) for one in items])
    return [
        {**one, "promotion_id": one["promotion_id"] or (found.off.id if found and _plain(one) else None)}
        for one, found in zip(items, given, strict=True)
    ]


def require_sold_with(work: Work, order: Item, item: Item) -> None:
    """Raise Invalid unless the item may have its promotion and its trial."""
    faults = _trial_faults(work, {item["product_id"]} if item["trial"] else set(), [item], [""])
    if faults:
        raise Invalid(*faults)
    if item["promotion_id"]:
        promotions.require(work, item["promotion_id"], _sale(order, item))


def still_given(work: Work, order: Item, item: Item) -> UUID | None:
    """Give the promotion of an item if it would be given today, too."""
    try:
        require_sold_with(work, order, {**item, "trial": False})
    except Invalid:
        return None
    found: UUID | None = item["promotion_id"]
    return found


def offered(work: Work) -> dict[UUID, str]:
    """Name the promotions that may be given, each with its product."""
    p = promotion.c
    query = (
        sa.select(p.id, p.name, product.c.name)
        .join(product, sa.and_(product.c.tenant_id == p.tenant_id, product.c.id == p.product_id))
        .where(p.tenant_id == work.tenant_id, p.active)
        .order_by(p.sort_name, p.id)
    )
    return {id: f"{name} ({of})" for id, name, of in work.connection.execute(query)}


def _plain(item: Item) -> bool:
    return not item["discount_percent"] and not item["trial"]


def _sale(order: Item, item: Item, field: str = "promotion_id") -> Sale:
    return Sale(
        account_id=order["account_id"],
        product_id=item["product_id"],
        cycle=item["cycle"],
        currency=order["currency"],
        on=order["ordered_on"],
        unit_price=item["unit_price"],
        field=field,
    )


def _trial_faults(work: Work, tried: set[UUID], items: Sequence[Item], fields: Sequence[str]) -> list[Fault]:
    if not tried:
        return []
    query = sa.select(product.c.id).where(
        product.c.tenant_id == work.tenant_id, product.c.id.in_(tried), product.c.trial_allowed
    )
    allowed = set(work.connection.scalars(query))
    return [
        Fault(f"{field}trial", "This product cannot be tried first.", "SUB-01", "Sell it without a trial.")
        for one, field in zip(items, fields, strict=True)
        if one["trial"] and one["product_id"] not in allowed
    ]
