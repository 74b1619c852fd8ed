"""How the records of each policy are made, read, shown and acted upon: an act without a call here fails the matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.web.stage import OFFERED, OPPORTUNITIES, SINCE, Record, Stage

from tenantry.rules.policy import (
    Account,
    Address,
    Asset,
    Contact,
    Invoice,
    Offer,
    Opportunity,
    Order,
    Plan,
    Policy,
    Product,
    Subscription,
    SyncOption,
    TenantReseller,
)
from tenantry.schema import sales

LIVING = ("active", "suspended", "closed")
ORDERED = ("draft", "submitted", "executed", "cancelled")
Call = tuple[str, str, dict[str, Any] | None]


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
    # Flags that its records are made without.
    lacks: frozenset[str] = frozenset()


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


def _generation(_stage: Stage, one: Record) -> Call:
    return "POST", "/invoice-runs", {"account_ids": [str(one.row.id)]}


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


def _plan(_stage: Stage, one: Record) -> Call:
    return "POST", "/plans", {"product_id": str(one.row.id), "name": "For small offices"}


def _handover(_stage: Stage, one: Record) -> Call:
    return "POST", "/handovers", {"kind": "transfer_accounts", "tenant_reseller_id": str(one.row.id), "accounts": "all"}


def _subscriptions(_stage: Stage, one: Record) -> Call:
    asked = {"kind": "transfer_subscriptions", "tenant_reseller_id": str(one.row.id), "subscriptions": "all"}
    return "POST", "/handovers", asked


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
            "check_credit": _on("PUT", "/subscriptions/{id}/credit-check"),
            "add_activity": _activity("task", "subscription"),
        },
        tuple(SINCE),
        ends=False,
        # Offered at each add-on and each planned change, where they may be done.
        elsewhere=frozenset({"change_add_on", "remove_add_on", "withdraw_change"}),
        # Nobody is above them: tests/channel/test_upstream_credit.py has somebody who gives no credit.
        lacks=frozenset({"waits_for_credit"}),
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
            "view_pending_invoices": _on("GET", "/pending-invoices?account_id={id}"),
            "generate_invoices": _generation,
            "create_invoice": _on_account("/invoices"),
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
            "exceed_limit": _on("PUT", "/orders/{id}/credit-release", {}),
            "check_credit": _on("PUT", "/orders/{id}/credit-check"),
            "withdraw": _on("PUT", "/orders/{id}/withdrawal", {}),
            "cancel": _on("PUT", "/orders/{id}/cancellation", {}),
            "delete": _on("DELETE", "/orders/{id}"),
            "add_activity": _activity("task", "order"),
            "relate_email": _activity("email", "order"),
            "create_case": _activity("case", "order"),
        },
        ORDERED,
        # Nothing holds them back, so there is nothing to approve: tests/sales/test_credit.py holds some back, and
        # tests/channel/test_upstream_credit.py lets some wait above.
        lacks=frozenset({"approvable", "refusable", "waits_for_credit", "withdrawable"}),
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
    Invoice: Face(
        Stage.invoice,
        "/invoices/{id}",
        ("/invoices/{id}",),
        {
            "edit": _on("PATCH", "/invoices/{id}", {"note": "Thank you"}),
            "add_line": _on("POST", "/invoices/{id}/lines", {"name": "Help", "unit_price": "5"}),
            "update_line": _on("PATCH", "/invoices/{id}/lines/{item}", {"quantity": "5"}),
            "delete_line": _on("DELETE", "/invoices/{id}/lines/{item}"),
            "issue": _on("PUT", "/invoices/{id}/issue"),
            "delete": _on("DELETE", "/invoices/{id}"),
            "print_out": _on("GET", "/invoices/{id}/print-out"),
        },
        ("draft", "issued"),
        ends=False,
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
            "add_plan": _plan,
            "delete": _on("DELETE", "/products/{id}"),
        },
    ),
    Plan: Face(
        Stage.plan,
        "/plans/{id}",
        ("/plans/{id}",),
        {"edit": _on("PATCH", "/plans/{id}", {"name": "For all"}), "delete": _on("DELETE", "/plans/{id}")},
    ),
    TenantReseller: Face(
        Stage.tenant_reseller,
        "/tenant-resellers/{id}",
        ("/tenant-resellers/{id}",),
        {
            "edit_settings": _on("PATCH", "/tenant-resellers/{id}", {"separate_invoices": True}),
            "transfer_accounts": _handover,
            "transfer_subscriptions": _subscriptions,
            "activate_back_ordering": _on("PUT", "/tenant-resellers/{id}/back-ordering"),
            "reconcile": _on("POST", "/tenant-resellers/{id}/reconciliations"),
            "retry": _on("PUT", "/tenant-resellers/{id}/creation"),
            "suspend": _on("PUT", "/tenant-resellers/{id}/suspension", {}),
            "resume": _on("DELETE", "/tenant-resellers/{id}/suspension"),
            "close": _on("PUT", "/tenant-resellers/{id}/closure", {}),
            "update_tenant": _on("POST", "/tenant-resellers/{id}/catalogue-updates", {"mode": "full"}),
        },
        # A creation is tried again on the page that shows it, and its settings wait until there is a tenant.
        elsewhere=frozenset({"retry", "edit_settings"}),
    ),
}
