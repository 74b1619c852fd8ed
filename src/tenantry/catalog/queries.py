"""Read products, terms documents and plans, each with exactly what its page shows."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import Governed
from tenantry.catalog.statements import (
    ADD_ONS,
    CHARACTERISTICS,
    PATHS,
    PLAN,
    PLANS_OF,
    PRICES,
    PRODUCT,
    PROMOTION,
    TERMS_DOCUMENT,
)
from tenantry.catalog.views import (
    Characteristic,
    Named,
    Path,
    PlanView,
    PriceView,
    ProductView,
    PromotionView,
    TermsDocumentView,
)
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound
from tenantry.rules.policy import Plan, Product
from tenantry.tenancy import permissions


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
    return PlanView(
        **{name: row[name] for name in PlanView.__dataclass_fields__ if name in row},
        product=Named(row["product_id"], row["product_name"]),
        actions=Plan.offers(Governed(row["standing"])),
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
