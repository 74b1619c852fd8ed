"""What stories about orders need: priced products, orders, and the acts on them as a user of the tenant does them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.kernel import clock
from tenantry.sales import actions, queries
from tenantry.sales.actions import NewItem, NewOrder
from tenantry.sales.queries import OrderView
from tenantry.schema import catalog
from tests.world import Row, Tenant, World


def priced(
    world: World, at: Tenant, price: str = "10", cycle: str = "monthly", currency: str = "EUR", **given: Any
) -> Row:
    """Make a product with a unit price."""
    product = world.product(at, **given)
    world.insert(
        at, catalog.product_price, product_id=product.id, cycle=cycle, currency=currency, unit_price=Decimal(price)
    )
    return product


def create(world: World, at: Tenant, of: Row, *items: NewItem, **given: Any) -> UUID:
    """Make an order as the tenant's admin."""
    with world.web.work(at.id, world.admin(at)) as work:
        return actions.create_order(work, NewOrder(account_id=of.id, items=items, **given))


def act(world: World, at: Tenant, verb: str, *arguments: Any, **named: Any) -> Any:
    """Do something with an order as the tenant's admin."""
    with world.web.work(at.id, world.admin(at)) as work:
        return getattr(actions, verb)(work, *arguments, **named)


def view(world: World, at: Tenant, id: UUID) -> OrderView:
    """See an order as the tenant's admin."""
    with world.web.work(at.id, world.admin(at)) as work:
        return queries.order(work, id)


def submitted(world: World, at: Tenant, of: Row, *items: NewItem) -> UUID:
    """Make an order and submit it."""
    id = create(world, at, of, *items)
    act(world, at, "submit_order", id)
    return id


def sentences(world: World, at: Tenant, subject: UUID) -> list[str]:
    """Give what the history says, oldest first."""
    return [line.sentence for line in world.rows(at, "history_line", subject_id=subject)]


def marked(world: World, reseller: Tenant, standing: str = "marked", **given: Any) -> Row:
    """Make an order at the distributor of an account that a tenant reseller manages."""
    account = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    return world.order(account, standing=standing, managed_by=reseller.id, **given)


# Ahead of today, whenever that is, and near enough to be agreed to.
LATER = clock.now().date() + timedelta(days=400)
