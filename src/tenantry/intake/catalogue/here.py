"""What is here already of the products that a file names: read once for a batch of rows."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.base import ID
from tenantry.schema.catalog import price_list, price_list_item, product, product_add_on, product_price
from tenantry.schema.tenant import tenant_currency

VALUES = ("name", "category", "kind", "unit", "description")


@dataclass
class Existing:
    """A product as it is here."""

    id: UUID
    standing: str
    values: Mapping[str, Any]
    prices: dict[tuple[str, str], tuple[Decimal, Decimal | None]] = field(default_factory=dict)
    sold_with: set[UUID] = field(default_factory=set)


def currencies(work: Work) -> frozenset[str]:
    """Give the currencies that are activated."""
    query = sa.select(tenant_currency.c.currency).where(tenant_currency.c.tenant_id == work.tenant_id)
    return frozenset(work.connection.scalars(query))


def products(work: Work, skus: Collection[str]) -> dict[str, Existing]:
    """Give the products that have these SKUs, with their prices and what they are bought with."""
    wanted = sa.literal(sorted(set(skus)), sa.ARRAY(sa.Text))
    query = sa.select(product).where(product.c.tenant_id == work.tenant_id, product.c.sku == sa.any_(wanted))
    found = {
        row["sku"]: Existing(row["id"], row["standing"], {name: row[name] for name in VALUES})
        for row in work.connection.execute(query).mappings()
    }
    by_id = {one.id: one for one in found.values()}
    ids = sa.literal(list(by_id), sa.ARRAY(ID))
    p, a = product_price.c, product_add_on.c
    paid = sa.select(p.product_id, p.cycle, p.currency, p.unit_price, p.cost).where(
        p.tenant_id == work.tenant_id, p.product_id == sa.any_(ids)
    )
    for id, cycle, currency, unit_price, cost in work.connection.execute(paid):
        by_id[id].prices[cycle, currency] = unit_price, cost
    bought = sa.select(a.add_on_id, a.product_id).where(a.tenant_id == work.tenant_id, a.add_on_id == sa.any_(ids))
    for add_on, service in work.connection.execute(bought):
        by_id[add_on].sold_with.add(service)
    return found


def price_lists(work: Work) -> dict[str, tuple[UUID, str]]:
    """Give the price lists by name in small letters, with their currencies."""
    query = sa.select(price_list.c.name, price_list.c.id, price_list.c.currency)
    rows = work.connection.execute(query.where(price_list.c.tenant_id == work.tenant_id))
    return {name.lower(): (id, currency) for name, id, currency in rows}


def listed(work: Work, list_ids: Collection[UUID]) -> list[sa.RowMapping]:
    """Give all prices of these lists."""
    c = price_list_item.c
    ids = sa.literal(sorted(list_ids), sa.ARRAY(ID))
    query = sa.select(price_list_item).where(c.tenant_id == work.tenant_id, c.price_list_id == sa.any_(ids))
    return list(work.connection.execute(query).mappings())


def missing(work: Work, families: Collection[str], skus: Collection[str]) -> list[str]:
    """Name the products of these families that are on sale here and not among these SKUs."""
    c = product.c
    query = sa.select(c.sku).where(
        c.tenant_id == work.tenant_id,
        c.active,
        c.category == sa.any_(sa.literal(sorted(families), sa.ARRAY(sa.Text))),
    )
    return [sku for sku in work.connection.scalars(query.order_by(c.sku)) if sku not in skus]


def fingerprint(work: Work) -> str:
    """Give a hash of all that a plan may depend on: products, prices, price lists, currencies."""
    parts = [sorted(currencies(work))]
    for table in (product, product_price, price_list, price_list_item):
        row = sa.cast(table.c.id, sa.Text) + ":" + sa.cast(table.c.version, sa.Text)
        query = sa.select(sa.func.count(), sa.func.sum(sa.func.hashtextextended(row, 0)))
        found = work.connection.execute(query.where(table.c.tenant_id == work.tenant_id)).one()
        parts.append([str(one) for one in found])
    return hashlib.sha256(repr(parts).encode()).hexdigest()
