"""Read price lists and their prices, page by page (CAT-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.queries import one
from tenantry.catalog.statements import ID, TENANT
from tenantry.catalog.views import Named
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound
from tenantry.schema.catalog import price_list, price_list_item, product, product_price
from tenantry.tenancy.listing import search

AT_ONCE = 100
AT_MOST = 200


@dataclass(frozen=True)
class ListedPrice:
    """A price on a list: an amount, or a margin on the product's cost; neither: the product's unit price."""

    id: UUID
    product: Named
    sku: str
    cycle: str
    min_quantity: int
    price: Money | None
    margin_percent: Decimal | None
    cost: Money | None
    unit_price: Money | None
    valid_from: date | None
    valid_until: date | None
    version: int


@dataclass(frozen=True)
class PriceListView:
    """A price list, as its page shows it; `items` are its first prices, `prices` says how many there are."""

    id: UUID
    name: str
    currency: str
    valid_from: date | None
    valid_until: date | None
    active: bool
    version: int
    prices: int
    items: Sequence[ListedPrice]


@dataclass(frozen=True)
class PricePage:
    """Some prices of a list by the name of the product, and the place where the next page begins."""

    items: Sequence[ListedPrice]
    next: int | None


above = product_price.alias("above")
item = price_list_item.c

PRICE_LIST = sa.select(
    price_list,
    sa.select(sa.func.count())
    .select_from(price_list_item)
    .where(item.tenant_id == price_list.c.tenant_id, item.price_list_id == price_list.c.id)
    .correlate(price_list)
    .scalar_subquery()
    .label("prices"),
).where(price_list.c.tenant_id == TENANT, price_list.c.id == ID)

CURRENCY = sa.select(price_list.c.currency).where(price_list.c.tenant_id == TENANT, price_list.c.id == ID)

LISTED = (
    sa.select(
        price_list_item,
        product.c.name.label("product_name"),
        product.c.sku,
        above.c.cost,
        above.c.unit_price,
    )
    .join(product, sa.and_(product.c.tenant_id == item.tenant_id, product.c.id == item.product_id))
    .outerjoin(
        above,
        sa.and_(
            above.c.tenant_id == item.tenant_id,
            above.c.product_id == item.product_id,
            above.c.cycle == item.cycle,
            above.c.currency == sa.bindparam("currency"),
        ),
    )
    .where(item.tenant_id == TENANT, item.price_list_id == ID)
    .order_by(product.c.sort_name, product.c.id, item.cycle, item.min_quantity, item.valid_from, item.id)
)


def price_list_(work: Work, id: UUID, first: int = AT_ONCE) -> PriceListView:
    """Give a price list with its first prices, or none of them where the page reads its own."""
    row = one(work, PRICE_LIST, id, "price list")
    names = "id name currency valid_from valid_until active version prices"
    return PriceListView(
        **{name: row[name] for name in names.split()},
        items=_listed(work, LISTED.limit(first), id, row["currency"]) if first else (),
    )


def list_prices(work: Work, id: UUID, text: str = "", start: int = 0, limit: int = AT_ONCE) -> PricePage:
    """Give prices of a list, all or those of products that a search finds; `start` is the place of the first."""
    row = one(work, CURRENCY, id, "price list")
    limit, query = min(max(limit, 1), AT_MOST), LISTED
    if wanted := search.words(text):
        found = search.hits(work, product, wanted, narrowed=True)
        query = query.where(item.product_id == sa.any_(sa.literal(found, sa.ARRAY(item.product_id.type))))
    items = _listed(work, query.limit(limit + 1).offset(max(start, 0)), id, row["currency"])
    return PricePage(items[:limit], start + limit if len(items) > limit else None)


def list_price(work: Work, id: UUID, item_id: UUID) -> ListedPrice:
    """Give one price of a list."""
    row = one(work, CURRENCY, id, "price list")
    found = _listed(work, LISTED.where(item.id == item_id), id, row["currency"])
    if not found:
        raise NotFound("price")
    return found[0]


def _listed(work: Work, query: sa.Select[tuple[object, ...]], id: UUID, currency: str) -> list[ListedPrice]:
    def money(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(amount, currency)

    rows = work.connection.execute(query, {"tenant": work.tenant_id, "id": id, "currency": currency}).mappings()
    names = "id sku cycle min_quantity margin_percent valid_from valid_until version".split()
    return [
        ListedPrice(
            **{name: row[name] for name in names},
            product=Named(row["product_id"], row["product_name"]),
            price=money(row["price"]),
            cost=money(row["cost"]),
            unit_price=money(row["unit_price"]),
        )
        for row in rows
    ]
