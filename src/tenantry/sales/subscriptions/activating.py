"""Start the subscriptions of an order, each with its line, charges, message and provisioning (ORD-03).

Their history is written by who executes the order, with the order's own.

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
from tenantry.charging.terms import added_in, ordering_options
from tenantry.database import Ready, Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.provisioning import requests
from tenantry.provisioning.requests import Asked
from tenantry.sales import messages
from tenantry.sales.items import Delivery
from tenantry.sales.records import Held as HeldOrder
from tenantry.sales.starting import start_faults
from tenantry.sales.subscriptions.changing import Effect, line, next_number
from tenantry.sales.subscriptions.records import held_subscription
from tenantry.sales.subscriptions.settling import settle
from tenantry.sales.subscriptions.sold import sold_at_start
from tenantry.sales.subscriptions.term import months_after
from tenantry.schema.base import ID
from tenantry.schema.sales import order_item, subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change, trial_use

ONE_OFF = "one_off"


_START = insert(subscription).on_conflict_do_nothing(index_elements=["tenant_id", "id"])
_START_ADD_ONS = insert(subscription_add_on).on_conflict_do_nothing(index_elements=["tenant_id", "id"])
_NOTE = sa.insert(subscription_change)


@dataclass(frozen=True)
class Starting:
    """An item that starts a subscription, and on which day."""

    delivery: Delivery
    start_on: date

    @property
    def item(self) -> Row:
        """The item itself."""
        return self.delivery.item


def activate(
    work: Work,
    held: HeldOrder,
    deliveries: Sequence[Delivery],
    days: Mapping[UUID, date],
    rule: UUID,
    now: date,
    waits_for: UUID | None = None,
) -> list[UUID]:
    """Start a subscription for every recurring item, on its day; gives their ids.

    What comes from above is not set up before credit was given for `waits_for` there (UP-47).
    """
    starting = _starting(held, deliveries, days, now)
    if not starting:
        return []
    given = {"tenant_id": work.tenant_id, "permission_rule_id": rule, "created_at": work.at}
    rows = [_row(held, one, now) | given for one in starting]
    add_ons = {
        row["id"]: [_add_on(work, held, row["id"], item) for item in one.delivery.add_ons]
        for row, one in zip(rows, starting, strict=True)
    }
    made = _first_cycles(work, held, starting, rows, add_ons)
    _use_trials(work, held, starting, rows)
    work.connection.execute(_START, rows)
    if subscribed := [one for of_one in add_ons.values() for one in of_one]:
        work.connection.execute(_START_ADD_ONS, subscribed)
    _name_items(work, {item["id"]: row["id"] for row, one in zip(rows, starting, strict=True) for item in _items(one)})
    changes = _note(work, held, starting, rows)
    charges.write(work, [one for id, of_one in made.items() for one in _made_by(of_one, changes[id], held)])
    # Before anything that followed: facts are told in the order of their numbers.
    messages.subscription_changes_done(work, list(changes.values()))
    for row in rows:
        if row["charged_until"] and row["charged_until"] < now:
            settle(work, held_subscription(work, row["id"]))
    _ask(work, starting, rows, changes, now, waits_for)
    return [row["id"] for row in rows]


def _starting(held: HeldOrder, deliveries: Sequence[Delivery], days: Mapping[UUID, date], now: date) -> list[Starting]:
    starting = [Starting(one, days[one.item["id"]]) for one in deliveries if one.item["cycle"] != ONE_OFF]
    _require_sensible(held, starting, now)
    return starting


def _require_sensible(held: HeldOrder, starting: Sequence[Starting], now: date) -> None:
    faults: list[Fault] = []
    for place, one in enumerate(starting):
        name = one.item["product_name"]
        faults += start_faults(name, one.start_on, now, f"items.{place}.start_on")
        if one.item["trial"] and not one.item["trial_allowed"]:
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
        "promotion_id": item["promotion_id"],
        "promotion_cycles_left": _cycles_given(item),
        "start_on": begins,
        "trial_until": begins + timedelta(days=item["trial_days"]) - DAY if tried else None,
        "paid_from": begins if status == "active" else None,
        "responsible_user_id": order["responsible_user_id"],
        # Of what is not paid for yet, the first cycle says these.
        "anchor_on": None,
        "charged_until": None,
        "term_until": None,
    }


def _first_cycles(
    work: Work,
    held: HeldOrder,
    starting: Sequence[Starting],
    rows: Sequence[dict[str, Any]],
    add_ons: Mapping[UUID, Sequence[Mapping[str, Any]]],
) -> dict[UUID, Sequence[Charge]]:
    """Let the rows say that the first cycle of what is paid for was charged; gives the charges by subscription."""
    paid = [(one, row) for one, row in zip(starting, rows, strict=True) if row["paid_from"]]
    options = ordering_options(work, held.account, held.order["bill_to_id"]) if paid else {}
    made = {}
    for one, row in paid:
        # In the order of their ids, as they are charged ever after.
        offs = {item["product_id"]: _promoted(item) for item in one.delivery.add_ons}
        parts = sorted(add_ons[row["id"]], key=lambda part: part["id"])
        added = [added_in({**part, **offs[part["product_id"]]}) for part in parts]
        found = cycles.first_cycle({**row, **options, **_promoted(one.item), "end_on": None}, added)
        months, last = one.item["term_months"], found.values["charged_until"]
        term = max(months_after(row["paid_from"], months) - DAY, last) if months else last
        row.update(found.values, term_until=term)
        made[row["id"]] = found.charges
    return made


def _promoted(item: Row) -> dict[str, Any]:
    """Name the promotion as terms read it; one of another product is none."""
    its_own = item["promotion_product_id"] == item["product_id"]
    return {f"promotion_{name}": item[f"promotion_{name}"] if its_own else None for name in ("name", "kind", "off")}


def _made_by(made: Sequence[Charge], change_id: UUID, held: HeldOrder) -> list[Charge]:
    return charges.made_by(made, change_id=change_id, order_id=held.order["id"])


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
        "unit_price": item["unit_price"],
        "discount_percent": item["discount_percent"],
        "promotion_id": item["promotion_id"],
        "promotion_cycles_left": _cycles_given(item),
    }


def _cycles_given(item: Row) -> int | None:
    """Give for how many cycles an item's promotion is given; none: for good, or it has none."""
    given = {"once": 1, "cycles": item["promotion_cycles"]}
    return given.get(item["promotion_duration"])


def _items(one: Starting) -> list[Row]:
    return [one.item, *one.delivery.add_ons]


def _name_items(work: Work, became: Mapping[UUID, UUID]) -> None:
    asked = {"tenant": work.tenant_id, "items": list(became), "ids": list(became.values())}
    _BECAME.run(work.connection, asked)


_became = (
    sa.func.unnest(sa.bindparam("items", type_=sa.ARRAY(ID)), sa.bindparam("ids", type_=sa.ARRAY(ID)))
    .table_valued(sa.column("item", ID), sa.column("became", ID), name="became", joins_implicitly=True)
    .render_derived()
)
_BECAME = Ready(
    sa.update(order_item)
    .where(order_item.c.tenant_id == sa.bindparam("tenant"), order_item.c.id == _became.c.item)
    .values(subscription_id=_became.c.became)
)


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
        sold = None if one.item["trial"] else sold_at_start(row, one.delivery.add_ons)
        written = line(work, row["id"], held.account["id"], kind, effect, row["start_on"], done=True, sold=sold)
        id = derived_id(row["id"], row["id"], "activation")
        changes.append(
            written | {"id": id, "number": first + place, "order_id": held.order["id"], "event_id": held.order["id"]}
        )
    work.connection.execute(_NOTE, changes)
    return {change["subscription_id"]: change["id"] for change in changes}


def _ask(
    work: Work,
    starting: Sequence[Starting],
    rows: Sequence[Mapping[str, Any]],
    changes: Mapping[UUID, UUID],
    now: date,
    waits_for: UUID | None,
) -> None:
    asked = [
        Asked(
            row["account_id"],
            row["id"],
            one.item["provisioning_system_id"],
            "create",
            {
                "product": one.item["sku"],
                "quantity": row["quantity"],
                "add_ons": {str(item["product_id"]): item["quantity"] for item in one.delivery.add_ons},
            },
            changes[row["id"]],
            waits_for if _comes_from_above(one) else None,
        )
        for one, row in zip(starting, rows, strict=True)
        if one.item["provisioning_system_id"] and one.start_on <= now
    ]
    requests.ask(work, asked)


def _comes_from_above(one: Starting) -> bool:
    return not one.item["trial"] and any(item["product_standing"] != "own" for item in _items(one))
