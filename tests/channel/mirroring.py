"""What stories about mirrors need: a live reseller, what he resells, sales in his tenant, and the drain."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel import mirror
from tenantry.channel.mirror.applying import OVERTAKEN
from tenantry.crm import actions as accounts
from tenantry.sales.actions import NewItem, NewOrder, create_order, execute_order, submit_order
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.due import bring_up_to_date
from tenantry.schema.message import message, message_set_aside
from tests.sales.subscriptions.stories import on
from tests.world import Row, Tenant, World


@dataclass
class Channel:
    """A distributor, his live reseller, and a customer of the reseller who has bought nothing yet."""

    world: World
    above: Tenant
    below: Tenant
    customer: Row

    def product(self, price: object = 10, cost: object = 7, *, cycle: str = "monthly", **given: Any) -> Row:
        """Give both a product: what the reseller asks for it, and what it costs him at the distributor."""
        made = self.world.product(self.above, **given)
        shared = {name: getattr(made, name) for name in ("id", "sku", "name", "kind")}
        self.world.product(self.below, **{**given, **shared, "standing": "inherited"})
        self.priced(self.above, made, cost, cycle=cycle)
        self.priced(self.below, made, price, cycle=cycle)
        return made

    def priced(self, at: Tenant, product: Row, price: object, *, cycle: str = "monthly", **given: Any) -> None:
        """Say what a unit costs at a tenant."""
        values = {"cycle": cycle, "currency": "EUR", "unit_price": Decimal(str(price)), **given}
        self.world.insert(at, "product_price", product_id=product.id, **values)

    def listed(self, product: Row, price: object, **given: Any) -> None:
        """Put a price on the list that the reseller buys by."""
        values = {"cycle": "monthly", "price": Decimal(str(price)), **given}
        self.world.insert(
            self.above, "price_list_item", price_list_id=self.below.price_list_id, product_id=product.id, **values
        )

    def sell(self, *items: NewItem, to: Row | None = None) -> list[Row]:
        """Execute an order below; gives the subscriptions that it started."""
        with self.world.web.work(self.below.id, self.world.admin(self.below)) as work:
            id = create_order(work, NewOrder((to or self.customer).id, items=items))
            submit_order(work, id)
            made = execute_order(work, id)
        return [self.under("subscription", one) for one in made if self.world.row(self.below, "subscription", one)]

    def sold(self, product: Row, quantity: int = 5, **item: Any) -> Row:
        """Sell one thing; gives the subscription below."""
        return self.sell(NewItem(product.id, item.pop("cycle", "monthly"), quantity, **item))[0]

    def do(self, verb: str, of: Row, *given: Any, **named: Any) -> Any:
        """Do something with a subscription below."""
        with self.world.web.work(self.below.id, self.world.admin(self.below)) as work:
            return getattr(actions, verb)(work, of.id, *given, **named)

    def on(self, day: str) -> AbstractContextManager[None]:
        """Let it be noon of a day, once what has fallen due below was done."""
        return on(day)

    def day_comes(self) -> None:
        """Let the worker do below what is due today."""
        bring_up_to_date(self.world.worker, self.below.id)

    def add_on(self, of: Row, **given: Any) -> Row:
        """Give both an add-on of a product."""
        made = self.product(kind="add_on", **given)
        for at in (self.above, self.below):
            self.world.insert(at, "product_add_on", product_id=of.id, add_on_id=made.id)
        return made

    def path(self, of: Row, to: Row, kind: str = "upgrade") -> None:
        """Let a product go up or down to another below."""
        self.world.insert(self.below, "product_path", product_id=of.id, kind=kind, to_product_id=to.id)

    def buy(self, product: Row, quantity: int = 1) -> Row:
        """Sell something below that is paid once; gives the asset."""
        self.sell(NewItem(product.id, "one_off", quantity))
        [made] = self.world.rows(self.below, "asset", product_id=product.id)
        return made

    def account(self, verb: str, *given: Any, **named: Any) -> Any:
        """Do something with the customer below."""
        with self.world.web.work(self.below.id, self.world.admin(self.below)) as work:
            return getattr(accounts, verb)(work, self.customer.id, *given, **named)

    def told(self) -> list[Row]:
        """Give what was told below and is not applied yet, in its order."""
        return _local(self.world, self.below, message)

    def set_aside(self) -> list[Row]:
        """Give what was set aside, in its order."""
        return _local(self.world, self.below, message_set_aside)

    def put_back(self, who: Row | None = None) -> None:
        """Give what was set aside of the customer another try."""
        with self.world.worker.channel(self.below.id, [self.below.id]) as work:
            jobs.put_back(work.connection, self.below.id, (who or self.customer).id)

    def forget(self, *told: Row) -> None:
        """Lose what was told."""
        with self.world.worker.channel(self.below.id, [self.below.id]) as work:
            work.connection.execute(
                sa.delete(message).where(
                    message.c.tenant_id == self.below.id, message.c.id.in_([one.id for one in told])
                )
            )

    def repeat(self, *told: Row) -> None:
        """Tell it again, in this order."""
        with self.world.worker.channel(self.below.id, [self.below.id]) as work:
            for one in told:
                jobs.tell(
                    work.connection,
                    self.below.id,
                    one.kind,
                    one.subject_id,
                    account_id=one.account_id,
                    fact=one.fact_id,
                )

    def drain(self) -> int:
        """Apply what was told below until nothing is left."""
        return drain(self.world, self.below)

    def over(self, table: str, id: UUID) -> Row:
        """Give a row as the distributor has it."""
        row = self.world.row(self.above, table, id)
        assert row is not None, f"there is no {table} {id} above"
        return row

    def under(self, table: str, id: UUID) -> Row:
        """Give a row as the reseller has it."""
        row = self.world.row(self.below, table, id)
        assert row is not None
        return row

    def orders(self) -> list[Row]:
        """Give the back orders of the customer, in the order of their numbers."""
        found = self.world.rows(self.above, "order", account_id=self.customer.id, standing="back_order")
        return sorted(found, key=lambda one: one.number)

    def sold_above(self) -> list[list[tuple[str, int]]]:
        """Give what each back order holds, item by item: product and units with their sign."""
        names = {one.id: one.name for one in self.world.rows(self.above, "product")}
        return [[(names[one.product_id], one.quantity) for one in self.items(order)] for order in self.orders()]

    def items(self, of: Row) -> list[Row]:
        """Give the items of an order above, in their places."""
        return sorted(self.world.rows(self.above, "order_item", order_id=of.id), key=lambda one: one.position)

    def history(self, id: UUID) -> list[str]:
        """Give what the distributor's history says about a record."""
        return [line.sentence for line in self.world.rows(self.above, "history_line", subject_id=id)]


def channel(world: World, **reseller: Any) -> Channel:
    """Begin a story: a distributor, a live reseller, a customer of his."""
    above = world.distributor()
    below = world.tenant_reseller(state="live", **reseller)
    customer = world.account(at=below, name="Acme", accounting_no="R-1", email="office@acme.example")
    world.address(customer, at=below, city="Athens", country="GR", is_billing=True)
    return Channel(world, above, below, customer)


def _local(world: World, at: Tenant, table: sa.Table) -> list[Row]:
    with world.worker.channel(at.id, [at.id]) as work:
        rows = work.connection.execute(sa.select(table).where(table.c.tenant_id == at.id).order_by(table.c.id))
        return [Row(**row) for row in rows.mappings()]


def drain(world: World, reseller: Tenant) -> int:
    """Apply what the reseller's tenant told until nothing is left, also beside a worker that does the same."""
    taken = 0
    while True:
        try:
            batch = mirror.apply(world.worker, reseller.id)
        except sa.exc.DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) not in OVERTAKEN:
                raise
        else:
            if not batch:
                return taken
            taken += batch
