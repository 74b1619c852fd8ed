"""The whole policy through API and screen: act x standing x status, generated from the tables (UP-23).

Wherever the policy says no, the record says so, the call is refused with that rule, and the button is there with the
reason; wherever it says yes, all three let through. An act without a call here fails, so a new one is not forgotten.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import product as combinations
from typing import Any
from uuid import UUID

import pytest
from tests.sales.shopping import with_shop
from tests.web.conftest import Asker, Enter, Visitor
from tests.world import Row, Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Verdict
from tenantry.rules.policy import (
    Account,
    Address,
    Asset,
    Contact,
    Offer,
    Opportunity,
    Order,
    Policy,
    Product,
    Subscription,
    SyncOption,
    TenantReseller,
)
from tenantry.schema import catalog, crm, sales
from tenantry.schema.charging import service_request
from tenantry.schema.subscription import subscription_change
from tenantry.web.http.identity import COOKIE

ENDED = {"moved_out": "moved_out", "transferred_out": "transferred_out", "archived": "deleted"}
LIVING = ("active", "suspended", "closed")
OPPORTUNITIES = ("open", "won", "lost")
OFFERED = ("in_progress", "accepted", "lost")
ORDERED = ("draft", "submitted", "executed", "cancelled")
MANAGED = ("handed_down", "mirrored", "marked", "back_order")
# Standings that only a reseller's tenant has, as long as it is not live.
BELOW = ("received",)
# How a button is called where the page is about something else than the act's record.
CALLED = {"update_item": "Update", "change_quantity": "Quantity", "delete_item": "Delete"}
LONGEST = 600
NEXT = re.compile(r"^Comes with (the next|a later) release\.")

Call = tuple[str, str, dict[str, Any] | None]


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


@dataclass(frozen=True)
class Face:
    """How the records of a policy are made, read, shown, and acted upon."""

    make: Callable[[Stage, str, str], Record]
    path: str
    pages: tuple[str, ...]
    calls: dict[str, Callable[[Stage, Record], Call]]
    statuses: tuple[str, ...] = ("active",)
    # Of several records on one page, the buttons carry the id.
    suffix: str = ""
    # Whether a standing of the past has a status of its own, as an account's has.
    ends: bool = True
    # Acts that the page does not draw in some standings, with the reason why.
    elsewhere: frozenset[str] = frozenset()


def _activity(kind: str, about: str) -> Callable[[Stage, Record], Call]:
    def call(_stage: Stage, one: Record) -> Call:
        return "POST", "/activities", {"kind": kind, "subject": "Hello", "about": about, "about_id": str(one.row.id)}

    return call


def _on(method: str, path: str, given: dict[str, Any] | None = None) -> Callable[[Stage, Record], Call]:
    def call(_stage: Stage, one: Record) -> Call:
        return method, path.format(id=one.row.id, account=one.account.id, item=one.item), given

    return call


def _on_account(path: str) -> Callable[[Stage, Record], Call]:
    def call(_stage: Stage, one: Record) -> Call:
        return "POST", path, {"account_id": str(one.row.id)}

    return call


def _new_opportunity(_stage: Stage, one: Record) -> Call:
    return "POST", "/opportunities", {"account_id": str(one.row.id), "name": "Mail for all"}


def _new_order(_stage: Stage, one: Record) -> Call:
    return "POST", "/orders", {"account_id": str(one.row.id)}


def _new_reseller(stage: Stage, one: Record) -> Call:
    admin = {"admin_name": "Eleni", "admin_email": f"{one.row.id.hex}@aegean.example"}
    given = {"account_id": str(one.row.id), "price_list_id": str(stage.price_list(one.at)), **admin}
    return "POST", "/tenant-resellers", {**given, "language": "el", "time_zone": "Europe/Athens"}


def _new_subscription(stage: Stage, one: Record) -> Call:
    given = {"account_id": str(one.row.id), "product_id": str(stage.mail.up.id), "cycle": "monthly"}
    return "POST", "/subscriptions", given


def _item(stage: Stage, one: Record) -> Call:
    given = {"product_id": str(stage.product), "cycle": "monthly", "quantity": 1, "unit_price": "5"}
    return "POST", f"/orders/{one.row.id}/items", given


def _delivery(_stage: Stage, one: Record) -> Call:
    return "POST", f"/orders/{one.row.id}/delivery", {"items": [str(one.item)]}


def _new_offer(_stage: Stage, one: Record) -> Call:
    return "POST", "/offers", {"account_id": str(one.account.id), "opportunity_id": str(one.row.id)}


def _offered(stage: Stage, one: Record) -> Call:
    [item] = stage.world.rows(one.at, sales.offer_item, id=one.item)
    return "POST", f"/offers/{one.row.id}/items", {"product_id": str(item.product_id), "cycle": "monthly"}


def _path(stage: Stage, one: Record) -> Call:
    return "PUT", f"/products/{one.row.id}/paths/{stage.product}", {"kind": "upgrade"}


def _handover(_stage: Stage, one: Record) -> Call:
    return "POST", "/handovers", {"kind": "transfer_accounts", "tenant_reseller_id": str(one.row.id), "accounts": "all"}


def _quantity(stage: Stage, one: Record) -> Call:
    return "PATCH", f"/subscriptions/{one.row.id}/add-ons/{stage.mail.has.id}", {"quantity": 2}


def _drop(stage: Stage, one: Record) -> Call:
    return "DELETE", f"/subscriptions/{one.row.id}/add-ons/{stage.mail.has.id}", None


def _add_on(stage: Stage, one: Record) -> Call:
    return "POST", f"/subscriptions/{one.row.id}/add-ons", {"product_id": str(stage.mail.buys.id)}


def _up(stage: Stage, one: Record) -> Call:
    return "POST", f"/subscriptions/{one.row.id}/upgrades", {"product_id": str(stage.mail.up.id), "quantity": 4}


def _down(stage: Stage, one: Record) -> Call:
    return "POST", f"/subscriptions/{one.row.id}/downgrades", {"product_id": str(stage.mail.down.id)}


def _reprice(_stage: Stage, one: Record) -> Call:
    return "PUT", "/price-updates", {"subscription_ids": [str(one.row.id)]}


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

FACES: dict[type[Policy], Face] = {
    Subscription: Face(
        Stage.subscription,
        "/subscriptions/{id}",
        ("/subscriptions/{id}",),
        {
            "edit": _on("PATCH", "/subscriptions/{id}", {"name": "Mail"}),
            "change_quantity": _on("POST", "/subscriptions/{id}/quantity-changes", {"quantity": 12}),
            "buy_add_on": _add_on,
            "change_add_on": _quantity,
            "remove_add_on": _drop,
            "upgrade": _up,
            "downgrade": _down,
            "convert": _on("PUT", "/subscriptions/{id}/conversion"),
            "suspend": _on("PUT", "/subscriptions/{id}/suspension", {}),
            "resume": _on("DELETE", "/subscriptions/{id}/suspension"),
            "cancel": _on("PUT", "/subscriptions/{id}/cancellation", {}),
            "keep": _on("DELETE", "/subscriptions/{id}/cancellation"),
            "set_renewal": _on("PUT", "/subscriptions/{id}/renewal", {"renew": False}),
            "update_prices": _reprice,
            "freeze_prices": _on("PUT", "/subscriptions/{id}/price-freeze"),
            "withdraw_change": _on("DELETE", "/subscriptions/{id}/changes/{item}"),
            "retry": _on("PUT", "/subscriptions/{id}/provisioning"),
            "add_activity": _activity("task", "subscription"),
        },
        tuple(SINCE),
        ends=False,
        # Offered at each add-on and each planned change, where they may be done.
        elsewhere=frozenset({"change_add_on", "remove_add_on", "withdraw_change"}),
    ),
    Asset: Face(
        Stage.asset,
        "/assets/{id}",
        ("/assets/{id}",),
        {
            "edit": _on("PATCH", "/assets/{id}", {"serial_number": "1"}),
            "take_back": _on("PUT", "/assets/{id}/return", {}),
        },
        ("active", "returned", "cancelled"),
        ends=False,
    ),
    Account: Face(
        Stage.account,
        "/accounts/{id}",
        ("/accounts/{id}",),
        {
            "edit": _on("PATCH", "/accounts/{id}", {"phone": "1"}),
            "add_contact": _on("POST", "/accounts/{id}/contacts", {"last_name": "Weber"}),
            "add_address": _on("POST", "/accounts/{id}/addresses", {"city": "Berlin", "country": "DE"}),
            "add_activity": _activity("task", "account"),
            "suspend": _on("PUT", "/accounts/{id}/suspension", {}),
            "reactivate": _on("DELETE", "/accounts/{id}/suspension"),
            "close": _on("PUT", "/accounts/{id}/closure", {}),
            "delete": _on("DELETE", "/accounts/{id}"),
            "create_opportunity": _new_opportunity,
            "create_offer": _on_account("/offers"),
            "create_order": _new_order,
            "create_subscription": _new_subscription,
            "create_tenant_reseller": _new_reseller,
        },
        LIVING,
        # Chosen among the candidates of a tenant reseller, where a check says what holds it back (DN-02); and bought in
        # the shop, where one's own account is sold to by create_order (tests/sales/test_baskets.py).
        elsewhere=frozenset({"transfer_down", "buy"}),
    ),
    Order: Face(
        Stage.order,
        "/orders/{id}",
        ("/orders/{id}", "/orders/{id}/products"),
        {
            "edit": _on("PATCH", "/orders/{id}", {"campaign": "Spring"}),
            "add_item": _item,
            "quick_add": _item,
            "update_item": _on("PATCH", "/orders/{id}/items/{item}", {"discount_percent": "5"}),
            "change_quantity": _on("PATCH", "/orders/{id}/items/{item}", {"quantity": 2}),
            "delete_item": _on("DELETE", "/orders/{id}/items/{item}"),
            "submit": _on("PUT", "/orders/{id}/submission"),
            "execute": _on("PUT", "/orders/{id}/execution", {}),
            "approve": _on("PUT", "/orders/{id}/approval", {}),
            "refuse": _on("PUT", "/orders/{id}/refusal", {}),
            "deliver": _delivery,
            "print_out": _on("GET", "/orders/{id}/print-out"),
            "copy": _on("POST", "/orders/{id}/copy"),
            "cancel": _on("PUT", "/orders/{id}/cancellation", {}),
            "delete": _on("DELETE", "/orders/{id}"),
            "add_activity": _activity("task", "order"),
            "relate_email": _activity("email", "order"),
            "create_case": _activity("case", "order"),
        },
        ORDERED,
    ),
    Opportunity: Face(
        Stage.opportunity,
        "/opportunities/{id}",
        ("/opportunities/{id}",),
        {
            "edit": _on("PATCH", "/opportunities/{id}", {"note": "Soon"}),
            "create_offer": _new_offer,
            "win": _on("PUT", "/opportunities/{id}/win", {}),
            "lose": _on("PUT", "/opportunities/{id}/loss", {}),
            "reopen": _on("DELETE", "/opportunities/{id}/decision"),
            "delete": _on("DELETE", "/opportunities/{id}"),
        },
        OPPORTUNITIES,
    ),
    Offer: Face(
        Stage.offer,
        "/offers/{id}",
        ("/offers/{id}",),
        {
            "edit": _on("PATCH", "/offers/{id}", {"note": "Soon"}),
            "add_item": _offered,
            "update_item": _on("PATCH", "/offers/{id}/items/{item}", {"discount_percent": "5"}),
            "delete_item": _on("DELETE", "/offers/{id}/items/{item}"),
            "accept": _on("PUT", "/offers/{id}/acceptance"),
            "lose": _on("PUT", "/offers/{id}/loss", {}),
            "reopen": _on("DELETE", "/offers/{id}/loss"),
            "delete": _on("DELETE", "/offers/{id}"),
            "print_out": _on("GET", "/offers/{id}/print-out"),
        },
        OFFERED,
    ),
    Address: Face(
        Stage.address,
        "/addresses/{id}",
        ("/accounts/{account}/addresses",),
        {
            "edit": _on("PATCH", "/addresses/{id}", {"city": "Bonn"}),
            "delete": _on("DELETE", "/addresses/{id}"),
            "make_billing": _on("PUT", "/addresses/{id}/billing"),
        },
        suffix="-{id}",
    ),
    Contact: Face(
        Stage.contact,
        "/contacts/{id}",
        ("/contacts/{id}",),
        {
            "edit": _on("PATCH", "/contacts/{id}", {"phone": "1"}),
            "delete": _on("DELETE", "/contacts/{id}"),
            "add_activity": _activity("task", "contact"),
            "invite_to_shop": _on("POST", "/contacts/{id}/shop-invitation"),
        },
    ),
    SyncOption: Face(
        Stage.sync_option,
        "/accounts/{account}/sync-options",
        ("/accounts/{account}/sync-options",),
        {
            "edit": _on("PATCH", "/accounts/{account}/sync-options/{id}", {"external_id": "1"}),
            "delete": _on("DELETE", "/accounts/{account}/sync-options/{id}"),
        },
        suffix="-{id}",
    ),
    Product: Face(
        Stage.product_,
        "/products/{id}",
        ("/products/{id}",),
        {
            "edit": _on("PATCH", "/products/{id}", {"name": "Mailbox"}),
            "set_price": _on(
                "POST", "/products/{id}/prices", {"cycle": "monthly", "currency": "EUR", "unit_price": "5"}
            ),
            "relate_add_on": _on("PUT", "/products/{id}/add-ons/{item}"),
            "set_characteristic": _on("POST", "/products/{id}/characteristics", {"name": "Storage", "value": "50 GB"}),
            "add_path": _path,
            "delete": _on("DELETE", "/products/{id}"),
        },
    ),
    TenantReseller: Face(
        Stage.tenant_reseller,
        "/tenant-resellers/{id}",
        ("/tenant-resellers/{id}",),
        {
            "edit_settings": _on("PATCH", "/tenant-resellers/{id}", {"separate_invoices": True}),
            "transfer_accounts": _handover,
            "retry": _on("PUT", "/tenant-resellers/{id}/creation"),
            "update_tenant": _on("POST", "/tenant-resellers/{id}/catalogue-updates", {"mode": "full"}),
        },
        # A creation is tried again on the page that shows it, and its settings wait until there is a tenant.
        elsewhere=frozenset({"retry", "edit_settings"}),
    ),
}


def cells(policy: type[Policy]) -> Iterator[tuple[str, str]]:
    """Give every standing with every status that it goes with."""
    some = next(iter(policy.acts.values()))
    for standing, status in combinations(some.standings(), FACES[policy].statuses):
        if standing not in ENDED or status == FACES[policy].statuses[0]:
            yield standing, ENDED.get(standing, status) if FACES[policy].ends else status


@pytest.mark.parametrize("policy", Policy.__subclasses__(), ids=lambda policy: policy.__name__)
def test_up_23_record_call_and_button_say_what_the_policy_says(
    world: World, asks: Enter, visits: Callable[..., Visitor], policy: type[Policy]
) -> None:
    face, stage = FACES[policy], Stage(world)
    missing = {name for name, act in policy.acts.items() if not act.later} - face.calls.keys() - face.elsewhere
    assert missing == set(), "every act that is built has a call"
    people: dict[UUID, tuple[Asker, Visitor]] = {}
    for standing, status in cells(policy):
        one = face.make(stage, standing, status)
        asker, visitor = people.setdefault(one.at.id, (asks(one.at), visits(one.at)))
        needed = {act.needs: True for act in policy.acts.values() if act.needs}
        governed = Row(standing=standing, status=status, **needed)
        verdicts = policy.offers(governed, live=one.at is not stage.reseller)
        where = f"{policy.__name__}, {standing}, {status}"
        assert _listed(face, asker, one) == _as_said(policy, verdicts), where
        _page_agrees(policy, visitor, one, verdicts, where)
        _calls_agree(policy, stage, asker, verdicts, (standing, status))


def _listed(face: Face, asker: Asker, one: Record) -> dict[str, tuple[bool, str, str]]:
    """Read what the record itself says may be done with it."""
    found = asker.get(face.path.format(id=one.row.id, account=one.account.id))
    if "actions" not in found:
        found = next(item for item in found["items"] if item["id"] == str(one.row.id))
    return {name: (said["allowed"], said["rule"], said["why"]) for name, said in found["actions"].items()}


def _as_said(policy: type[Policy], verdicts: dict[str, Verdict]) -> dict[str, tuple[bool, str, str]]:
    return {name: (verdict.allowed, verdict.rule, verdict.why) for name, verdict in verdicts.items()}


def _page_agrees(policy: type[Policy], visitor: Visitor, one: Record, verdicts: dict[str, Verdict], where: str) -> None:
    face = FACES[policy]
    drawn = "".join(_read(visitor, url.format(id=one.row.id, account=one.account.id)) for url in face.pages)
    for name, verdict in verdicts.items():
        act = policy.acts[name]
        why = _why(drawn, f"{name}{face.suffix.format(id=one.row.id)}")
        offered = _is_offered(drawn, CALLED.get(name, act.label) if policy in {Order, Offer} else act.label)
        if verdict and act.later:
            assert NEXT.match(why or ""), f"{where}: {name}"
        elif verdict:
            assert why is None, f"{where}: {name}"
            assert offered or name in face.elsewhere, f"{where}: {name}"
        elif name not in face.elsewhere:
            assert (why or "").startswith(f"{verdict.why} Rule {verdict.rule}"), f"{where}: {name}: {why}"


def _calls_agree(
    policy: type[Policy], stage: Stage, asker: Asker, verdicts: dict[str, Verdict], cell: tuple[str, str]
) -> None:
    """Ask for every act on a record of its own: it is done, or refused with the rule and the reason."""
    face = FACES[policy]
    for name, call in face.calls.items():
        one = face.make(stage, *cell)
        method, path, given = call(stage, one)
        answer = asker.ask(method, path, json=given)
        where = f"{policy.__name__}.{name}, {cell}: {answer.text}"
        if verdicts[name]:
            assert answer.status_code < 300, where
        else:
            assert answer.status_code == 409, where
            assert (answer.json()["rule"], answer.json()["detail"]) == (verdicts[name].rule, verdicts[name].why), where


def _read(visitor: Visitor, path: str) -> str:
    answer = visitor.http.get(path, headers={"cookie": f"{COOKIE}={visitor.cookie}"})
    assert answer.status_code == 200, answer.text
    page: str = answer.text
    return page


def _why(page: str, name: str) -> str | None:
    """Give the reason that stands with a button, and what follows on the page; None when it is not refused."""
    if f'aria-describedby="why-{name}"' not in page:
        return None
    _, _, after = page.partition(f'id="why-{name}"')
    shown = re.sub(r"<[^>]+>", " ", after.partition(">")[2][:LONGEST])
    return " ".join(html.unescape(shown).split())


def _is_offered(page: str, label: str) -> bool:
    """Say whether a link or a button that can be pressed carries this label."""
    for found in re.finditer(r"<(a|button)\b([^>]*)>(.*?)</\1>", page, re.DOTALL):
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[3])).split())
        if words == label and "aria-disabled" not in found[2]:
            return True
    return False
