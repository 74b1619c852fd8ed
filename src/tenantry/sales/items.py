"""The items of an order as execution sees them: services that become subscriptions, and the add-ons with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from tenantry.charging.amounts import cycle_amount
from tenantry.charging.promotions import Off
from tenantry.database import Ready, Row, Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import product, product_add_on, product_price, promotion
from tenantry.schema.sales import order, order_item

delivery = order.alias("delivery")

_ITEMS = Ready(
    sa.select(
        order_item,
        product.c.name.label("product_name"),
        product.c.kind.label("product_kind"),
        product.c.standing.label("product_standing"),
        product.c.active.label("product_active"),
        product.c.sku,
        product.c.trial_allowed,
        product.c.trial_days,
        product.c.provisioning_system_id,
        product_price.c.term_months,
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
        promotion.c.duration.label("promotion_duration"),
        promotion.c.cycles.label("promotion_cycles"),
        promotion.c.product_id.label("promotion_product_id"),
        delivery.c.name.label("delivered_by_name"),
    )
    .join(product, sa.and_(product.c.tenant_id == order_item.c.tenant_id, product.c.id == order_item.c.product_id))
    .outerjoin(
        product_price,
        sa.and_(
            product_price.c.tenant_id == order_item.c.tenant_id,
            product_price.c.product_id == order_item.c.product_id,
            product_price.c.cycle == order_item.c.cycle,
            product_price.c.currency == sa.bindparam("currency"),
        ),
    )
    .outerjoin(
        promotion,
        sa.and_(promotion.c.tenant_id == order_item.c.tenant_id, promotion.c.id == order_item.c.promotion_id),
    )
    .outerjoin(
        delivery, sa.and_(delivery.c.tenant_id == order_item.c.tenant_id, delivery.c.id == order_item.c.delivered_by_id)
    )
    .where(order_item.c.tenant_id == sa.bindparam("tenant"), order_item.c.order_id == sa.bindparam("order"))
    .order_by(order_item.c.position, order_item.c.id)
)


@dataclass(frozen=True)
class Delivery:
    """A service item, and the add-on items that are bought with it."""

    item: Row
    add_ons: Sequence[Row]


def items_of(work: Work, order: Row) -> Sequence[Row]:
    """Give the items in their order."""
    asked = {"tenant": work.tenant_id, "order": order["id"], "currency": order["currency"]}
    return _ITEMS.all(work.connection, asked)


def first_amount(item: Row, currency: str) -> Decimal:
    """Give what an item costs at first: nothing while it is tried, else its first cycle with its promotion."""
    if item["trial"]:
        return Decimal(0)
    off = None
    if item["promotion_id"]:
        off = Off(item["promotion_id"], item["promotion_name"], item["promotion_kind"], item["promotion_off"])
    return cycle_amount(item["quantity"], item["unit_price"], item["discount_percent"], off, currency)


def require_deliverable(work: Work, items: Sequence[Row]) -> list[Delivery]:
    """Give what is left to deliver of the items of an order, each once.

    Invalid without items, with one off sale, or with an add-on that has no service.
    """
    if not items:
        raise Invalid(Fault("items", "The order has no items.", "ORD-02", "Add an item first."))
    items = [one for one in items if one["delivered_by_id"] is None]
    allowed = _pairs(work, items)
    services = [one for one in items if one["product_kind"] == "service"]
    with_whom: dict[object, list[Row]] = {one["id"]: [] for one in services}
    faults = [
        Fault(f"items.{place}", f"{one['product_name']} is no longer on sale.", "CAT-01", "Delete the item.")
        for place, one in enumerate(items)
        if not one["product_active"] or one["product_standing"] == "withdrawn"
    ]
    for place, one in enumerate(items):
        if one["product_kind"] != "add_on":
            continue
        host = next((s for s in services if _takes(allowed, s, one)), None)
        if host is None:
            message = f"{one['product_name']} is an add-on; the order has no service that it can be bought with."
            faults.append(Fault(f"items.{place}", message, "CAT-01", "Add such a service in the same cycle."))
        else:
            with_whom[host["id"]].append(one)
    if faults:
        raise Invalid(*faults)
    return [Delivery(one, with_whom[one["id"]]) for one in services]


def _takes(allowed: set[tuple[object, object]], service: Row, add_on: Row) -> bool:
    return (service["product_id"], add_on["product_id"]) in allowed and service["cycle"] == add_on["cycle"]


def _pairs(work: Work, items: Sequence[Row]) -> set[tuple[object, object]]:
    add_ons = {one["product_id"] for one in items if one["product_kind"] == "add_on"}
    if not add_ons:
        return set()
    query = sa.select(product_add_on.c.product_id, product_add_on.c.add_on_id).where(
        product_add_on.c.tenant_id == work.tenant_id, product_add_on.c.add_on_id.in_(add_ons)
    )
    return {(product_id, add_on_id) for product_id, add_on_id in work.connection.execute(query)}
