"""Read a basket with everything that its page and the API show."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.crm.storefront_users.sessions import Shopper
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, NotFound
from tenantry.sales.baskets.lines import Buying, priced, why_no_code
from tenantry.sales.baskets.views import AskedTerms, BasketLine, BasketView, Known, digest_of, text_hash
from tenantry.sales.defaults import today
from tenantry.sales.prices import terms_of
from tenantry.schema.catalog import price_list, product, terms_document
from tenantry.schema.crm import account, contact
from tenantry.schema.sales import order
from tenantry.schema.shop import basket, basket_item
from tenantry.tenancy import permissions


def basket_view(work: Work, id: UUID, shopper: Shopper | None = None) -> BasketView:
    """Give a basket priced today; NotFound for one that is not the shopper's, or whose account may not be seen."""
    if shopper is None:
        permissions.require(work, "orders:view")
    row = work.connection.execute(_BASKET, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None or not _his(work, row, shopper):
        raise NotFound("basket")
    return _viewed(work, row)


def seen_basket(work: Work, id: UUID) -> BasketView:
    """Give a basket that an action holds, whoever asks."""
    row = work.connection.execute(_BASKET, {"tenant": work.tenant_id, "id": id}).mappings().one()
    return _viewed(work, row)


def _viewed(work: Work, row: Row) -> BasketView:
    buyer = work.connection.execute(_BUYER, {"tenant": work.tenant_id, "id": row["account_id"]}).mappings().one()
    on = today(work)
    terms = terms_of(work, buyer, on)
    buying = Buying(buyer["id"], on, terms, row["promotion_code"], row["contact_id"] is not None)
    lines = priced(work, row["id"], buying)
    asked = asked_terms(work, row["id"])
    return BasketView(
        id=row["id"],
        status=row["status"],
        account=Known(row["account_id"], row["account_name"]),
        contact=Known(row["contact_id"], row["contact_name"]) if row["contact_id"] else None,
        order=Known(row["order_id"], row["order_name"]) if row["order_id"] else None,
        price_list=_price_list(work, terms.price_list_id),
        currency=terms.currency,
        promotion_code=row["promotion_code"],
        code_fault=_code_fault(work, buying, lines),
        lines=lines,
        totals=_totals(lines, terms.currency),
        total=_sum(lines, terms.currency),
        terms=asked,
        digest=digest_of(lines, asked),
        created_at=row["created_at"],
        version=row["version"],
    )


def asked_terms(work: Work, basket_id: UUID) -> list[AskedTerms]:
    """Give the documents that the products of a basket ask to be accepted, each once, as they read now (SF-02)."""
    rows = work.connection.execute(_TERMS, {"tenant": work.tenant_id, "basket": basket_id}).mappings()
    return [AskedTerms(**{**row, "hash": text_hash(row["body"]), "products": tuple(row["products"])}) for row in rows]


def terms_of_product(work: Work, id: UUID) -> list[AskedTerms]:
    """Give the document that a product asks to be accepted, as it reads now; none where it asks for none."""
    rows = work.connection.execute(_TERMS_OF_PRODUCT, {"tenant": work.tenant_id, "product": id}).mappings()
    return [AskedTerms(**row, hash=text_hash(row["body"]), products=()) for row in rows]


def open_basket_of(work: Work, account_id: UUID, contact_id: UUID | None) -> UUID | None:
    """Give the basket that is being filled for an account, if there is one."""
    b = basket.c
    query = sa.select(b.id).where(
        b.tenant_id == work.tenant_id,
        b.account_id == account_id,
        b.contact_id.is_not_distinct_from(contact_id),
        b.status == "open",
    )
    return work.connection.scalar(query)


def lines_in(work: Work, account_id: UUID, contact_id: UUID) -> int:
    """Count the lines of the basket that is being filled, for its sign on every page."""
    b, i = basket.c, basket_item.c
    query = sa.select(sa.func.count()).select_from(
        basket.join(basket_item, sa.and_(i.tenant_id == b.tenant_id, i.basket_id == b.id))
    )
    mine = (b.tenant_id == work.tenant_id, b.account_id == account_id, b.contact_id == contact_id, b.status == "open")
    return work.connection.scalar(query.where(*mine)) or 0


def _his(work: Work, row: Row, shopper: Shopper | None) -> bool:
    if shopper is None:
        return may(work.actor.readable, row["permission_rule_id"])
    return bool(row["contact_id"] == shopper.contact_id)


def _code_fault(work: Work, buying: Buying, lines: Sequence[BasketLine]) -> Fault | None:
    code = buying.code
    if not code or not lines or any(one.promotion and one.promotion.by_code for one in lines):
        return None
    why = why_no_code(work, lines, buying)
    message = f"The code {code[:40]} fits nothing in the basket: {why.message[0].lower()}{why.message[1:]}"
    return Fault("promotion_code", message, "CAT-03", "Check the code, or take it away.", why.code)


def _totals(lines: Sequence[BasketLine], currency: str) -> dict[str, Money]:
    cycles = dict.fromkeys(one.cycle for one in lines if not one.trial)
    return {cycle: _sum([one for one in lines if one.cycle == cycle], currency) for cycle in cycles}


def _sum(lines: Sequence[BasketLine], currency: str) -> Money:
    return Money(sum((one.total.amount for one in lines if one.total), Decimal(0)), currency)


def _price_list(work: Work, id: UUID | None) -> Known | None:
    if id is None:
        return None
    query = sa.select(price_list.c.name).where(price_list.c.tenant_id == work.tenant_id, price_list.c.id == id)
    return Known(id, work.connection.execute(query).scalar_one())


_TENANT: sa.BindParameter[UUID] = sa.bindparam("tenant")
_BUYER = sa.select(account).where(account.c.tenant_id == _TENANT, account.c.id == sa.bindparam("id"))
_BASKET = (
    sa.select(
        basket,
        account.c.name.label("account_name"),
        account.c.permission_rule_id,
        sa.func.concat_ws(" ", sa.func.nullif(contact.c.first_name, ""), contact.c.last_name).label("contact_name"),
        order.c.name.label("order_name"),
    )
    .join(account, sa.and_(account.c.tenant_id == basket.c.tenant_id, account.c.id == basket.c.account_id))
    .outerjoin(contact, sa.and_(contact.c.tenant_id == basket.c.tenant_id, contact.c.id == basket.c.contact_id))
    .outerjoin(order, sa.and_(order.c.tenant_id == basket.c.tenant_id, order.c.id == basket.c.order_id))
    .where(basket.c.tenant_id == _TENANT, basket.c.id == sa.bindparam("id"))
)
_d = terms_document.c
_TERMS_OF_PRODUCT = (
    sa.select(_d.id, _d.name, _d.edition, _d.body)
    .join(product, sa.and_(product.c.tenant_id == _d.tenant_id, product.c.terms_document_id == _d.id))
    .where(_d.tenant_id == _TENANT, product.c.id == sa.bindparam("product"), _d.active)
)
_TERMS = (
    sa.select(_d.id, _d.name, _d.edition, _d.body, sa.func.array_agg(sa.distinct(product.c.name)).label("products"))
    .select_from(
        basket_item.join(
            product, sa.and_(product.c.tenant_id == basket_item.c.tenant_id, product.c.id == basket_item.c.product_id)
        ).join(terms_document, sa.and_(_d.tenant_id == product.c.tenant_id, _d.id == product.c.terms_document_id))
    )
    .where(basket_item.c.tenant_id == _TENANT, basket_item.c.basket_id == sa.bindparam("basket"), _d.active)
    .group_by(_d.id, _d.name, _d.edition, _d.body)
    .order_by(_d.name, _d.edition, _d.id)
)
