"""Customers made of made-up records, in a world where everything that a rule reads has a value of its own."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.kernel.ids import new_id
from tenantry.schema import catalog, crm, sales, tenant as t
from tests.channel.stories import resold_product
from tests.rules.made_up import START
from tests.world import Row, Tenant, World


@dataclass
class Town:
    """A distributor, a reseller, and three systems: of a resold product, of one that is not, of the reseller's own."""

    world: World
    home: Tenant
    reseller: Tenant
    systems: list[UUID] = field(default_factory=list)

    @classmethod
    def found(cls, world: World) -> "Town":
        home, reseller = world.distributor(), world.tenant_reseller(payment_method=False)
        world.payment_method(reseller, name="Cash", created_at=START + timedelta(days=2))
        world.payment_method(reseller, name="Card", created_at=START)
        world.payment_method(reseller, name="Invoice", created_at=START + timedelta(days=1))
        town = cls(world, home, reseller)
        for name in ("Resold", "Not resold"):
            system = world.insert(home, catalog.provisioning_system, name=name)
            town.systems.append(system.id)
            if name == "Resold":
                resold_product(world, reseller, provisioning_system_id=system.id)
            else:
                world.product(provisioning_system_id=system.id)
        return town

    def set_up(self, reseller: dict[str, Any], billing_day: int, activated: set[str], *, default_method: bool) -> None:
        """Change what the rules read of both sides."""
        world, below = self.world, self.reseller
        world.update(self.home, crm.account, Row(id=below.account_id).id, **reseller)
        world.update(below, t.tenant, below.id, billing_day=billing_day)
        with world.web.work(below.id) as work:
            mine = catalog.payment_method.c.tenant_id == below.id
            invoice = catalog.payment_method.c.name == "Invoice"
            work.connection.execute(sa.update(catalog.payment_method).values(is_default=False).where(mine))
            if default_method:
                work.connection.execute(sa.update(catalog.payment_method).values(is_default=True).where(mine, invoice))
            others = t.tenant_currency.c.currency != "EUR"
            work.connection.execute(
                sa.delete(t.tenant_currency).where(t.tenant_currency.c.tenant_id == below.id, others)
            )
        for currency in activated - {"EUR"}:
            world.insert(below, t.tenant_currency, currency=currency)

    def settle(self, customer: dict[str, Any]) -> Row:
        """Make one customer with everything he has, above and, when he sleeps there, below."""
        world, home, below = self.world, self.home, self.reseller
        price_list = world.insert(home, catalog.price_list, name="Retail", currency="EUR")
        given = {
            **customer["account"],
            "price_list_id": price_list.id,
            "payment_method_id": world.payment_method(home).id,
        }
        acme = world.account(bill_to=below, **given)
        addresses = [world.address(acme, **one) for one in customer["addresses"]]
        contacts = [world.contact(acme, **one) for one in customer["contacts"]]
        for system, tie in zip(self.systems, customer["ties"], strict=False):
            world.insert(home, catalog.sync_option, account_id=acme.id, system_id=system, **tie)
        for status in customer["orders"]:
            world.order(acme, status=status)
        if customer["asleep"]:
            given = {**customer["sleeper"], "status": customer["asleep"], "standing": customer["asleep"], "version": 4}
            world.account(below, id=acme.id, **given)
            for known, rows, make in (
                (customer["known_addresses"], addresses, self._old_address),
                (customer["known_contacts"], contacts, self._old_contact),
            ):
                for place, row in enumerate(rows if known else []):
                    make(acme, row.id, place)
            self._old_address(acme, new_id(), 9)
            self._old_contact(acme, new_id(), 9)
        return acme

    def _old_address(self, of: Row, id_: UUID, place: int) -> None:
        is_billing = place == 9 and not self._has_billing(of)
        self.world.address(
            of, self.reseller, id=id_, city=f"Old {place}", version=3, is_billing=is_billing or place == 1
        )

    def _has_billing(self, of: Row) -> bool:
        return bool(self.world.rows(self.reseller, crm.address, account_id=of.id, is_billing=True))

    def _old_contact(self, of: Row, id_: UUID, place: int) -> None:
        standing = "moved_out" if place else "own"
        old = {"last_name": f"Old {place}", "custom_fields": {"old": place}, "version": 3}
        self.world.contact(of, self.reseller, id=id_, standing=standing, **old)

    def read(self, at: Tenant, acme: Row) -> dict[str, dict[UUID, dict[str, Any]]]:
        """Read everything of a customer that a transfer may touch."""
        rows: dict[str, dict[UUID, dict[str, Any]]] = {}
        for table in (crm.account, crm.address, crm.contact, catalog.sync_option, sales.order):
            column = "id" if table is crm.account else "account_id"
            rows[table.name] = {row.id: vars(row) for row in self.world.rows(at, table, **{column: acme.id})}
        return rows
