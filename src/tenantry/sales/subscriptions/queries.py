"""Read a subscription with its add-ons, what happened to it, and what may be done with it (API-07)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.charging.amounts import cycle_amount
from tenantry.charging.proration import DAY
from tenantry.charging.terms import given_in
from tenantry.crm.records import governed as governed_account, may
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound
from tenantry.rules.policy import Account, Subscription
from tenantry.sales.queries import Named, managed_by, order_of, upstream_view
from tenantry.sales.ribbons import ribbon
from tenantry.sales.subscriptions.records import governed
from tenantry.sales.subscriptions.statements import ADD_ONS, CHANGES, MOVES, OFFERED_ADD_ONS, SUBSCRIPTION
from tenantry.sales.subscriptions.views import AddOnView, ChangeView, SubscriptionView
from tenantry.schema.sales import PAYING
from tenantry.tenancy import permissions, queries

NOTHING = Decimal(0)
PLAIN = """id name status cycle currency quantity discount_percent promotion_cycles_left price_frozen start_on
    trial_until paid_from charged_until term_until end_on suspended_on renew external_id provisioning_status
    custom_fields created_at standing version""".split()
LINKED = "account bill_to product split_from promotion responsible_user permission_rule".split()


def subscription(work: Work, id: UUID) -> SubscriptionView:
    """Give a subscription; NotFound for one that the actor may not see."""
    permissions.require(work, "subscriptions:view")
    asked = {"tenant": work.tenant_id, "id": id}
    row = work.connection.execute(SUBSCRIPTION, asked).mappings().first()
    if row is None or not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("subscription")
    currency = row["currency"]
    add_ons = [_add_on(one, currency) for one in work.connection.execute(ADD_ONS, asked).mappings()]
    live = queries.is_live(work)
    record = governed(dict(row), row["account_standing"], row["account_status"])
    actions = Subscription.offers(record, live=live)
    noting = Account.verdict("add_activity", governed_account(_account(row)), live=live)
    actions["add_activity"] = actions["add_activity"] and noting
    return SubscriptionView(
        **{name: row[name] for name in PLAIN},
        **_links(row),
        order=order_of(row),
        upstream_credit=upstream_view(row["upstream"], row["upstream_figures"]),
        unit_price=Money(row["unit_price"], currency),
        total=_total(row, add_ons),
        next_charge_on=_next_charge(row),
        add_ons=add_ons,
        changes=_changes(work, id),
        managed_by=managed_by(row),
        ribbon=ribbon("marked", row["reseller_name"]) if row["standing"] == "mirrored" else None,
        actions=actions,
        locked_fields=Subscription.locks(record, live=live),
    )


def add_ons_to_buy(work: Work, view: SubscriptionView) -> Sequence[Named]:
    """Name the add-ons of its product that it does not have and that can be had in its cycle and currency."""
    asked = {"tenant": work.tenant_id, "id": view.product.id, "cycle": view.cycle}
    had = {one.product.id for one in view.add_ons}
    found = work.connection.execute(OFFERED_ADD_ONS, asked)
    return [Named(row.id, row.name) for row in found if row.id not in had]


def moves(work: Work, view: SubscriptionView, kind: str) -> Sequence[Named]:
    """Name the products that it can be upgraded or downgraded to."""
    asked = {"tenant": work.tenant_id, "id": view.product.id, "kind": kind}
    return [Named(*row) for row in work.connection.execute(MOVES, asked)]


def changes(work: Work, id: UUID) -> Sequence[ChangeView]:
    """Give what happened to a subscription that one may see, and what is planned, the latest first."""
    subscription(work, id)
    return _changes(work, id)


def _changes(work: Work, id: UUID) -> Sequence[ChangeView]:
    rows = work.connection.execute(CHANGES, {"tenant": work.tenant_id, "id": id}).mappings()
    plain = "id kind status effective_on before after problem actor created_at done_at".split()
    return [
        ChangeView(**{name: row[name] for name in plain}, product=_named(row, "product"), order=order_of(row))
        for row in rows
    ]


def _add_on(row: Row, currency: str) -> AddOnView:
    total = cycle_amount(row["quantity"], row["unit_price"], row["discount_percent"], given_in(row), currency)
    return AddOnView(
        row["id"],
        Named(row["product_id"], row["product_name"]),
        row["quantity"],
        Money(row["unit_price"], currency),
        row["discount_percent"],
        _named(row, "promotion"),
        row["promotion_cycles_left"],
        Money(total, currency),
        order_of(row),
    )


def _total(row: Row, add_ons: Sequence[AddOnView]) -> Money:
    own = cycle_amount(row["quantity"], row["unit_price"], row["discount_percent"], given_in(row), row["currency"])
    return Money(own + sum((one.total.amount for one in add_ons), NOTHING), row["currency"])


def _next_charge(row: Row) -> date | None:
    if row["status"] not in PAYING or row["paid_from"] is None:
        return row["start_on"] if row["status"] == "starting_later" and not row["trial_until"] else None
    day: date = row["charged_until"] + DAY if row["charged_until"] else row["paid_from"]
    return None if row["end_on"] and day > row["end_on"] else day


def _account(row: Row) -> dict[str, Any]:
    return {"standing": row["account_standing"], "status": row["account_status"]}


def _links(row: Row) -> dict[str, Any]:
    return {name: _named(row, name) for name in LINKED}


def _named(row: Row, name: str) -> Named | None:
    return Named(row[f"{name}_id"], row[f"{name}_name"]) if row[f"{name}_id"] else None
