"""Start the subscriptions of an order, each with its line, charges, message and provisioning (ORD-03).

In statements over all items of the order; the ids follow from the order and its items, so each is made once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.charging import charges, cycles
from tenantry.charging.charges import Charge
from tenantry.charging.proration import DAY
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.provisioning import requests
from tenantry.provisioning.requests import Asked
from tenantry.sales import messages
from tenantry.sales.items import Delivery
from tenantry.sales.records import Held as HeldOrder
from tenantry.sales.subscriptions.changing import Effect, line, next_number
from tenantry.sales.subscriptions.records import held_subscription
from tenantry.sales.subscriptions.settling import settle
from tenantry.sales.subscriptions.term import months_after
from tenantry.schema.catalog import product, product_price, promotion
from tenantry.schema.sales import order_item, subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change, trial_use

LONGEST_BACK = timedelta(days=366)
ONE_OFF = "one_off"


@dataclass(frozen=True)
class Starting:
    """An item that starts a subscription, on which day, and its product."""

    delivery: Delivery
    start_on: date
    product: Row
    promotion: Row | None

    @property
    def item(self) -> Row:
        """The item itself."""
        return self.delivery.item


def activate(
    work: Work, held: HeldOrder, deliveries: Sequence[Delivery], days: Mapping[UUID, date], rule: UUID, now: date
) -> list[UUID]:
    """Start a subscription for every recurring item, on its day; gives their ids."""
    starting = _starting(work, held, deliveries, days, now)
    if not starting:
        return []
    given = {"tenant_id": work.tenant_id, "permission_rule_id": rule, "created_at": work.at}
    rows = [_row(held, one, now) | given for one in starting]
    _use_trials(work, held, starting, rows)
    work.connection.execute(insert(subscription).on_conflict_do_nothing(index_elements=["tenant_id", "id"]), rows)
    add_ons = [
        _add_on(work, held, row["id"], item)
        for row, one in zip(rows, starting, strict=True)
        for item in one.delivery.add_ons
    ]
    if add_ons:
        work.connection.execute(
            insert(subscription_add_on).on_conflict_do_nothing(index_elements=["tenant_id", "id"]), add_ons
        )
    _name_items(work, {item["id"]: row["id"] for row, one in zip(rows, starting, strict=True) for item in _items(one)})
    changes = _note(work, held, starting, rows)
    _charge(work, held, rows, changes, now)
    _ask(work, starting, rows, changes, now)
    number = held.order["number"]
    history.write_all(
        work, "subscription", [(row["id"], f"Subscription was created by order {number}") for row in rows]
    )
    messages.subscription_changes_done(work, list(changes.values()))
    return [row["id"] for row in rows]


def _starting(
    work: Work, held: HeldOrder, deliveries: Sequence[Delivery], days: Mapping[UUID, date], now: date
) -> list[Starting]:
    recurring = [one for one in deliveries if one.item["cycle"] != ONE_OFF]
    if not recurring:
        return []
    products = _by_id(work, product, {one.item["product_id"] for one in recurring})
    given = {one.item["promotion_id"] for one in recurring if one.item["promotion_id"]}
    promotions = _by_id(work, promotion, given) if given else {}
    starting = [
        Starting(one, days[one.item["id"]], products[one.item["product_id"]], promotions.get(one.item["promotion_id"]))
        for one in recurring
    ]
    _require_sensible(held, starting, now)
    return starting


def _require_sensible(held: HeldOrder, starting: Sequence[Starting], now: date) -> None:
    faults = []
    for place, one in enumerate(starting):
        name = one.item["product_name"]
        if one.start_on < now - LONGEST_BACK:
            message = f"{name} would start on {one.start_on}, more than a year ago."
            faults.append(
                Fault(f"items.{place}.start_on", message, "ORD-02", "Choose a day of the last twelve months.")
            )
        if one.item["trial"] and not one.product["trial_allowed"]:
            message = f"{name} cannot be tried."
            faults.append(Fault(f"items.{place}.trial", message, "SUB-01", "Sell it, or allow trials of the product."))
        if one.item["trial"] and one.start_on < now:
            message = f"A trial of {name} cannot start in the past."
            faults.append(Fault(f"items.{place}.start_on", message, "SUB-01", "Let it start today or later."))
    if faults:
        raise Invalid(*faults, message=f"Order {held.order['number']} cannot be executed: {faults[0].message}")


def _row(held: HeldOrder, one: Starting, now: date) -> dict[str, Any]:
    order, item, begins = held.order, one.item, one.start_on
    tried = item["trial"]
    status = "starting_later" if begins > now else "trial" if tried else "active"
    cycles_given = {"once": 1, "cycles": one.promotion["cycles"], "lifetime": None} if one.promotion else {}
    return {
        "id": derived_id(order["id"], item["id"], "subscription"),
        "account_id": order["account_id"],
        "bill_to_id": order["bill_to_id"],
        "product_id": item["product_id"],
        "order_id": order["id"],
        "name": f"{held.account['name']} - {item['product_name']}"[:320],
        "status": status,
        "cycle": item["cycle"],
        "currency": order["currency"],
        "quantity": item["quantity"],
        "unit_price": item["unit_price"],
        "discount_percent": item["discount_percent"],
        "promotion_id": one.promotion["id"] if one.promotion else None,
        "promotion_cycles_left": cycles_given.get(one.promotion["duration"]) if one.promotion else None,
        "start_on": begins,
        "trial_until": begins + timedelta(days=one.product["trial_days"]) - DAY if tried else None,
        "paid_from": begins if status == "active" else None,
        "responsible_user_id": order["responsible_user_id"],
    }


def _use_trials(work: Work, held: HeldOrder, starting: Sequence[Starting], rows: Sequence[Mapping[str, Any]]) -> None:
    tried = [(one, row) for one, row in zip(starting, rows, strict=True) if one.item["trial"]]
    faults = [fault for one, row in tried if (fault := _use_trial(work, held, one, row["id"]))]
    if faults:
        raise Invalid(*faults)


def _use_trial(work: Work, held: HeldOrder, one: Starting, subscription_id: UUID) -> Fault | None:
    used = {
        "tenant_id": work.tenant_id,
        "id": subscription_id,
        "account_id": held.account["id"],
        "product_id": one.item["product_id"],
        "subscription_id": subscription_id,
        "at": work.at,
    }
    key = ["tenant_id", "account_id", "product_id"]
    made = insert(trial_use).values(**used).on_conflict_do_nothing(index_elements=key).returning(trial_use.c.id)
    if work.connection.scalar(made):
        return None
    message = f"{held.account['name']} has tried {one.item['product_name']} already; there is one trial of a product."
    return Fault(f"items.{one.item['position']}.trial", message, "SUB-01", "Sell it without a trial.")


def _add_on(work: Work, held: HeldOrder, subscription_id: UUID, item: Row) -> dict[str, Any]:
    return {
        "tenant_id": work.tenant_id,
        "id": derived_id(held.order["id"], item["id"], "subscribed add-on"),
        "subscription_id": subscription_id,
        "product_id": item["product_id"],
        "quantity": item["quantity"],
        # An add-on has no discount of its own, so it is in its price.
        "unit_price": item["unit_price"] * (100 - item["discount_percent"]) / 100,
    }


def _items(one: Starting) -> list[Row]:
    return [one.item, *one.delivery.add_ons]


def _name_items(work: Work, became: Mapping[UUID, UUID]) -> None:
    i = order_item.c
    mine = (i.tenant_id == work.tenant_id, i.id == sa.bindparam("item"))
    named = sa.update(order_item).where(*mine).values(subscription_id=sa.bindparam("became"))
    work.connection.execute(named, [{"item": item, "became": id} for item, id in became.items()])


def _note(
    work: Work, held: HeldOrder, starting: Sequence[Starting], rows: Sequence[Mapping[str, Any]]
) -> dict[UUID, UUID]:
    """Write the line with which each began; gives their ids by subscription."""
    first = next_number(work, held.account["id"])
    changes = []
    for place, (one, row) in enumerate(zip(starting, rows, strict=True)):
        kind = "trial" if one.item["trial"] else "activation"
        begun = {"quantity": row["quantity"], "unit_price": row["unit_price"], "cycle": row["cycle"]}
        effect = Effect("", after=begun, product_id=row["product_id"])
        written = line(work, row["id"], held.account["id"], kind, effect, row["start_on"], done=True)
        id = derived_id(row["id"], row["id"], "activation")
        changes.append(written | {"id": id, "number": first + place, "order_id": held.order["id"]})
    work.connection.execute(sa.insert(subscription_change), changes)
    return {change["subscription_id"]: change["id"] for change in changes}


def _charge(
    work: Work, held: HeldOrder, rows: Sequence[Mapping[str, Any]], changes: Mapping[UUID, UUID], now: date
) -> None:
    paid = {row["id"]: row for row in rows if row["paid_from"]}
    if not paid:
        return
    terms = _term_months(work, {row["product_id"] for row in paid.values()})
    made: list[Charge] = []
    until = []
    for id, found in cycles.next_cycles(work, list(paid)).items():
        row = paid[id]
        months = terms.get((row["product_id"], row["cycle"], row["currency"]))
        last = found.values["charged_until"]
        term = max(months_after(row["paid_from"], months) - DAY, last) if months else last
        until.append({"which": id, **{f"new_{name}": value for name, value in found.values.items()}, "new_term": term})
        made += charges.made_by(found.charges, change_id=changes[id], order_id=held.order["id"])
    s = subscription.c
    charged = sa.update(subscription).where(s.tenant_id == work.tenant_id, s.id == sa.bindparam("which"))
    names = ("anchor_on", "charged_until", "promotion_cycles_left")
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    work.connection.execute(charged.values(term_until=sa.bindparam("new_term"), **values), until)
    charges.write(work, made)
    for one in until:
        if one["new_charged_until"] < now:
            settle(work, held_subscription(work, one["which"]))


def _term_months(work: Work, products: set[UUID]) -> dict[tuple[UUID, str, str], int | None]:
    p = product_price.c
    query = sa.select(p.product_id, p.cycle, p.currency, p.term_months)
    found = work.connection.execute(query.where(p.tenant_id == work.tenant_id, p.product_id.in_(products)))
    return {(row.product_id, row.cycle, row.currency): row.term_months for row in found}


def _ask(
    work: Work,
    starting: Sequence[Starting],
    rows: Sequence[Mapping[str, Any]],
    changes: Mapping[UUID, UUID],
    now: date,
) -> None:
    asked = [
        Asked(
            row["account_id"],
            row["id"],
            one.product["provisioning_system_id"],
            "create",
            {
                "product": one.product["sku"],
                "quantity": row["quantity"],
                "add_ons": {str(item["product_id"]): item["quantity"] for item in one.delivery.add_ons},
            },
            changes[row["id"]],
        )
        for one, row in zip(starting, rows, strict=True)
        if one.product["provisioning_system_id"] and one.start_on <= now
    ]
    requests.ask(work, asked)


def _by_id(work: Work, table: sa.Table, ids: set[UUID]) -> dict[UUID, Row]:
    query = sa.select(table).where(table.c.tenant_id == work.tenant_id, table.c.id.in_(ids))
    return {row["id"]: row for row in work.connection.execute(query).mappings()}
