"""The catalogue as a buyer sees it: what is on sale in the shop, by name, at the prices of his list (SF-01, CAT-02)."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.pricing import Wanted, prices_of
from tenantry.database import Row, Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Invalid, NotFound
from tenantry.sales.defaults import today
from tenantry.sales.prices import Terms, terms_of
from tenantry.schema.catalog import (
    CYCLES,
    price_list_item,
    product,
    product_add_on,
    product_characteristic,
    product_path,
    product_price,
    terms_document,
)
from tenantry.schema.crm import account
from tenantry.schema.subscription import trial_use
from tenantry.tenancy.listing.search import hits, words

PAGE = 24
ORDER = CYCLES.split()
SHELF = (
    product.c.active,
    product.c.in_shop,
    product.c.kind == "service",
    product.c.standing != "withdrawn",
)


@dataclass(frozen=True)
class CyclePrice:
    """What one unit costs a cycle, and for how many months one commits oneself."""

    cycle: str
    price: Money
    term_months: int | None = None


@dataclass(frozen=True)
class Tile:
    """A product on the shelf."""

    id: UUID
    name: str
    description: str
    category: str
    unit: str
    trial_allowed: bool
    trial_days: int
    prices: Sequence[CyclePrice]


@dataclass(frozen=True)
class Shelf:
    """A page of the catalogue; `next` is the cursor of what follows."""

    tiles: Sequence[Tile]
    categories: Sequence[str]
    next: str | None


@dataclass(frozen=True)
class AddOn:
    """What can be bought with a product."""

    id: UUID
    name: str
    description: str
    unit: str
    prices: Sequence[CyclePrice]


@dataclass(frozen=True)
class TierPrice:
    """From how many units on one of them costs less."""

    cycle: str
    min_quantity: int
    price: Money


@dataclass(frozen=True)
class Way:
    """A product that a subscription can go up or down to, and what one unit of it costs a cycle."""

    kind: str
    id: UUID
    name: str
    price: Money


@dataclass(frozen=True)
class ProductPage:
    """A product with everything that a buyer wants to know; `tried` when his account had its trial (SUB-01)."""

    id: UUID
    sku: str
    name: str
    description: str
    category: str
    unit: str
    min_quantity: int
    max_quantity: int | None
    trial_allowed: bool
    trial_days: int
    tried: bool
    prices: Sequence[CyclePrice]
    tiers: Sequence[TierPrice]
    characteristics: Sequence[tuple[str, str]]
    add_ons: Sequence[AddOn]
    terms: str


def shelf(work: Work, account_id: UUID, *, search: str = "", category: str = "", after: str = "") -> Shelf:
    """Give a page of what is sold to an account, whoever asks: its shop has let him in."""
    on = today(work)
    terms = _terms(work, account_id, on)
    listed = [*_on_sale(work, on, terms), product.c.kind == "service"]
    if category:
        listed.append(product.c.category == category)
    if search.strip():
        listed.append(product.c.id.in_(_found(work, search)))
    if cursor := _read(after):
        listed.append(sa.tuple_(product.c.sort_name, product.c.id) > sa.tuple_(*map(sa.literal, cursor)))
    query = sa.select(product).where(*listed).order_by(product.c.sort_name, product.c.id).limit(PAGE + 1)
    rows = work.connection.execute(query).mappings().all()
    shown = rows[:PAGE]
    prices = _prices(work, shown, terms, on)
    names = "id name description category unit trial_allowed trial_days".split()
    tiles = [Tile(**{name: row[name] for name in names}, prices=prices.get(row["id"], ())) for row in shown]
    more = _cursor(shown[-1]) if len(rows) > PAGE else None
    return Shelf(tiles, _categories(work, on, terms), more)


def product_page(work: Work, account_id: UUID, id: UUID) -> ProductPage:
    """Give one product as an account may buy it; NotFound for what is not on sale in the shop."""
    on = today(work)
    terms = _terms(work, account_id, on)
    row = _one(work, id, on, terms)
    add_ons = _add_ons(work, id, on, terms)
    prices = _prices(work, [row, *add_ons], terms, on)
    names = "id sku name description category unit min_quantity max_quantity trial_allowed trial_days".split()
    return ProductPage(
        **{name: row[name] for name in names},
        tried=_tried(work, account_id, id),
        prices=prices.get(id, ()),
        tiers=_tiers(work, row, terms, on),
        characteristics=_characteristics(work, id),
        add_ons=[
            AddOn(one["id"], one["name"], one["description"], one["unit"], prices.get(one["id"], ())) for one in add_ons
        ],
        terms=row["terms_name"] or "",
    )


def ways(work: Work, account_id: UUID, id: UUID, cycle: str, quantity: int) -> list[Way]:
    """Give what a subscription of a product can go up or down to among what is on sale, at its price for so many."""
    on = today(work)
    terms = _terms(work, account_id, on)
    pair = sa.and_(product_path.c.tenant_id == product.c.tenant_id, product_path.c.to_product_id == product.c.id)
    query = sa.select(product.c.id, product.c.name, product_path.c.kind).join(product_path, pair)
    listed = query.where(product_path.c.product_id == id, *_on_sale(work, on, terms))
    rows = work.connection.execute(listed.order_by(product_path.c.kind.desc(), product.c.sort_name)).all()
    prices = _asked(work, [(row.id, cycle) for row in rows], {row.id: quantity for row in rows}, terms, on)
    return [
        Way(row.kind, row.id, row.name, Money(prices[row.id, cycle], terms.currency))
        for row in rows
        if (row.id, cycle) in prices
    ]


def _terms(work: Work, account_id: UUID, on: date) -> Terms:
    query = sa.select(account).where(account.c.tenant_id == work.tenant_id, account.c.id == account_id)
    return terms_of(work, work.connection.execute(query).mappings().one(), on)


def _on_sale(work: Work, on: date, terms: Terms) -> list[sa.ColumnElement[bool]]:
    p, price, item = product.c, product_price.c, price_list_item.c
    of_its_own = sa.exists().where(
        price.tenant_id == p.tenant_id, price.product_id == p.id, price.currency == terms.currency
    )
    on_the_list = sa.exists().where(
        item.tenant_id == p.tenant_id,
        item.product_id == p.id,
        item.price_list_id == terms.price_list_id,
        item.price.is_not(None),
        sa.func.coalesce(item.valid_from, on) <= on,
        sa.func.coalesce(item.valid_until, on) >= on,
    )
    return [
        p.tenant_id == work.tenant_id,
        p.active,
        p.in_shop,
        p.standing != "withdrawn",
        sa.func.coalesce(p.active_from, on) <= on,
        sa.func.coalesce(p.active_until, on) >= on,
        sa.or_(of_its_own, on_the_list) if terms.price_list_id else of_its_own,
    ]


def _one(work: Work, id: UUID, on: date, terms: Terms) -> Row:
    its = sa.and_(
        terms_document.c.tenant_id == product.c.tenant_id,
        terms_document.c.id == product.c.terms_document_id,
        terms_document.c.active,
    )
    query = sa.select(product, terms_document.c.name.label("terms_name")).outerjoin(terms_document, its)
    row = work.connection.execute(query.where(*_on_sale(work, on, terms), product.c.id == id)).mappings().first()
    if row is None:
        raise NotFound("product")
    return row


def _add_ons(work: Work, id: UUID, on: date, terms: Terms) -> Sequence[Row]:
    pair = sa.and_(product_add_on.c.tenant_id == product.c.tenant_id, product_add_on.c.add_on_id == product.c.id)
    query = sa.select(product).join(product_add_on, pair).where(product_add_on.c.product_id == id)
    rows = query.where(*_on_sale(work, on, terms)).order_by(product.c.sort_name, product.c.id)
    return work.connection.execute(rows).mappings().all()


def _prices(work: Work, rows: Sequence[Row], terms: Terms, on: date) -> dict[UUID, list[CyclePrice]]:
    """Price every cycle in which a product can be had, for the fewest units of it that are sold."""
    fewest = {row["id"]: row["min_quantity"] for row in rows}
    cycles = _cycles(work, fewest, terms)
    found: dict[UUID, list[CyclePrice]] = {}
    asked = sorted(cycles, key=lambda one: ORDER.index(one[1]))
    for (product_id, cycle), price in _asked(work, asked, fewest, terms, on).items():
        term = cycles[product_id, cycle]
        found.setdefault(product_id, []).append(CyclePrice(cycle, Money(price, terms.currency), term))
    return found


def _asked(
    work: Work, asked: Sequence[tuple[UUID, str]], fewest: Mapping[UUID, int], terms: Terms, on: date
) -> dict[tuple[UUID, str], Any]:
    wanted = [Wanted(id, cycle, str(place), fewest[id]) for place, (id, cycle) in enumerate(asked)]
    try:
        prices = prices_of(work, wanted, terms.price_list_id, terms.currency, on=on)
    except Invalid as problem:
        # What cannot be priced, such as a margin on no cost, is not offered; the rest is.
        wrong = {fault.field for fault in problem.faults}
        rest = [one for place, one in enumerate(asked) if str(place) not in wrong]
        return _asked(work, rest, fewest, terms, on) if rest and len(rest) < len(asked) else {}
    return {one: price.unit_price for one, price in zip(asked, prices, strict=True)}


def _cycles(work: Work, products: Mapping[UUID, int], terms: Terms) -> dict[tuple[UUID, str], int | None]:
    price, item = product_price.c, price_list_item.c
    listed = sa.select(item.product_id, item.cycle, sa.null().label("term_months")).where(
        item.tenant_id == work.tenant_id,
        item.price_list_id == terms.price_list_id,
        item.product_id.in_(products),
        item.price.is_not(None),
    )
    own = sa.select(price.product_id, price.cycle, price.term_months).where(
        price.tenant_id == work.tenant_id, price.product_id.in_(products), price.currency == terms.currency
    )
    found: dict[tuple[UUID, str], int | None] = {}
    for product_id, cycle, term in work.connection.execute(sa.union_all(listed, own)):
        found[product_id, cycle] = term or found.get((product_id, cycle))
    return found


def _tiers(work: Work, row: Row, terms: Terms, on: date) -> list[TierPrice]:
    """Give the prices of larger quantities, where the list has tiers."""
    item = price_list_item.c
    query = (
        sa.select(item.cycle, item.min_quantity)
        .distinct()
        .where(
            item.tenant_id == work.tenant_id,
            item.price_list_id == terms.price_list_id,
            item.product_id == row["id"],
            item.min_quantity > row["min_quantity"],
            sa.func.coalesce(item.valid_from, on) <= on,
            sa.func.coalesce(item.valid_until, on) >= on,
        )
        .order_by(item.cycle, item.min_quantity)
    )
    steps = work.connection.execute(query).all() if terms.price_list_id else []
    wanted = [Wanted(row["id"], cycle, "cycle", least) for cycle, least in steps]
    try:
        prices = prices_of(work, wanted, terms.price_list_id, terms.currency, on=on) if wanted else []
    except Invalid:
        return []
    return [
        TierPrice(one.cycle, one.quantity, Money(price.unit_price, terms.currency))
        for one, price in zip(wanted, prices, strict=True)
    ]


def _characteristics(work: Work, id: UUID) -> list[tuple[str, str]]:
    c = product_characteristic.c
    query = sa.select(c.name, c.value).where(c.tenant_id == work.tenant_id, c.product_id == id)
    return [(name, value) for name, value in work.connection.execute(query.order_by(c.position, c.name))]


def _tried(work: Work, account_id: UUID, product_id: UUID) -> bool:
    t = trial_use.c
    had = sa.exists().where(t.tenant_id == work.tenant_id, t.account_id == account_id, t.product_id == product_id)
    return bool(work.connection.scalar(sa.select(had)))


def _categories(work: Work, on: date, terms: Terms) -> list[str]:
    """Name the categories in which there is something to buy, from one to the next by the index (SF-01)."""
    return [name for name in work.connection.scalars(_leap(_on_sale(work, on, terms))) if name]


def _leap(on_sale: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    p = product.c
    mine = sa.select(sa.func.min(p.category).label("category")).where(*SHELF, *on_sale)
    leaps = mine.cte("leaps", recursive=True)
    further = mine.where(p.category > leaps.c.category).correlate(leaps).scalar_subquery()
    leaps = leaps.union_all(sa.select(further).where(leaps.c.category.is_not(None)))
    return sa.select(leaps.c.category).where(leaps.c.category.is_not(None)).order_by(leaps.c.category)


def _found(work: Work, search: str) -> list[UUID]:
    return hits(work, product, words(search), narrowed=True)


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(json.dumps([row["sort_name"], str(row["id"])]).encode()).decode()


def _read(cursor: str) -> tuple[str, UUID] | None:
    """Read where a page begins; what is no cursor begins at the beginning."""
    try:
        name, id_ = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError:
        return None
    found = as_id(id_) if isinstance(id_, str) else None
    return (name, found) if isinstance(name, str) and found and "\x00" not in name else None
