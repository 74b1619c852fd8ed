"""Read products, price lists and plans, each with exactly what its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import Governed
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Product
from tenantry.schema.catalog import (
    plan,
    price_list,
    price_list_item,
    product,
    product_add_on,
    product_price,
    provisioning_system,
)
from tenantry.tenancy import permissions


@dataclass(frozen=True)
class PriceView:
    """What a unit of the product costs a cycle; the cost is what it costs the tenant."""

    id: UUID
    cycle: str
    price: Money
    cost: Money | None


@dataclass(frozen=True)
class Named:
    """Another record, as a page names it and links to it."""

    id: UUID
    name: str


@dataclass(frozen=True)
class ProductView:
    """A product, as its page shows it."""

    id: UUID
    sku: str
    name: str
    description: str
    category: str
    kind: str
    unit: str
    provisioning_system_id: UUID | None
    provisioning_system_name: str | None
    trial_allowed: bool
    active: bool
    standing: str
    version: int
    prices: Sequence[PriceView]
    add_ons: Sequence[Named]
    plans: Sequence[Named]
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


@dataclass(frozen=True)
class ListedPrice:
    """A price on a list."""

    id: UUID
    product: Named
    cycle: str
    price: Money


@dataclass(frozen=True)
class PriceListView:
    """A price list, as its page shows it."""

    id: UUID
    name: str
    currency: str
    valid_from: date | None
    valid_until: date | None
    active: bool
    version: int
    items: Sequence[ListedPrice]


@dataclass(frozen=True)
class PlanView:
    """A plan, as its page shows it."""

    id: UUID
    name: str
    product: Named
    descends_from_id: UUID | None
    standing: str
    version: int


TENANT: sa.BindParameter[UUID] = sa.bindparam("tenant")
ID: sa.BindParameter[UUID] = sa.bindparam("id")

PRODUCT = (
    sa.select(product, provisioning_system.c.name.label("provisioning_system_name"))
    .outerjoin(
        provisioning_system,
        sa.and_(
            provisioning_system.c.tenant_id == product.c.tenant_id,
            provisioning_system.c.id == product.c.provisioning_system_id,
        ),
    )
    .where(product.c.tenant_id == TENANT, product.c.id == ID)
)
PRICES = (
    sa.select(product_price)
    .where(product_price.c.tenant_id == TENANT, product_price.c.product_id == ID)
    .order_by(product_price.c.currency, product_price.c.cycle)
)
ADD_ONS = (
    sa.select(product.c.id, product.c.name)
    .join(
        product_add_on,
        sa.and_(product_add_on.c.tenant_id == product.c.tenant_id, product_add_on.c.add_on_id == product.c.id),
    )
    .where(product.c.tenant_id == TENANT, product_add_on.c.product_id == ID)
    .order_by(product.c.name, product.c.id)
)
PLANS_OF = (
    sa.select(plan.c.id, plan.c.name)
    .where(plan.c.tenant_id == TENANT, plan.c.product_id == ID)
    .order_by(plan.c.name, plan.c.id)
)
PRICE_LIST = sa.select(price_list).where(price_list.c.tenant_id == TENANT, price_list.c.id == ID)
LISTED = (
    sa.select(price_list_item, product.c.name.label("product_name"))
    .join(
        product,
        sa.and_(product.c.tenant_id == price_list_item.c.tenant_id, product.c.id == price_list_item.c.product_id),
    )
    .where(price_list_item.c.tenant_id == TENANT, price_list_item.c.price_list_id == ID)
    .order_by(product.c.name, price_list_item.c.cycle, price_list_item.c.id)
)
PLAN = (
    sa.select(plan, product.c.name.label("product_name"))
    .join(product, sa.and_(product.c.tenant_id == plan.c.tenant_id, product.c.id == plan.c.product_id))
    .where(plan.c.tenant_id == TENANT, plan.c.id == ID)
)


def product_(work: Work, id: UUID) -> ProductView:
    """Give a product with its prices, add-ons and plans."""
    row = _one(work, PRODUCT, id, "product")
    asked = {"tenant": work.tenant_id, "id": id}
    prices = work.connection.execute(PRICES, asked).mappings().all()
    governed = Governed(row["standing"])
    names = "id sku name description category kind unit provisioning_system_id provisioning_system_name trial_allowed"
    return ProductView(
        **{name: row[name] for name in f"{names} active standing version".split()},
        prices=[_price(price) for price in prices],
        add_ons=[Named(*one) for one in work.connection.execute(ADD_ONS, asked)],
        plans=[Named(*one) for one in work.connection.execute(PLANS_OF, asked)],
        actions=Product.offers(governed),
        locked_fields=Product.locks(governed),
    )


def price_list_(work: Work, id: UUID) -> PriceListView:
    """Give a price list with its prices."""
    row = _one(work, PRICE_LIST, id, "price list")
    items = work.connection.execute(LISTED, {"tenant": work.tenant_id, "id": id}).mappings()
    names = "id name currency valid_from valid_until active version"
    return PriceListView(
        **{name: row[name] for name in names.split()},
        items=[
            ListedPrice(
                one["id"],
                Named(one["product_id"], one["product_name"]),
                one["cycle"],
                Money(one["price"], row["currency"]),
            )
            for one in items
        ],
    )


def plan_(work: Work, id: UUID) -> PlanView:
    """Give a plan."""
    row = _one(work, PLAN, id, "plan")
    names = "id name descends_from_id standing version"
    return PlanView(
        **{name: row[name] for name in names.split()}, product=Named(row["product_id"], row["product_name"])
    )


def _one(work: Work, query: sa.Select[tuple[object, ...]], id: UUID, what: str) -> sa.RowMapping:
    permissions.require(work, "products:view")
    row = work.connection.execute(query, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None:
        raise NotFound(what)
    return row


def _price(row: sa.RowMapping) -> PriceView:
    cost = None if row["cost"] is None else Money(row["cost"], row["currency"])
    return PriceView(row["id"], row["cycle"], Money(row["unit_price"], row["currency"]), cost)
