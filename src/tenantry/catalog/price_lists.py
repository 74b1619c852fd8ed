"""Price lists: their currency, their days, their prices (CAT-02)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import fields
from tenantry.catalog.products import cycle, require_activated
from tenantry.catalog.records import held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.catalog import price_list, price_list_item, product
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

FIELDS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "currency": fields.currency,
    "valid_from": fields.day,
    "valid_until": fields.day,
    "active": fields.flag,
}


@dataclass(frozen=True)
class NewPriceList:
    """A price list to be made; without days it is always valid."""

    name: str
    currency: str
    valid_from: date | None = None
    valid_until: date | None = None
    active: bool = True


def create_price_list(work: Work, new: NewPriceList) -> UUID:
    """Make a price list; its prices follow."""
    permissions.require(work, "products:edit")
    values = _fit(work, asdict(new), {})
    id = new_id()
    work.connection.execute(sa.insert(price_list).values(tenant_id=work.tenant_id, id=id, created_at=work.at, **values))
    return id


def edit_price_list(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of a price list; one that has prices keeps its currency, since they are in it."""
    permissions.require(work, "products:edit")
    row = held(work, price_list, id, "price list", version)
    values = _fit(work, changes, dict(row))
    if values.get("currency", row["currency"]) != row["currency"] and _has_prices(work, id):
        raise Conflict(
            "The list has prices, which are in its currency.",
            code="currency-in-use",
            rule="CAT-02",
            remedy="Make a new price list in the other currency.",
        )
    if values:
        write(work, price_list, id, values)


def set_list_price(work: Work, id: UUID, product_id: UUID, cycle_: str, price: Decimal) -> None:
    """Say what a unit of a product costs a cycle on this list."""
    permissions.require(work, "products:edit")
    held(work, price_list, id, "price list")
    held(work, product, product_id, "product")
    values = fields.read({"cycle": cycle_, "price": price}, {"cycle": cycle, "price": fields.amount}, "CAT-02")
    item = insert(price_list_item).values(
        tenant_id=work.tenant_id, id=new_id(), price_list_id=id, product_id=product_id, **values
    )
    work.connection.execute(
        item.on_conflict_do_update(
            index_elements=["tenant_id", "price_list_id", "product_id", "cycle", "min_quantity", "valid_from"],
            set_={"price": item.excluded.price, "version": price_list_item.c.version + 1},
        )
    )


def remove_list_price(work: Work, id: UUID, item_id: UUID) -> None:
    """Take a price off the list; the product then costs its unit price."""
    permissions.require(work, "products:edit")
    held(work, price_list, id, "price list")
    held(work, price_list_item, item_id, "price")
    mine = (price_list_item.c.tenant_id == work.tenant_id, price_list_item.c.id == item_id)
    work.connection.execute(sa.delete(price_list_item).where(*mine, price_list_item.c.price_list_id == id))


def _has_prices(work: Work, id: UUID) -> bool:
    mine = (price_list_item.c.tenant_id == work.tenant_id, price_list_item.c.price_list_id == id)
    return bool(work.connection.scalar(sa.select(sa.exists().where(*mine))))


def _fit(work: Work, given: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    values = fields.read(given, FIELDS, "CAT-02")
    if "currency" in values:
        require_activated(work, "currency", values["currency"])
    first, last = ({**row, **values}.get(name) for name in ("valid_from", "valid_until"))
    if first and last and last < first:
        raise Invalid(
            Fault("valid_until", "The last day is before the first.", "CAT-02", "Choose a later last day, or none.")
        )
    return values
