"""Where the matrix of the policy puts its records: each in any standing and status, with all that its acts need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import product as combinations
from typing import Any
from uuid import UUID

from tests.sales.shopping import with_shop
from tests.world import Row, Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.ids import new_id
from tenantry.schema import billing, catalog, crm, sales
from tenantry.schema.charging import service_request
from tenantry.schema.subscription import subscription_change

PARTY = "name vat_number street street_2 postcode city state country".split()
ENDED = {"moved_out": "moved_out", "transferred_out": "transferred_out", "archived": "deleted"}
OPPORTUNITIES = ("open", "won", "lost")
OFFERED = ("in_progress", "accepted", "lost")
MANAGED = ("handed_down", "mirrored", "marked", "back_order")
# Standings that only a reseller's tenant has, as long as it is not live.
BELOW = ("received",)


@dataclass(frozen=True)
class Record:
    """A record of the matrix, in its tenant, and the account that it belongs to."""

    at: Tenant
    row: Row
    account: Row
    item: UUID | None = None


@dataclass
class Stage:
    """Where records are put: a distributor, a reseller that is not live, and what their records need."""

    world: World

    @cached_property
    def reseller(self) -> Tenant:
        return self.world.tenant_reseller()

    @cached_property
    def product(self) -> UUID:
        made = self.world.product().id
        priced = {"product_id": made, "cycle": "monthly", "currency": "EUR", "unit_price": 5}
        self.world.insert(self.world.distributor(), catalog.product_price, **priced)
        return made

    def price_list(self, at: Tenant) -> UUID:
        """Give a price list on which there is something."""
        if at.price_list_id is None or at is self.reseller:
            product = self.world.product(at).id
            at.price_list_id = self.world.insert(at, catalog.price_list, name=new_id().hex, currency="EUR").id
            sold = {"product_id": product, "cycle": "monthly", "price": 5}
            self.world.insert(at, catalog.price_list_item, price_list_id=at.price_list_id, **sold)
        return at.price_list_id

    def at(self, standing: str) -> Tenant:
        return self.reseller if standing in BELOW else self.world.distributor()

    def account(self, standing: str, status: str) -> Record:
        at = self.at(standing)
        managed = self.reseller.id if standing in MANAGED else None
        row = self.world.account(at, standing=standing, status=status, managed_by=managed, reselling_enabled=True)
        return Record(at, row, row)

    def order(self, standing: str, status: str) -> Record:
        at = self.world.distributor()
        acme = self.world.account()
        managed = self.reseller.id if standing in MANAGED else None
        number = new_id().int >> 65
        row = self.world.order(acme, standing=standing, status=status, managed_by=managed, number=number)
        priced = {"unit_price": 5, "cycle": "monthly", "quantity": 1, "position": 1}
        item = self.world.insert(at, sales.order_item, order_id=row.id, product_id=self.product, **priced)
        return Record(at, row, acme, item.id)

    def invoice(self, standing: str, status: str) -> Record:
        acme, home = self.world.account(), self.world.distributor()
        issued = {
            "number": new_id().int >> 65,
            "code": "X",
            "issued_on": date(2026, 11, 1),
            "due_on": date(2026, 12, 1),
        }
        kept = {"issued_at": clock.now(), "seller": {"name": "Meridian"}, "payer": dict.fromkeys(PARTY, "")}
        row = self.world.insert(
            home,
            billing.invoice,
            series_id=self.world.rows(home, billing.invoice_series)[0].id,
            account_id=acme.id,
            bill_to_id=acme.id,
            currency="EUR",
            standing=standing,
            status=status,
            responsible_user_id=home.admin_id,
            permission_rule_id=home.rule_id,
            **(issued | kept if status == "issued" else {}),
        )
        figures = {"quantity": 1, "unit_price": 5, "net": 5}
        line = self.world.insert(
            home, billing.invoice_line, invoice_id=row.id, account_id=acme.id, name="Help", **figures
        )
        return Record(home, row, acme, line.id)

    def opportunity(self, standing: str, status: str) -> Record:
        acme = self.account(standing, ENDED.get(standing, "active"))
        row = self.world.insert(acme.at, crm.opportunity, **self.selling(acme, OPPORTUNITIES, status))
        return Record(acme.at, row, acme.row)

    def offer(self, standing: str, status: str) -> Record:
        acme = self.account(standing, ENDED.get(standing, "active"))
        given = self.selling(acme, OFFERED, status)
        numbered = {"number": new_id().int >> 65, "offered_on": date(2026, 11, 1)}
        row = self.world.insert(acme.at, sales.offer, **given, **numbered)
        product = self.world.product(acme.at).id
        priced = {"product_id": product, "cycle": "monthly", "unit_price": 5}
        self.world.insert(acme.at, catalog.product_price, currency="EUR", **priced)
        item = self.world.insert(acme.at, sales.offer_item, offer_id=row.id, quantity=1, position=1, **priced)
        return Record(acme.at, row, acme.row, item.id)

    def selling(self, acme: Record, statuses: tuple[str, ...], status: str) -> dict[str, Any]:
        """Give what an offer or an opportunity of an account has."""
        mine = {"responsible_user_id": acme.at.admin_id, "permission_rule_id": acme.at.rule_id}
        known = status if status in statuses else statuses[0]
        return {"name": "Mail", "account_id": acme.row.id, "currency": "EUR", "status": known, **mine}

    def address(self, standing: str, _status: str) -> Record:
        acme = self.world.account()
        self.world.address(acme, is_billing=True)
        return Record(self.world.distributor(), self.world.address(acme, standing=standing, position=1), acme)

    def contact(self, standing: str, _status: str) -> Record:
        acme, at = self.world.account(), with_shop(self.world)
        invited = {"storefront_user": True, "email": f"{new_id().hex}@acme.example"}
        return Record(at, self.world.contact(acme, standing=standing, **invited), acme)

    def sync_option(self, standing: str, status: str) -> Record:
        acme = self.account(standing, status)
        system = self.world.insert(acme.at, catalog.provisioning_system, name=new_id().hex)
        tie = self.world.insert(acme.at, catalog.sync_option, account_id=acme.row.id, system_id=system.id)
        return Record(acme.at, tie, acme.row)

    def product_(self, standing: str, _status: str) -> Record:
        row = self.world.product(standing=standing)
        return Record(self.world.distributor(), row, row, self.world.product(kind="add_on").id)

    def plan(self, standing: str, _status: str) -> Record:
        home, above = self.world.distributor(), None if standing == "own" else new_id()
        told = {"name": "Business", "standing": standing, "descends_from_id": above}
        row = self.world.insert(home, catalog.plan, product_id=self.product, **told)
        return Record(home, row, row)

    @cached_property
    def mail(self) -> Row:
        """Give a product with everything that a subscription of it can be changed with."""
        home = self.world.distributor()
        system = self.world.insert(home, catalog.provisioning_system, name=new_id().hex)
        mail = self.priced(provisioning_system_id=system.id)
        mail.has, mail.buys = self.priced(kind="add_on"), self.priced(kind="add_on")
        mail.up, mail.down = self.priced(), self.priced()
        for kind, to in (("upgrade", mail.up), ("downgrade", mail.down)):
            self.world.insert(home, catalog.product_path, product_id=mail.id, kind=kind, to_product_id=to.id)
        for of, add_on in combinations((mail, mail.up, mail.down), (mail.has, mail.buys)):
            self.world.insert(home, catalog.product_add_on, product_id=of.id, add_on_id=add_on.id)
        return mail

    def priced(self, **given: Any) -> Row:
        product = self.world.product(**given)
        price = {"cycle": "monthly", "currency": "EUR", "unit_price": 5}
        self.world.insert(self.world.distributor(), catalog.product_price, product_id=product.id, **price)
        return product

    def subscription(self, standing: str, status: str) -> Record:
        at, today = self.at(standing), clock.now().date()
        acme = self.world.account(at, standing="received" if standing in BELOW else "own")
        product = self.world.product(at) if standing in BELOW else self.mail
        row = self.world.subscription(
            acme,
            product,
            at,
            standing="own" if standing in BELOW else standing,
            managed_by=self.reseller.id if standing in MANAGED else None,
            status=status,
            quantity=10,
            unit_price=4,
            provisioning_status="failed",
            start_on=today + timedelta(days=9 if status == "starting_later" else -3),
            **(SINCE[status](today)),
        )
        change = {"effective_on": today + timedelta(days=2), "after": {"quantity": 12}, "status": "scheduled"}
        mine = {"subscription_id": row.id, "account_id": acme.id}
        planned = self.world.insert(at, subscription_change, number=1, kind="quantity", **change, **mine)
        if standing not in BELOW:
            had = {"subscription_id": row.id, "product_id": self.mail.has.id, "quantity": 1, "unit_price": 5}
            self.world.insert(at, sales.subscription_add_on, **had)
            asked = {"system_id": product.provisioning_system_id, "verb": "create", "status": "failed", "desired": {}}
            self.world.insert(at, service_request, **asked, **mine)
        return Record(at, row, acme, planned.id)

    def asset(self, standing: str, status: str) -> Record:
        at = self.at(standing)
        acme = self.world.account(at, standing="received" if standing in BELOW else "own")
        mine = "own" if standing in BELOW else standing
        row = self.world.asset(acme, self.world.product(at), at, standing=mine, status=status)
        return Record(at, row, acme)

    def tenant_reseller(self, standing: str, _status: str) -> Record:
        tenant = self.world.tenant_reseller(standing)
        at = self.world.distributor()
        if standing == "creating" and tenant.account_id:
            self.world.update(at, "tenant_reseller", tenant.account_id, problem="It stopped.")
        row = self.world.row(at, "tenant_reseller", Row(id=tenant.account_id).id)
        assert row
        return Record(at, row, row)


def _paid(today: date) -> dict[str, Any]:
    return {"paid_from": today - timedelta(days=3), "charged_until": today + timedelta(days=20)}


# What a subscription's dates say in each status, on a day.
SINCE: dict[str, Callable[[date], dict[str, Any]]] = {
    "starting_later": lambda _: {},
    "trial": lambda today: {"trial_until": today + timedelta(days=5)},
    "active": _paid,
    "suspended": lambda today: {**_paid(today), "charged_until": today - timedelta(days=1), "suspended_on": today},
    "pending_cancellation": lambda today: {**_paid(today), "end_on": today + timedelta(days=9)},
    "cancelled": lambda today: {**_paid(today), "end_on": today - timedelta(days=1)},
    "expired": lambda today: {"end_on": today - timedelta(days=1)},
}
