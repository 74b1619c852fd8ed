"""The items of an order: add, update, delete, change quantity (ORD-02); only while it is a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.products import cycle
from tenantry.charging.pricing import Wanted, price_of, prices_of
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.policy import Order
from tenantry.sales.defaults import today
from tenantry.sales.records import change_order, held_item, held_order, of_account
from tenantry.sales.sold_with import require_sold_with, sold_with
from tenantry.sales.starting import start_faults
from tenantry.schema.catalog import product
from tenantry.schema.sales import order_item
from tenantry.tenancy import permissions, queries

READERS: dict[str, fields.Reader] = {
    "product_id": fields.needed(fields.reference),
    "cycle": cycle,
    "quantity": fields.quantity,
    "unit_price": fields.amount,
    "discount_percent": fields.percent,
    "promotion_id": fields.reference,
    "trial": fields.flag,
    "start_on": fields.day,
}
CHANGED = {name: reader for name, reader in READERS.items() if name != "product_id"}
PRICED_BY = {"cycle", "quantity"}
SOLD_WITH = {"cycle", "promotion_id", "trial"}
MOST_ITEMS = 1_000


@dataclass(frozen=True)
class NewItem:
    """A line of an order to be made; without a unit price it costs what the price list, else the product says.

    Without a promotion, a discount or a trial it has the promotion that applies by itself, if there is one (CAT-03).
    """

    product_id: UUID
    cycle: str
    quantity: int = 1
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    promotion_id: UUID | None = None
    trial: bool = False
    start_on: date | None = None


def add_item(work: Work, order_id: UUID, new: NewItem, *, version: int | None = None) -> UUID:
    """Add an item to a draft."""
    row = _draft(work, order_id, "add_item", version)
    [id] = write_items(work, dict(row), [new])
    change_order(work, order_id)
    history.write(work, "order", order_id, f"{_name(work, new.product_id)} was added")
    return id


def update_item(
    work: Work, order_id: UUID, id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> None:
    """Change what an item says; in another cycle or tier it has another price, unless somebody set its price."""
    row = _draft(work, order_id, "update_item", None)
    item = held_item(work, order_id, id, version)
    values = fields.read(changes, CHANGED, "ORD-01")
    _change(work, row, item, values, f"{_name(work, item['product_id'])} was updated")


def change_quantity(work: Work, order_id: UUID, id: UUID, quantity: int, *, version: int | None = None) -> None:
    """Give an item another quantity."""
    row = _draft(work, order_id, "change_quantity", None)
    item = held_item(work, order_id, id, version)
    values = fields.read({"quantity": quantity}, READERS, "ORD-02")
    _change(work, row, item, values, f"Quantity of {_name(work, item['product_id'])} was changed")


def delete_item(work: Work, order_id: UUID, id: UUID, *, version: int | None = None) -> None:
    """Take an item off a draft."""
    _draft(work, order_id, "delete_item", None)
    item = held_item(work, order_id, id, version)
    work.connection.execute(
        sa.delete(order_item).where(order_item.c.tenant_id == work.tenant_id, order_item.c.id == id)
    )
    change_order(work, order_id)
    history.write(work, "order", order_id, f"{_name(work, item['product_id'])} was deleted")


def write_items(work: Work, order: Mapping[str, Any], items: Sequence[NewItem]) -> list[UUID]:
    """Price the items and write them behind those that the order has; gives their ids."""
    if not items:
        return []
    last = _last_position(work, order["id"])
    if last + len(items) > MOST_ITEMS:
        raise Invalid(Fault("items", f"An order has at most {MOST_ITEMS:,} items.", "ORD-01", "Make a second order."))
    rows = [
        {"tenant_id": work.tenant_id, "id": new_id(), "order_id": order["id"], "position": place, **one}
        for place, one in enumerate(priced(work, order, items), last + 1)
    ]
    work.connection.execute(sa.insert(order_item), rows)
    return [row["id"] for row in rows]


def priced(work: Work, head: Mapping[str, Any] | Row, items: Sequence[NewItem]) -> list[dict[str, Any]]:
    """Give what the items say, each with its price and its promotion on the day of the order."""
    read = _read(items)
    _require_recent(work, [(one, f"items.{place}.") for place, one in enumerate(read)])
    listed = prices_of(
        work,
        [Wanted(one["product_id"], one["cycle"], f"items.{place}", one["quantity"]) for place, one in enumerate(read)],
        head["price_list_id"],
        head["currency"],
        on=head["ordered_on"],
    )
    costing = [
        {**one, "unit_price": one.get("unit_price", price.unit_price)} for one, price in zip(read, listed, strict=True)
    ]
    return sold_with(work, head, costing, [f"items.{place}." for place in range(len(costing))])


def _read(items: Sequence[NewItem]) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for place, item in enumerate(items):
        given = {name: getattr(item, name) for name in READERS}
        if given["unit_price"] is None:
            del given["unit_price"]
        try:
            read.append(fields.read(given, READERS, "ORD-01"))
        except Invalid as invalid:
            faults += [replace(one, field=f"items.{place}.{one.field}") for one in invalid.faults]
    if faults:
        raise Invalid(*faults)
    return read


def _require_recent(work: Work, items: Sequence[tuple[Mapping[str, Any], str]]) -> None:
    now = today(work)
    faults = [fault for one, field in items for fault in start_faults("It", one["start_on"], now, f"{field}start_on")]
    if faults:
        raise Invalid(*faults)


def _draft(work: Work, order_id: UUID, act: str, version: int | None) -> Row:
    permissions.require(work, "orders:edit")
    held = held_order(work, order_id, version)
    Order.require(act, of_account(held.order, held.account), live=queries.is_live(work))
    return held.order


def _change(work: Work, row: Row, item: Row, values: dict[str, Any], sentence: str) -> None:
    changes = history.edits(dict(item), values)
    if PRICED_BY & changes.keys() and "unit_price" not in changes:
        values |= priced_anew(work, row, item, values)
    if "start_on" in changes:
        _require_recent(work, [(values, "")])
    if SOLD_WITH & changes.keys():
        require_sold_with(work, row, {**item, **values})
    changes = history.edits(dict(item), values)
    if not changes:
        return
    mine = sa.and_(order_item.c.tenant_id == work.tenant_id, order_item.c.id == item["id"])
    work.connection.execute(sa.update(order_item).where(mine).values(**values, version=order_item.c.version + 1))
    change_order(work, row["id"])
    history.write(work, "order", row["id"], sentence, changes=changes)


def priced_anew(work: Work, row: Row | Mapping[str, Any], item: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the listed price of the new cycle or quantity; in the same cycle a price set by hand stays."""

    def listed(cycle: str, quantity: int, field: str) -> Decimal:
        wanted = Wanted(item["product_id"], cycle, field, quantity)
        return price_of(work, wanted, row["price_list_id"], row["currency"], on=row["ordered_on"]).unit_price

    cycle = values.get("cycle", item["cycle"])
    price = listed(cycle, values.get("quantity", item["quantity"]), "cycle")
    if cycle == item["cycle"] and item["unit_price"] != listed(cycle, item["quantity"], "quantity"):
        return {}
    return {"unit_price": price}


def _last_position(work: Work, order_id: UUID) -> int:
    mine = (order_item.c.tenant_id == work.tenant_id, order_item.c.order_id == order_id)
    return work.connection.scalar(sa.select(sa.func.max(order_item.c.position)).where(*mine)) or 0


def _name(work: Work, product_id: UUID) -> str:
    mine = (product.c.tenant_id == work.tenant_id, product.c.id == product_id)
    return str(work.connection.scalar(sa.select(product.c.name).where(*mine)))
