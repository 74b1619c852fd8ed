"""What products cost on a price list: by cycle, from how many units on, on which days (CAT-02)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields, history
from tenantry.catalog.products import cycle
from tenantry.catalog.records import held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.catalog import price_list, price_list_item, product
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

RULE = "CAT-02"
FIELDS: dict[str, fields.Reader] = {
    "cycle": cycle,
    "min_quantity": fields.quantity,
    "price": fields.optional(fields.amount),
    "margin_percent": fields.optional(fields.margin),
    "valid_from": fields.day,
    "valid_until": fields.day,
}
KEY = ("product_id", "cycle", "min_quantity", "valid_from")


@dataclass(frozen=True)
class NewListPrice:
    """A price of a product on a list: an amount, or a margin on its cost; neither: its unit price."""

    product_id: UUID
    cycle: str
    price: Decimal | None = None
    margin_percent: Decimal | None = None
    min_quantity: int = 1
    valid_from: date | None = None
    valid_until: date | None = None


def set_list_price(work: Work, id: UUID, new: NewListPrice) -> UUID:
    """Say what a unit costs a cycle on this list; a price from the same day and the same number of units is replaced.

    Gives the price's id. Conflict names the price that it would overlap with.
    """
    permissions.require(work, "products:edit")
    held(work, price_list, id, "price list")
    sold = held(work, product, new.product_id, "product")
    given = asdict(new)
    values = {"product_id": given.pop("product_id"), **_fit(given)}
    before = _same(work, id, values)
    _require_alone(work, id, values, before["id"] if before else None)
    item_id: UUID = before["id"] if before else new_id()
    if before:
        write(work, price_list_item, item_id, values)
    else:
        work.connection.execute(
            sa.insert(price_list_item).values(tenant_id=work.tenant_id, id=item_id, price_list_id=id, **values)
        )
    changed = history.edits(dict(before) if before else dict.fromkeys(values), values)
    if changed:
        changed = {name: pair for name, pair in changed.items() if name != "product_id"}
        history.write(work, "price_list", id, f"A price of {sold['name']} was set", changed)
    return item_id


def edit_list_price(
    work: Work, id: UUID, item_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> None:
    """Change a price of the list: its amount or margin, its days, from how many units on it holds."""
    permissions.require(work, "products:edit")
    held(work, price_list, id, "price list")
    row = dict(held(work, price_list_item, item_id, "price", version))
    values = _fit(changes, row)
    after = {**row, **values}
    _require_alone(work, id, after, item_id)
    if changed := history.edits(row, values):
        write(work, price_list_item, item_id, values)
        history.write(work, "price_list", id, f"A price of {_name(work, row['product_id'])} was changed", changed)


def remove_list_price(work: Work, id: UUID, item_id: UUID) -> None:
    """Take a price off the list; the product then costs its unit price."""
    permissions.require(work, "products:edit")
    held(work, price_list, id, "price list")
    row = held(work, price_list_item, item_id, "price")
    mine = (price_list_item.c.tenant_id == work.tenant_id, price_list_item.c.id == item_id)
    done = work.connection.execute(sa.delete(price_list_item).where(*mine, price_list_item.c.price_list_id == id))
    if done.rowcount:
        before = {"price": {"before": row["price"], "after": None}}
        history.write(work, "price_list", id, f"A price of {_name(work, row['product_id'])} was removed", before)


def said(row: Mapping[str, Any]) -> str:
    """Say in words which price of a product it is: from how many units on, and on which days."""
    days = [f"from {row['valid_from']}"] if row["valid_from"] else []
    days += [f"until {row['valid_until']}"] if row["valid_until"] else []
    units = f"from {row['min_quantity']:,} units on" if row["min_quantity"] > 1 else "from 1 unit on"
    return f"{units}, {' '.join(days) or 'on all days'}"


def _fit(given: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> dict[str, Any]:
    values = fields.read(given, FIELDS, RULE)
    after = {**(row or {}), **values}
    if after.get("price") is not None and after.get("margin_percent") is not None:
        message = "It has a price or a margin on its cost, not both."
        raise Invalid(Fault("margin_percent", message, RULE, "Leave one of them out."))
    first, last = after.get("valid_from"), after.get("valid_until")
    if first and last and last < first:
        raise Invalid(
            Fault("valid_until", "The last day is before the first.", RULE, "Choose a later last day, or none.")
        )
    return values


def _same(work: Work, id: UUID, values: Mapping[str, Any]) -> sa.RowMapping | None:
    c = price_list_item.c
    query = sa.select(price_list_item).where(
        c.tenant_id == work.tenant_id,
        c.price_list_id == id,
        *(c[name].is_not_distinct_from(values[name]) for name in KEY),
    )
    return work.connection.execute(query).mappings().first()


def _require_alone(work: Work, id: UUID, values: Mapping[str, Any], item_id: UUID | None) -> None:
    """Raise Conflict naming the price whose days overlap; the list is locked, so none is written meanwhile."""
    c = price_list_item.c
    days = sa.func.daterange(c.valid_from, c.valid_until, "[]")
    mine = sa.func.daterange(
        sa.literal(values["valid_from"], sa.Date), sa.literal(values["valid_until"], sa.Date), "[]"
    )
    query = sa.select(price_list_item).where(
        c.tenant_id == work.tenant_id,
        c.price_list_id == id,
        *(c[name] == values[name] for name in ("product_id", "cycle", "min_quantity")),
        days.op("&&")(mine),
        c.id.is_distinct_from(item_id),
    )
    other = work.connection.execute(query.order_by(c.valid_from).limit(1)).mappings().first()
    if other is not None:
        raise Conflict(
            f"Its days overlap with another price of the product: the one {said(dict(other))}.",
            code="price-overlaps",
            rule=RULE,
            remedy="End that one the day before, or choose other days.",
            price_id=str(other["id"]),
        )


def _name(work: Work, product_id: UUID) -> str:
    query = sa.select(product.c.name).where(product.c.tenant_id == work.tenant_id, product.c.id == product_id)
    return str(work.connection.scalar(query))
