"""Read products, terms documents and plans, each with exactly what its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import Governed
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Product
from tenantry.schema.catalog import (
    plan,
    product,
    product_add_on,
    product_characteristic,
    product_path,
    product_price,
    promotion,
    provisioning_system,
    terms_document,
)
from tenantry.tenancy import permissions


@dataclass(frozen=True)
class PriceView:
    """What a unit of the product costs a cycle; the cost is what it costs the tenant."""

    id: UUID
    cycle: str
    price: Money
    cost: Money | None
    term_months: int | None


@dataclass(frozen=True)
class Characteristic:
    """What is said of a product, such as its storage."""

    id: UUID
    name: str
    value: str
    position: int


@dataclass(frozen=True)
class Path:
    """A product that subscriptions may go up or down to."""

    id: UUID
    name: str
    sku: str
    kind: str


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
    trial_days: int
    active: bool
    active_from: date | None
    active_until: date | None
    min_quantity: int
    max_quantity: int | None
    in_shop: bool
    terms_document_id: UUID | None
    terms_document_name: str | None
    standing: str
    version: int
    prices: Sequence[PriceView]
    characteristics: Sequence[Characteristic]
    paths: Sequence[Path]
    add_ons: Sequence[Named]
    plans: Sequence[Named]
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


@dataclass(frozen=True)
class TermsDocumentView:
    """A document that buyers accept, in one edition."""

    id: UUID
    name: str
    edition: str
    body: str
    active: bool
    created_at: datetime
    version: int


@dataclass(frozen=True)
class PromotionView:
    """A promotion, as its page shows it."""

    id: UUID
    name: str
    code: str
    product: Named
    cycle: str | None
    kind: str
    off: Decimal
    currency: str | None
    duration: str
    cycles: int | None
    valid_from: date | None
    valid_until: date | None
    new_customers_only: bool
    active: bool
    version: int


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
    sa.select(
        product,
        provisioning_system.c.name.label("provisioning_system_name"),
        (terms_document.c.name + ", " + terms_document.c.edition).label("terms_document_name"),
    )
    .outerjoin(
        provisioning_system,
        sa.and_(
            provisioning_system.c.tenant_id == product.c.tenant_id,
            provisioning_system.c.id == product.c.provisioning_system_id,
        ),
    )
    .outerjoin(
        terms_document,
        sa.and_(terms_document.c.tenant_id == product.c.tenant_id, terms_document.c.id == product.c.terms_document_id),
    )
    .where(product.c.tenant_id == TENANT, product.c.id == ID)
)
PRICES = (
    sa.select(product_price)
    .where(product_price.c.tenant_id == TENANT, product_price.c.product_id == ID)
    .order_by(product_price.c.currency, product_price.c.cycle)
)
CHARACTERISTICS = (
    sa.select(*(product_characteristic.c[name] for name in Characteristic.__dataclass_fields__))
    .where(product_characteristic.c.tenant_id == TENANT, product_characteristic.c.product_id == ID)
    .order_by(product_characteristic.c.position, product_characteristic.c.name)
)
PATHS = (
    sa.select(product.c.id, product.c.name, product.c.sku, product_path.c.kind)
    .join(
        product_path,
        sa.and_(product_path.c.tenant_id == product.c.tenant_id, product_path.c.to_product_id == product.c.id),
    )
    .where(product.c.tenant_id == TENANT, product_path.c.product_id == ID)
    .order_by(product_path.c.kind.desc(), product.c.name, product.c.id)
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
TERMS_DOCUMENT = sa.select(terms_document).where(terms_document.c.tenant_id == TENANT, terms_document.c.id == ID)
PROMOTION = (
    sa.select(promotion, product.c.name.label("product_name"))
    .join(product, sa.and_(product.c.tenant_id == promotion.c.tenant_id, product.c.id == promotion.c.product_id))
    .where(promotion.c.tenant_id == TENANT, promotion.c.id == ID)
)
PLAN = (
    sa.select(plan, product.c.name.label("product_name"))
    .join(product, sa.and_(product.c.tenant_id == plan.c.tenant_id, product.c.id == plan.c.product_id))
    .where(plan.c.tenant_id == TENANT, plan.c.id == ID)
)


def product_(work: Work, id: UUID) -> ProductView:
    """Give a product with its prices, characteristics, ways up and down, add-ons and plans."""
    row = one(work, PRODUCT, id, "product")
    asked = {"tenant": work.tenant_id, "id": id}
    prices = work.connection.execute(PRICES, asked).mappings().all()
    governed = Governed(row["standing"])
    return ProductView(
        **{name: row[name] for name in ProductView.__dataclass_fields__ if name in row},
        prices=[_price(price) for price in prices],
        characteristics=[Characteristic(**each) for each in work.connection.execute(CHARACTERISTICS, asked).mappings()],
        paths=[Path(**each) for each in work.connection.execute(PATHS, asked).mappings()],
        add_ons=[Named(*each) for each in work.connection.execute(ADD_ONS, asked)],
        plans=[Named(*each) for each in work.connection.execute(PLANS_OF, asked)],
        actions=Product.offers(governed),
        locked_fields=Product.locks(governed),
    )


def terms_document_(work: Work, id: UUID) -> TermsDocumentView:
    """Give a terms document."""
    row = one(work, TERMS_DOCUMENT, id, "terms document")
    return TermsDocumentView(**{name: row[name] for name in TermsDocumentView.__dataclass_fields__})


def promotion_(work: Work, id: UUID) -> PromotionView:
    """Give a promotion."""
    row = one(work, PROMOTION, id, "promotion")
    return PromotionView(
        **{name: row[name] for name in PromotionView.__dataclass_fields__ if name in row},
        product=Named(row["product_id"], row["product_name"]),
    )


def plan_(work: Work, id: UUID) -> PlanView:
    """Give a plan."""
    row = one(work, PLAN, id, "plan")
    names = "id name descends_from_id standing version"
    return PlanView(
        **{name: row[name] for name in names.split()}, product=Named(row["product_id"], row["product_name"])
    )


def one(work: Work, query: sa.Select[tuple[object, ...]], id: UUID, what: str) -> sa.RowMapping:
    """Read one record of the catalogue, for whom may see it; NotFound where the tenant has none."""
    permissions.require(work, "products:view")
    row = work.connection.execute(query, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None:
        raise NotFound(what)
    return row


def _price(row: sa.RowMapping) -> PriceView:
    cost = None if row["cost"] is None else Money(row["cost"], row["currency"])
    return PriceView(row["id"], row["cycle"], Money(row["unit_price"], row["currency"]), cost, row["term_months"])
