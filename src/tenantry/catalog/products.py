"""Products: what they are, when and in what numbers they are sold (CAT-01)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields, history
from tenantry.catalog.records import Governed, held, require_known
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.rules.policy import Product
from tenantry.schema.catalog import (
    CYCLES,
    plan,
    price_list_item,
    product,
    product_add_on,
    product_characteristic,
    product_path,
    product_price,
    promotion,
    provisioning_system,
    terms_document,
)
from tenantry.schema.sales import offer_item, order_item, subscription, subscription_add_on
from tenantry.schema.shop import basket_item
from tenantry.schema.subscription import trial_use
from tenantry.schema.tenant import tenant_currency
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

cycle = fields.choice(*CYCLES.split())

FIELDS: dict[str, fields.Reader] = {
    "sku": fields.text(needed=True),
    "name": fields.text(needed=True),
    "description": fields.text(20_000),
    "category": fields.text(),
    "kind": fields.choice("service", "add_on"),
    "unit": fields.text(),
    "provisioning_system_id": fields.reference,
    "trial_allowed": fields.flag,
    "trial_days": fields.whole(1, 365),
    "active": fields.flag,
    "active_from": fields.day,
    "active_until": fields.day,
    "min_quantity": fields.quantity,
    "max_quantity": fields.optional(fields.quantity),
    "in_shop": fields.flag,
    "externally_priced": fields.flag,
    "terms_document_id": fields.reference,
}


@dataclass(frozen=True)
class NewProduct:
    """A product to be made."""

    sku: str
    name: str
    description: str = ""
    category: str = ""
    kind: str = "service"
    unit: str = ""
    provisioning_system_id: UUID | None = None
    trial_allowed: bool = False
    trial_days: int = 30
    active: bool = True
    active_from: date | None = None
    active_until: date | None = None
    min_quantity: int = 1
    max_quantity: int | None = None
    in_shop: bool = True
    externally_priced: bool = False
    terms_document_id: UUID | None = None


def create_product(work: Work, new: NewProduct) -> UUID:
    """Make a product; its prices follow."""
    permissions.require(work, "products:edit")
    values = _fit(work, asdict(new), {})
    id = new_id()
    work.connection.execute(sa.insert(product).values(tenant_id=work.tenant_id, id=id, created_at=work.at, **values))
    history.write(work, "product", id, f"Product {values['name']} was created")
    return id


def edit_product(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of a product; of an inherited one only what is the reseller's (CAT-20)."""
    permissions.require(work, "products:edit")
    row = held(work, product, id, "product", version)
    governed = Governed(row["standing"])
    Product.require("edit", governed)
    Product.require_unlocked(governed, [name for name, value in changes.items() if row.get(name) != value])
    values = _fit(work, changes, dict(row))
    if changed := history.edits(dict(row), values):
        write(work, product, id, values)
        history.write(work, "product", id, "Product was changed", changed)


def delete_product(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a product that nobody ever bought or was offered; others are taken off sale instead."""
    permissions.require(work, "products:edit")
    row = held(work, product, id, "product", version)
    Product.require("delete", Governed(row["standing"]))
    if work.connection.scalar(sa.select(sa.or_(*(_mentions(work, table, id) for table in KEEPS)))):
        raise Conflict(
            "The product is in an order, an offer, a basket, a subscription, a price list, a promotion or a plan.",
            code="product-in-use",
            rule="CAT-01",
            remedy="Take it off sale instead: set active to no.",
        )
    for table, column in OWNED:
        work.connection.execute(sa.delete(table).where(table.c.tenant_id == work.tenant_id, table.c[column] == id))
    work.connection.execute(sa.delete(product).where(product.c.tenant_id == work.tenant_id, product.c.id == id))


def require_activated(work: Work, field: str, currency: str) -> None:
    """Raise Invalid unless the currency is activated for the tenant (TEN-01)."""
    active = sa.exists().where(tenant_currency.c.tenant_id == work.tenant_id, tenant_currency.c.currency == currency)
    if not work.connection.scalar(sa.select(active)):
        message = f"{currency} is not activated here."
        raise Invalid(Fault(field, message, "TEN-01", "Activate it in the set-up, or choose another currency."))


KEEPS = (
    *(order_item, offer_item, basket_item, subscription, subscription_add_on, trial_use),
    *(price_list_item, promotion, plan),
)
# What goes with a product that is deleted.
OWNED = (
    (product_price, "product_id"),
    (product_characteristic, "product_id"),
    (product_add_on, "product_id"),
    (product_add_on, "add_on_id"),
    (product_path, "product_id"),
    (product_path, "to_product_id"),
)


def _mentions(work: Work, table: sa.Table, id: UUID) -> sa.Exists:
    return sa.exists().where(table.c.tenant_id == work.tenant_id, table.c.product_id == id)


def _fit(work: Work, given: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    values = fields.read(given, FIELDS, "CAT-01")
    system, terms = values.get("provisioning_system_id"), values.get("terms_document_id")
    require_known(work, provisioning_system, "provisioning_system_id", system, "provisioning system")
    require_known(work, terms_document, "terms_document_id", terms, "terms document")
    if faults := [*_sku(work, values, row), *_together({**row, **values})]:
        raise Invalid(*faults)
    return values


def _sku(work: Work, values: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Fault]:
    if "sku" not in values:
        return
    same = sa.select(product.c.name).where(
        product.c.tenant_id == work.tenant_id,
        product.c.sku == values["sku"],
        product.c.id.is_distinct_from(row.get("id")),
    )
    if taken := work.connection.scalar(same):
        yield Fault("sku", f"{taken} has this SKU already.", "CAT-01", "Choose another SKU.")


def _together(values: Mapping[str, Any]) -> Iterator[Fault]:
    first, last = values.get("active_from"), values.get("active_until")
    if first and last and last < first:
        yield Fault("active_until", "The last day is before the first.", "CAT-01", "Choose a later last day, or none.")
    least, most = values["min_quantity"], values.get("max_quantity")
    if most is not None and most < least:
        yield Fault("max_quantity", "The most is less than the fewest.", "CAT-01", f"Give {least:,} or more, or none.")
