"""Price the lines of a basket for its buyer today, and say of each what stands in its way (SF-01, CAT-01 to CAT-03)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging import amounts, promotions
from tenantry.charging.pricing import Price, Wanted, prices_of
from tenantry.charging.promotions import Given, Sale
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.baskets.views import BasketLine, Known, Promoted
from tenantry.sales.prices import Terms
from tenantry.schema.catalog import product, product_add_on
from tenantry.schema.shop import basket_item
from tenantry.schema.subscription import trial_use

NO_DISCOUNT = amounts.NOTHING


@dataclass(frozen=True)
class Buying:
    """Who buys, on which day, under which terms, and with which code."""

    account_id: UUID
    on: date
    terms: Terms
    code: str
    in_shop: bool


def priced(work: Work, basket_id: UUID, buying: Buying) -> list[BasketLine]:
    """Give the lines in their order, add-ons behind what they are bought with."""
    rows = work.connection.execute(_ITEMS, {"tenant": work.tenant_id, "basket": basket_id}).mappings().all()
    hosts, tried = _hosts(work, rows), _tried(work, buying.account_id, rows)
    prices = _prices(work, rows, buying)
    given = _promotions(work, rows, prices, buying)
    lines = [
        _line(row, prices[row["id"]], given.get(row["id"]), hosts, buying, tried=row["product_id"] in tried)
        for row in rows
    ]
    services = [one for one in lines if one.product_kind == "service"]
    behind = [one for service in services for one in (service, *(a for a in lines if a.sold_with_id == service.id))]
    return behind + [one for one in lines if one not in behind]


def _line(
    row: Row,
    price: Price | Fault,
    promoted: tuple[Given, bool] | None,
    hosts: Mapping[UUID, UUID],
    buying: Buying,
    *,
    tried: bool,
) -> BasketLine:
    given, by_code = promoted or (None, False)
    currency, quantity = buying.terms.currency, row["quantity"]
    fault = price if isinstance(price, Fault) else _fault(row, hosts, buying, tried=tried)
    unit_price = None if isinstance(price, Fault) else price.unit_price
    off = given.off if given else None
    costs = None if unit_price is None else amounts.priced(quantity, unit_price, NO_DISCOUNT, off, currency)
    return BasketLine(
        id=row["id"],
        product=Known(row["product_id"], row["product_name"]),
        product_kind=row["product_kind"],
        category=row["category"],
        unit=row["unit"],
        sold_with_id=hosts.get(row["id"]),
        cycle=row["cycle"],
        quantity=quantity,
        min_quantity=row["min_quantity"],
        max_quantity=row["max_quantity"],
        trial=row["trial"],
        trial_days=row["trial_days"],
        unit_price=None if unit_price is None else Money(unit_price, currency),
        promotion=Promoted(off.id, off.name, given.cycles, by_code) if given and off else None,
        promotion_off=Money(costs.promotion_off, currency) if costs and off else None,
        total=None if costs is None else Money(amounts.NOTHING if row["trial"] else costs.amount, currency),
        fault=fault,
    )


def _fault(row: Row, hosts: Mapping[UUID, UUID], buying: Buying, *, tried: bool) -> Fault | None:
    name = row["product_name"]
    if buying.in_shop and not row["in_shop"]:
        return Fault("product_id", f"{name} is not sold in the shop.", "SF-01", "Take it out.", "not-in-shop")
    if row["trial"] and not row["trial_allowed"]:
        return Fault("trial", f"{name} cannot be tried.", "SUB-01", "Buy it, or take it out.", "no-trial")
    if row["trial"] and tried:
        message = f"{name} was tried already; an account tries a product once."
        return Fault("trial", message, "SUB-01", "Buy it, or take it out.", "tried-already")
    if row["product_kind"] == "add_on" and row["id"] not in hosts:
        message = f"{name} is an add-on; nothing in the basket can be bought with it in this cycle."
        return Fault("product_id", message, "CAT-01", "Add such a product, or take it out.", "add-on-alone")
    return None


def _prices(work: Work, rows: Sequence[Row], buying: Buying) -> dict[UUID, Price | Fault]:
    """Price all at once; only when one cannot be had, each by itself."""
    try:
        return dict(zip([row["id"] for row in rows], _asked(work, rows, buying), strict=True))
    except Invalid:
        return {row["id"]: _price(work, row, buying) for row in rows}


def _price(work: Work, row: Row, buying: Buying) -> Price | Fault:
    try:
        return _asked(work, [row], buying)[0]
    except Invalid as problem:
        return problem.faults[0]


def _asked(work: Work, rows: Sequence[Row], buying: Buying) -> list[Price]:
    if not rows:
        return []
    wanted = [Wanted(row["product_id"], row["cycle"], "cycle", row["quantity"]) for row in rows]
    return prices_of(work, wanted, buying.terms.price_list_id, buying.terms.currency, on=buying.on)


def _promotions(
    work: Work, rows: Sequence[Row], prices: Mapping[UUID, Price | Fault], buying: Buying
) -> dict[UUID, tuple[Given, bool]]:
    """Give the promotion of each line: the one that the code stands for where it fits, else the one by itself."""
    sold = [(row, price) for row in rows if isinstance(price := prices[row["id"]], Price) and not row["trial"]]
    sales = [
        Sale(buying.account_id, row["product_id"], row["cycle"], buying.terms.currency, buying.on, price.unit_price)
        for row, price in sold
    ]
    by_themselves = promotions.of_themselves(work, sales) if sales else []
    found: dict[UUID, tuple[Given, bool]] = {}
    for (row, _), sale, own in zip(sold, sales, by_themselves, strict=True):
        typed = _by_code(work, buying.code, sale)
        if given := typed or own:
            found[row["id"]] = given, typed is not None
    return found


def why_no_code(work: Work, lines: Sequence[BasketLine], buying: Buying) -> Fault:
    """Say why a code fits nothing in a basket (CAT-03)."""
    currency = buying.terms.currency
    sales = [
        Sale(buying.account_id, one.product.id, one.cycle, currency, buying.on, one.unit_price.amount)
        for one in lines
        if one.unit_price and not one.trial
    ]
    return promotions.why_not(work, buying.code, sales)


def _by_code(work: Work, code: str, sale: Sale) -> Given | None:
    """Give what a code stands for with one line; none when there is no code or it is for something else."""
    if not code:
        return None
    try:
        return promotions.for_code(work, code, sale)
    except Invalid:
        return None


def _hosts(work: Work, rows: Sequence[Row]) -> dict[UUID, UUID]:
    """Say with which line each add-on is bought: the first service that takes it in the same cycle."""
    add_ons = [row for row in rows if row["product_kind"] == "add_on"]
    if not add_ons:
        return {}
    query = sa.select(product_add_on.c.product_id, product_add_on.c.add_on_id).where(
        product_add_on.c.tenant_id == work.tenant_id,
        product_add_on.c.add_on_id.in_({row["product_id"] for row in add_ons}),
    )
    pairs = {(of, add_on) for of, add_on in work.connection.execute(query)}
    services = [row for row in rows if row["product_kind"] == "service"]
    return {one["id"]: host["id"] for one in add_ons for host in [_first(services, one, pairs)] if host is not None}


def _first(services: Sequence[Row], add_on: Row, pairs: set[tuple[UUID, UUID]]) -> Row | None:
    fits = (s for s in services if s["cycle"] == add_on["cycle"] and (s["product_id"], add_on["product_id"]) in pairs)
    return next(fits, None)


def _tried(work: Work, account_id: UUID, rows: Sequence[Row]) -> set[Any]:
    wanted = {row["product_id"] for row in rows if row["trial"]}
    if not wanted:
        return set()
    return tried_before(work, account_id, wanted)


def tried_before(work: Work, account_id: UUID, products: set[UUID]) -> set[Any]:
    """Say which of these products the account has tried (SUB-01)."""
    t = trial_use.c
    query = sa.select(t.product_id).where(
        t.tenant_id == work.tenant_id, t.account_id == account_id, t.product_id.in_(products)
    )
    return set(work.connection.scalars(query))


_ITEMS = (
    sa.select(
        basket_item,
        product.c.name.label("product_name"),
        product.c.kind.label("product_kind"),
        *(
            product.c[name]
            for name in "category unit min_quantity max_quantity trial_allowed trial_days in_shop".split()
        ),
    )
    .join(product, sa.and_(product.c.tenant_id == basket_item.c.tenant_id, product.c.id == basket_item.c.product_id))
    .where(basket_item.c.tenant_id == sa.bindparam("tenant"), basket_item.c.basket_id == sa.bindparam("basket"))
    .order_by(basket_item.c.id)
)
