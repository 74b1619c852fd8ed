"""Execute an order: its subscriptions start, in the same transaction, each once (ORD-03)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import fields
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.sales.defaults import today
from tenantry.sales.items import Delivery, require_deliverable
from tenantry.sales.records import Held, change_order, held_order
from tenantry.sales.selling import brings_inherited, may_execute
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.api_options import defaults_for_person

NO_CYCLE = "one_off"


def execute_order(
    work: Work,
    id: UUID,
    *,
    start_on: date | None = None,
    starts: Mapping[UUID, date] | None = None,
    version: int | None = None,
) -> list[UUID]:
    """Carry out a submitted order, whole; gives the ids of the subscriptions it started.

    Each starts on its item's day in `starts`, else the item's own, else `start_on`, else today. Refused for what is not
    sold here (DN-31, UP-20).
    """
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    from_above, live = brings_inherited(work, held.order), queries.is_live(work)
    verdict = may_execute(held.order, held.account, brings_inherited=from_above, live=live)
    if not verdict:
        raise Refused(verdict)
    deliveries = [one for one in require_deliverable(work, held.order) if one.item["cycle"] != NO_CYCLE]
    days = _days(work, deliveries, start_on, starts or {})
    ids = _start(work, held, deliveries, days)
    change_order(work, id, status="executed", executed_at=work.at)
    history.write(work, "order", id, "Order was executed")
    return ids


def _days(
    work: Work, deliveries: list[Delivery], start_on: date | None, starts: Mapping[UUID, date]
) -> dict[UUID, date]:
    items = {one.item["id"]: one.item["start_on"] for one in deliveries}
    if strangers := starts.keys() - items.keys():
        message = f"There is no item {min(strangers)} in the order that has a start."
        raise Invalid(Fault("starts", message, "ORD-02", "Name the items of the order."))
    readers = dict.fromkeys(("start_on", *map(str, items)), fields.day)
    read = fields.read({"start_on": start_on, **{str(k): v for k, v in starts.items()}}, readers, "ORD-02")
    usual = read["start_on"] or today(work)
    return {id: read.get(str(id)) or its_own or usual for id, its_own in items.items()}


def _start(work: Work, held: Held, deliveries: list[Delivery], days: Mapping[UUID, date]) -> list[UUID]:
    if not deliveries:
        return []
    (_, rule), now = defaults_for_person(work, "subscription"), today(work)
    rows = [_subscription(held, one, days[one.item["id"]], now) for one in deliveries]
    given = {"tenant_id": work.tenant_id, "permission_rule_id": rule, "created_at": work.at}
    # The ids follow from the order and its items, so that executing again could only find them there.
    work.connection.execute(
        insert(subscription).on_conflict_do_nothing(index_elements=["tenant_id", "id"]), [row | given for row in rows]
    )
    add_ons = [
        {
            "tenant_id": work.tenant_id,
            "id": derived_id(held.order["id"], item["id"], "subscribed add-on"),
            "subscription_id": row["id"],
            "product_id": item["product_id"],
            "quantity": item["quantity"],
            "unit_price": _price(item),
        }
        for row, one in zip(rows, deliveries, strict=True)
        for item in one.add_ons
    ]
    if add_ons:
        work.connection.execute(
            insert(subscription_add_on).on_conflict_do_nothing(index_elements=["tenant_id", "id"]), add_ons
        )
    for row in rows:
        history.write(work, "subscription", row["id"], f"Subscription was created by order {held.order['number']}")
    return [row["id"] for row in rows]


def _subscription(held: Held, one: Delivery, start_on: date, now: date) -> dict[str, Any]:
    order, item = held.order, one.item
    return {
        "id": derived_id(order["id"], item["id"], "subscription"),
        "account_id": order["account_id"],
        "bill_to_id": order["bill_to_id"],
        "product_id": item["product_id"],
        "order_id": order["id"],
        "name": f"{held.account['name']} - {item['product_name']}"[:320],
        "status": "starting_later" if start_on > now else "active",
        "cycle": item["cycle"],
        "currency": order["currency"],
        "quantity": item["quantity"],
        "unit_price": _price(item),
        "start_on": start_on,
        "responsible_user_id": order["responsible_user_id"],
    }


def _price(item: Row) -> Decimal:
    price: Decimal = item["unit_price"] * (1 - item["discount_percent"] / 100)
    return price
