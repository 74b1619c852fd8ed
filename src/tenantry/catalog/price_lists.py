"""Price lists: their currency and their days (CAT-02)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields, history
from tenantry.catalog.products import require_activated
from tenantry.catalog.records import held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.catalog import price_list, price_list_item
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import offer, order
from tenantry.schema.shop import basket
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
    history.write(work, "price_list", id, f"Price list {values['name']} was created")
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
    if changed := history.edits(dict(row), values):
        write(work, price_list, id, values)
        history.write(work, "price_list", id, "Price list was changed", changed)


def delete_price_list(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a price list that no account, tenant reseller, order, offer or basket has; its prices go with it."""
    permissions.require(work, "products:edit")
    held(work, price_list, id, "price list", version)
    users = (account, tenant_reseller, order, offer, basket)
    used = [sa.exists().where(one.c.tenant_id == work.tenant_id, one.c.price_list_id == id) for one in users]
    if work.connection.scalar(sa.select(sa.or_(*used))):
        raise Conflict(
            "An account, a tenant reseller, an order, an offer or a basket has this price list.",
            code="price-list-in-use",
            rule="CAT-02",
            remedy="Put it out of use instead: set active to no.",
        )
    mine = (price_list_item.c.tenant_id == work.tenant_id, price_list_item.c.price_list_id == id)
    work.connection.execute(sa.delete(price_list_item).where(*mine))
    work.connection.execute(
        sa.delete(price_list).where(price_list.c.tenant_id == work.tenant_id, price_list.c.id == id)
    )


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
