"""What stories about charges need: priced products, price lists, promotions, paid subscriptions and their charges."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

from tests.world import Row, World

from tenantry.charging import charges
from tenantry.charging.charges import Charge
from tenantry.charging.cycles import next_cycle
from tenantry.database import Work
from tenantry.schema import catalog, sales
from tenantry.tenancy.records import write


def working(world: World) -> AbstractContextManager[Work]:
    """Work as the distributor's admin."""
    here = world.distributor()
    return world.web.work(here.id, world.admin(here))


def priced(world: World, price: str = "10", cycle: str = "monthly", *, cost: str | None = None, **given: Any) -> Row:
    """Make a product with a unit price in euros."""
    here = world.distributor()
    product = world.product(here, **given)
    figures = {"unit_price": Decimal(price), "cost": cost and Decimal(cost)}
    world.insert(here, catalog.product_price, product_id=product.id, cycle=cycle, currency="EUR", **figures)
    return product


def price_list(world: World, **given: Any) -> Row:
    """Make a price list in euros."""
    return world.insert(world.distributor(), catalog.price_list, **{"name": "Partners", "currency": "EUR", **given})


def listed(world: World, list_: Row, product: Row, **given: Any) -> Row:
    """Put a price on a list."""
    item = {"price_list_id": list_.id, "product_id": product.id, "cycle": "monthly", **given}
    return world.insert(world.distributor(), catalog.price_list_item, **item)


def promotion(world: World, product: Row, off: str = "50", **given: Any) -> Row:
    """Make a promotion, of so many percent unless it says otherwise."""
    values = {"name": "Spring", "kind": "percent", "off": Decimal(off), "product_id": product.id, **given}
    return world.insert(world.distributor(), catalog.promotion, **values)


def sold(world: World, of: Row, product: Row, **given: Any) -> Row:
    """Make a subscription that is paid for since 1 April 2026."""
    first = date(2026, 4, 1)
    return world.subscription(of, product, **{"start_on": first, "paid_from": first, **given})


def charge_cycle(world: World, one: Row) -> Sequence[Charge]:
    """Charge the next cycle of a subscription, as the daily work does."""
    with working(world) as work:
        cycle = next_cycle(work, one.id)
        charges.write(work, cycle.charges)
        if cycle.values:
            write(work, sales.subscription, one.id, cycle.values)
    return cycle.charges
