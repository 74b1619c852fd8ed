"""What stories about subscriptions need: something sold on a day, acts on it on other days, and what it was charged."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.kernel import clock
from tenantry.sales import actions as orders
from tenantry.sales.actions import NewItem
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.due import bring_up_to_date
from tenantry.schema import catalog
from tenantry.schema.charging import charge
from tests.sales.stories import priced, submitted
from tests.world import Row, Tenant, World


@contextmanager
def on(day: str) -> Iterator[None]:
    """Let it be noon of a day."""
    with clock.stopped(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)):
        yield


def sold(world: World, product: Row, quantity: int = 10, *, to: Row | None = None, **item: Any) -> Row:
    """Sell a product by an order; gives the subscription."""
    home = world.distributor()
    buyer = to or world.account()
    id = submitted(world, home, buyer, NewItem(product.id, item.pop("cycle", "monthly"), quantity, **item))
    with world.web.work(home.id, world.admin(home)) as work:
        [made] = orders.execute_order(work, id)
    return there(world, made)


def do(world: World, verb: str, of: Row, *given: Any, at: Tenant | None = None, **named: Any) -> Any:
    """Do something with a subscription as the tenant's admin."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return getattr(actions, verb)(work, of.id, *given, **named)


def work_of_the_day(world: World) -> None:
    """Let the worker do what is due today."""
    bring_up_to_date(world.worker, world.distributor().id)


def there(world: World, id: UUID) -> Row:
    """Give a subscription as it is now."""
    row = world.row(world.distributor(), "subscription", id)
    assert row is not None
    return row


def charged(world: World, of: Row) -> list[tuple[str, str, str]]:
    """Give what was charged for a subscription: amount, first and last day, in the order in which it was made."""
    rows = world.rows(world.distributor(), charge, subscription_id=of.id)
    return [(f"{row.amount:.2f}", f"{row.period_from:%m-%d}", f"{row.period_until:%m-%d}") for row in rows]


def total(world: World, of: Row) -> Decimal:
    """Give what a subscription was charged in all."""
    return sum((row.amount for row in world.rows(world.distributor(), charge, subscription_id=of.id)), Decimal(0))


def kinds(world: World, of: Row) -> list[tuple[str, str]]:
    """Give what happened to a subscription, in its order."""
    rows = world.rows(world.distributor(), "subscription_change", subscription_id=of.id)
    return [(row.kind, row.status) for row in sorted(rows, key=lambda row: row.number)]


def day(text: str) -> date:
    """Read a day."""
    return date.fromisoformat(text)


def add_on(world: World, of: Row, price: str = "2", **given: Any) -> Row:
    made = priced(world, world.distributor(), price, kind="add_on", **given)
    world.insert(world.distributor(), catalog.product_add_on, product_id=of.id, add_on_id=made.id)
    return made
