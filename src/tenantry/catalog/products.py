"""Products and what they cost (CAT-01)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import fields
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
    product_price,
    provisioning_system,
)
from tenantry.schema.sales import order_item, subscription, subscription_add_on
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
    "active": fields.flag,
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
    active: bool = True


def create_product(work: Work, new: NewProduct) -> UUID:
    """Make a product; its prices follow."""
    permissions.require(work, "products:edit")
    values = _fit(work, asdict(new), None)
    id = new_id()
    work.connection.execute(sa.insert(product).values(tenant_id=work.tenant_id, id=id, created_at=work.at, **values))
    return id


def edit_product(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of a product; of an inherited one only what is the reseller's (CAT-20)."""
    permissions.require(work, "products:edit")
    row = held(work, product, id, "product", version)
    governed = Governed(row["standing"])
    Product.require("edit", governed)
    Product.require_unlocked(governed, [name for name, value in changes.items() if row.get(name) != value])
    values = _fit(work, changes, id)
    if values:
        write(work, product, id, values)


def delete_product(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a product that nobody ever bought or was offered; others are taken off sale instead."""
    permissions.require(work, "products:edit")
    row = held(work, product, id, "product", version)
    Product.require("delete", Governed(row["standing"]))
    if work.connection.scalar(sa.select(sa.or_(*(_mentions(work, table, id) for table in KEEPS)))):
        raise Conflict(
            "The product is in an order, a subscription, a price list or a plan.",
            code="product-in-use",
            rule="CAT-01",
            remedy="Take it off sale instead: set active to no.",
        )
    for table, column in ((product_price, "product_id"), (product_add_on, "product_id"), (product_add_on, "add_on_id")):
        work.connection.execute(sa.delete(table).where(table.c.tenant_id == work.tenant_id, table.c[column] == id))
    work.connection.execute(sa.delete(product).where(product.c.tenant_id == work.tenant_id, product.c.id == id))


def set_price(
    work: Work, id: UUID, cycle_: str, currency: str, unit_price: Decimal, *, cost: Decimal | None = None
) -> None:
    """Say what a unit costs a cycle in a currency; the cost of an inherited product is the distributor's to say."""
    permissions.require(work, "products:edit")
    governed = Governed(held(work, product, id, "product")["standing"])
    Product.require("set_price", governed)
    if cost is not None:
        Product.require_unlocked(governed, ["cost"])
    readers = {"cycle": cycle, "currency": fields.currency, "unit_price": fields.amount, "cost": fields.amount}
    given = {"cycle": cycle_, "currency": currency, "unit_price": unit_price} | ({} if cost is None else {"cost": cost})
    values = fields.read(given, readers, "CAT-01")
    require_activated(work, "currency", values["currency"])
    price = insert(product_price).values(tenant_id=work.tenant_id, id=new_id(), product_id=id, **values)
    written = {name: price.excluded[name] for name in values if name in {"unit_price", "cost"}}
    work.connection.execute(
        price.on_conflict_do_update(
            index_elements=["tenant_id", "product_id", "cycle", "currency"],
            set_={**written, "version": product_price.c.version + 1},
        )
    )


def remove_price(work: Work, id: UUID, price_id: UUID) -> None:
    """Offer the product no longer in that cycle and currency; what was sold keeps its price."""
    permissions.require(work, "products:edit")
    Product.require("set_price", Governed(held(work, product, id, "product")["standing"]))
    held(work, product_price, price_id, "price")
    mine = (product_price.c.tenant_id == work.tenant_id, product_price.c.id == price_id)
    work.connection.execute(sa.delete(product_price).where(*mine, product_price.c.product_id == id))


def relate_add_on(work: Work, id: UUID, add_on_id: UUID) -> None:
    """Let the add-on be bought with the product; again changes nothing."""
    permissions.require(work, "products:edit")
    service, add_on = held(work, product, id, "product"), held(work, product, add_on_id, "add-on")
    Product.require("relate_add_on", Governed(service["standing"]))
    if service["kind"] != "service" or add_on["kind"] != "add_on":
        raise Invalid(
            Fault("add_on_id", "Only an add-on is bought with a service.", "CAT-01", "Choose a product of kind add_on.")
        )
    related = insert(product_add_on).values(tenant_id=work.tenant_id, id=new_id(), product_id=id, add_on_id=add_on_id)
    work.connection.execute(related.on_conflict_do_nothing(index_elements=["tenant_id", "product_id", "add_on_id"]))


def unrelate_add_on(work: Work, id: UUID, add_on_id: UUID) -> None:
    """Let the add-on no longer be bought with the product."""
    permissions.require(work, "products:edit")
    Product.require("relate_add_on", Governed(held(work, product, id, "product")["standing"]))
    mine = (product_add_on.c.tenant_id == work.tenant_id, product_add_on.c.product_id == id)
    work.connection.execute(sa.delete(product_add_on).where(*mine, product_add_on.c.add_on_id == add_on_id))


def require_activated(work: Work, field: str, currency: str) -> None:
    """Raise Invalid unless the currency is activated for the tenant (TEN-01)."""
    active = sa.exists().where(tenant_currency.c.tenant_id == work.tenant_id, tenant_currency.c.currency == currency)
    if not work.connection.scalar(sa.select(active)):
        message = f"{currency} is not activated here."
        raise Invalid(Fault(field, message, "TEN-01", "Activate it in the set-up, or choose another currency."))


KEEPS = (order_item, subscription, subscription_add_on, price_list_item, plan)


def _mentions(work: Work, table: sa.Table, id: UUID) -> sa.Exists:
    return sa.exists().where(table.c.tenant_id == work.tenant_id, table.c.product_id == id)


def _fit(work: Work, given: Mapping[str, Any], id: UUID | None) -> dict[str, Any]:
    values = fields.read(given, FIELDS, "CAT-01")
    require_known(
        work, provisioning_system, "provisioning_system_id", values.get("provisioning_system_id"), "provisioning system"
    )
    if "sku" in values:
        same = sa.select(product.c.name).where(
            product.c.tenant_id == work.tenant_id, product.c.sku == values["sku"], product.c.id.is_distinct_from(id)
        )
        if taken := work.connection.scalar(same):
            raise Invalid(Fault("sku", f"{taken} has this SKU already.", "CAT-01", "Choose another SKU."))
    return values
