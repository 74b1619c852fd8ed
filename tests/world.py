"""The world that tests tell stories in: tenants, accounts and what happens between them, in the trade's words."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers import actions as handovers, reversal, running
from tenantry.channel.tenant_resellers import standing
from tenantry.database import Database, Work
from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.ids import new_id
from tenantry.schema import catalog, channel, crm, metadata, sales, tenant as t
from tenantry.schema.subscription import asset
from tenantry.tenancy.actor import actor_of
from tenantry.tenancy.founding import Founding, found

_counter = itertools.count(1)
# Numbers of what is put there directly; the tenants count from 1001 on, and however long the story, they never meet.
FAR = 1_000_000


class Row(SimpleNamespace):
    """A row as a test sees it."""

    id: UUID
    tenant_id: UUID


@dataclass
class Tenant:
    """An organisation of the story, and the world it lives in."""

    world: "World"
    id: UUID
    code: str
    name: str
    admin_id: UUID
    rule_id: UUID
    account_id: UUID | None = None
    price_list_id: UUID | None = None


@dataclass
class World:
    """Makes what a story needs; whatever does not matter to it is not mentioned."""

    web: Database
    worker: Database
    _distributor: Tenant | None = field(default=None, repr=False)

    def distributor(self) -> Tenant:
        """Give the story's distributor; there is one."""
        if self._distributor is None:
            self._distributor = self.tenant("distributor", currencies=("EUR", "USD", "GBP"))
            self.payment_method(self._distributor, name="Invoice", is_default=True)
        return self._distributor

    def tenant(self, kind: str = "distributor", **given: Any) -> Tenant:
        """Found a tenant."""
        number = next(_counter)
        code = f"{kind[:4]}-{new_id().hex[-8:]}"
        founding = Founding(
            **{
                "name": f"{kind.title()} {number}",
                "code": code,
                "kind": kind,
                "admin_name": f"Admin {number}",
                "admin_email": f"admin@{code}.example",
                **given,
            }
        )
        with self.worker.channel(founding.id, [founding.id]) as work:
            admin = found(work, founding)
        with self.web.work(founding.id) as work:
            rule = work.connection.scalar(sa.select(t.tenant.c.common_rule_id).where(t.tenant.c.id == founding.id))
        return Tenant(self, founding.id, code, founding.name, admin, rule)

    def tenant_reseller(
        self, state: str = "set_up", *, payment_method: bool = True, above: Tenant | None = None, **account: Any
    ) -> Tenant:
        """Give a reseller account at the distributor a tenant of its own."""
        above = above or self.distributor()
        given = {
            "name": f"Reseller {next(_counter)}",
            "reselling_enabled": True,
            "country": "GR",
            "state": "GR-I",
            **account,
        }
        mine = self.account(at=above, **given)
        below = self.tenant(
            "reseller", parent_id=above.id, reseller_account_id=mine.id, name=given["name"], currencies=("EUR",)
        )
        below.account_id = mine.id
        below.price_list_id = self.insert(above, catalog.price_list, name=f"For {below.name}", currency="EUR").id
        if payment_method:
            self.payment_method(below, name="Copied", is_default=True)
        self.insert(
            above,
            channel.tenant_reseller,
            id=mine.id,
            reseller_tenant_id=below.id,
            state=state,
            price_list_id=below.price_list_id,
        )
        if state == "live":
            self.update(below, t.tenant, below.id, live_at=sa.func.now())
        return below

    def account(self, at: Tenant | None = None, bill_to: Tenant | Row | None = None, **given: Any) -> Row:
        """Make an account; `bill_to` a tenant reseller makes it his customer."""
        at = at or self.distributor()
        number, id_ = next(_counter), given.pop("id", None) or new_id()
        payer = bill_to.account_id if isinstance(bill_to, Tenant) else bill_to.id if bill_to else id_
        return self.insert(
            at,
            crm.account,
            **{
                "id": id_,
                "number": FAR + number,
                "name": f"Account {number}",
                "bill_to_id": payer,
                "parent_id": payer if payer != id_ else None,
                "currency": "EUR",
                "credit_limit": 1_000_000,
                "responsible_user_id": at.admin_id,
                "permission_rule_id": at.rule_id,
                **given,
            },
        )

    def address(self, of: Row, at: Tenant | None = None, **given: Any) -> Row:
        """Give an account an address."""
        return self.insert(
            at or self.distributor(), crm.address, account_id=of.id, **{"city": "Berlin", "country": "DE", **given}
        )

    def contact(self, of: Row, at: Tenant | None = None, **given: Any) -> Row:
        """Give an account a contact."""
        at = at or self.distributor()
        access = {"responsible_user_id": at.admin_id, "permission_rule_id": at.rule_id}
        return self.insert(at, crm.contact, account_id=of.id, **{"last_name": "Weber", **access, **given})

    def payment_method(self, at: Tenant, **given: Any) -> Row:
        """Give a tenant a payment method."""
        return self.insert(at, catalog.payment_method, **{"name": "Invoice", **given})

    def product(self, at: Tenant | None = None, **given: Any) -> Row:
        """Give a tenant a product."""
        number = next(_counter)
        return self.insert(
            at or self.distributor(), catalog.product, **{"sku": f"SKU-{number}", "name": f"Product {number}", **given}
        )

    def order(self, of: Row, at: Tenant | None = None, **given: Any) -> Row:
        """Make an order of an account."""
        at = at or self.distributor()
        return self.insert(
            at,
            sales.order,
            **{
                "number": FAR + next(_counter),
                "name": f"Order of {of.name}",
                "account_id": of.id,
                "bill_to_id": of.bill_to_id,
                "ordered_on": date(2026, 11, 1),
                "currency": of.currency,
                "responsible_user_id": at.admin_id,
                "permission_rule_id": at.rule_id,
                **given,
            },
        )

    def subscription(self, of: Row, product: Row, at: Tenant | None = None, **given: Any) -> Row:
        """Make a subscription of an account."""
        at = at or self.distributor()
        return self.insert(
            at,
            sales.subscription,
            **{
                "account_id": of.id,
                "bill_to_id": of.bill_to_id,
                "product_id": product.id,
                "name": f"{of.name} - {product.name}",
                "cycle": "monthly",
                "currency": of.currency,
                "quantity": 1,
                "unit_price": 10,
                "start_on": date(2026, 1, 1),
                "responsible_user_id": at.admin_id,
                "permission_rule_id": at.rule_id,
                **given,
            },
        )

    def asset(self, of: Row, product: Row, at: Tenant | None = None, **given: Any) -> Row:
        """Give an account an asset."""
        at = at or self.distributor()
        return self.insert(
            at,
            asset,
            **{
                "account_id": of.id,
                "bill_to_id": of.bill_to_id,
                "product_id": product.id,
                "name": f"{of.name} - {product.name}",
                "quantity": 1,
                "unit_price": 5,
                "currency": of.currency,
                "bought_on": date(2026, 1, 1),
                "responsible_user_id": at.admin_id,
                "permission_rule_id": at.rule_id,
                **given,
            },
        )

    def insert(self, at: Tenant, table: sa.Table | str, **given: Any) -> Row:
        """Write a row as the tenant would and read it back."""
        table = metadata.tables[table] if isinstance(table, str) else table
        values = {"tenant_id": at.id, "id": new_id(), **given}
        with self.web.work(at.id) as work:
            row = work.connection.execute(sa.insert(table).values(values).returning(table)).mappings().one()
        return Row(**row)

    def update(self, at: Tenant, table: sa.Table | str, id_: UUID, **values: Any) -> None:
        """Change a row behind the program's back."""
        table = metadata.tables[table] if isinstance(table, str) else table
        key = [table.c.id == id_]
        if "tenant_id" in table.c:
            key.append(table.c.tenant_id == at.id)
        with self.web.work(at.id) as work:
            work.connection.execute(sa.update(table).values(values).where(*key))

    def row(self, at: Tenant, table: sa.Table | str, id_: UUID) -> Row | None:
        """Read a row as a tenant has it; None where it has none."""
        table = metadata.tables[table] if isinstance(table, str) else table
        with self.web.work(at.id) as work:
            row = (
                work.connection.execute(sa.select(table).where(table.c.tenant_id == at.id, table.c.id == id_))
                .mappings()
                .first()
            )
        return Row(**row) if row else None

    def rows(self, at: Tenant, table: sa.Table | str, **where: Any) -> list[Row]:
        """Read the rows of a tenant that have these values, oldest id first."""
        table = metadata.tables[table] if isinstance(table, str) else table
        conditions = [table.c[name] == value for name, value in where.items()]
        with self.web.work(at.id) as work:
            query = sa.select(table).where(table.c.tenant_id == at.id, *conditions).order_by(table.c.id)
            return [Row(**row) for row in work.connection.execute(query).mappings()]

    def admin(self, at: Tenant) -> Actor:
        """Give the tenant's admin as an actor."""
        return Actor(at.admin_id, f"Admin of {at.name}", SYSTEM.permissions, None, None, None)

    def transfer_accounts(self, *accounts: Row, to: Tenant, at: Tenant | None = None) -> Row:
        """Plan, confirm and run Transfer Accounts; gives the copy of the first account."""
        handover = self.plan(*accounts, to=to, at=at)
        self.confirm(handover, at=at)
        copy = self.row(to, crm.account, accounts[0].id) if accounts else None
        return copy or Row()

    def transfer_subscriptions(
        self, *chosen: Row, to: Tenant, at: Tenant | None = None, rates: Mapping[str, Decimal] | None = None
    ) -> Row:
        """Plan, confirm and run Transfer Subscriptions of these, or of all; gives the handover."""
        return self.confirm(self.plan(*chosen, to=to, at=at, kind="transfer_subscriptions", rates=rates), at=at)

    def go_live(self, reseller: Tenant, at: Tenant | None = None) -> Tenant:
        """Transfer what is left of what his customers have, and activate back ordering."""
        at = at or self.distributor()
        if self.row(at, channel.tenant_reseller, self._id_of(reseller)).state == "accounts_transferred":
            plan = self.plan(to=reseller, at=at, kind="transfer_subscriptions")
            if plan.total:
                self.confirm(plan, at=at)
        if not self.is_live(reseller):
            self.confirm(self.plan(to=reseller, at=at, kind="activate_back_ordering"), at=at)
        assert self.is_live(reseller), "something holds him back; look at the findings of the plan"
        return reseller

    def suspend(self, reseller: Tenant) -> None:
        """Suspend a tenant reseller, as the admin above does."""
        self._become(standing.suspend, reseller)

    def resume(self, reseller: Tenant) -> None:
        """Resume him."""
        self._become(standing.resume, reseller)

    def close(self, reseller: Tenant) -> None:
        """Close him for good."""
        self._become(standing.close, reseller)

    def _become(self, act: Callable[[Work, UUID], None], reseller: Tenant) -> None:
        above = self.distributor()
        with self.web.work(above.id, self.admin(above)) as work:
            act(work, self._id_of(reseller))

    def person(self, at: Tenant) -> Actor:
        """Give the tenant's admin as he comes in today, with what his organisation lets him."""
        with self.web.work(at.id) as work:
            return actor_of(work.connection, at.id, at.admin_id)

    def is_live(self, at: Tenant) -> bool:
        """Say whether a tenant reseller is live."""
        with self.web.work(at.id) as work:
            return work.connection.scalar(sa.select(t.tenant.c.live_at).where(t.tenant.c.id == at.id)) is not None

    def plan(
        self,
        *chosen: Row,
        to: Tenant,
        at: Tenant | None = None,
        kind: str = "transfer_accounts",
        rates: Mapping[str, Decimal] | None = None,
    ) -> Row:
        """Plan Transfer Accounts, or another handover, of these records, or of all when none is named."""
        at, ids = at or self.distributor(), [one.id for one in chosen] or "all"
        with self.web.work(at.id, self.admin(at)) as work:
            id_ = handovers.plan(work, kind, self._id_of(to), ids, rates=rates)
        return self._handover(at, id_)

    def confirm(self, handover: Row, at: Tenant | None = None, chunk: int = 5_000) -> Row:
        """Confirm a plan and run it here and now."""
        at = at or self.distributor()
        with self.web.work(at.id, self.admin(at)) as work:
            handovers.confirm(work, handover.id, handover.digest)
        running.run(self.worker, at.id, handover.id, size=chunk)
        return self._handover(at, handover.id)

    def undo(self, handover: Row, *accounts: Row, at: Tenant | None = None) -> Row:
        """Undo a handover here and now, whole or for some accounts."""
        at = at or self.distributor()
        with self.web.work(at.id, self.admin(at)) as work:
            handovers.reverse(work, handover.id, [one.id for one in accounts] or None)
        reversal.run(self.worker, at.id, handover.id)
        return self._handover(at, handover.id)

    def _id_of(self, reseller: Tenant) -> UUID:
        assert reseller.account_id is not None
        return reseller.account_id

    def _handover(self, at: Tenant, id_: UUID) -> Row:
        row = self.row(at, channel.handover, id_)
        assert row is not None
        return row
