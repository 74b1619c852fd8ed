"""Order delivery: selected items are carried out by a sub-order, each once (ORD-02)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.rules.policy import Order
from tenantry.sales import credit
from tenantry.sales.actions.execute import execute_order
from tenantry.sales.defaults import today
from tenantry.sales.items import Delivery, items_of, require_deliverable
from tenantry.sales.records import Held, change_order, held_order, of_account
from tenantry.sales.selling import may_sell
from tenantry.schema.sales import order, order_item
from tenantry.tenancy import numbers, permissions, queries

CARRIED = """account_id bill_to_id price_list_id payment_method_id order_type_id approval currency sales_rep_id
    contact_id campaign custom_fields responsible_user_id permission_rule_id""".split()
ITEM = "product_id cycle quantity unit_price discount_percent promotion_id tax_percent trial start_on".split()


def deliver_items(
    work: Work,
    id: UUID,
    items: Sequence[UUID],
    *,
    start_on: date | None = None,
    starts: Mapping[UUID, date] | None = None,
    version: int | None = None,
) -> UUID:
    """Deliver items of a submitted order: a sub-order with them is made and executed; gives its id.

    An add-on is delivered with its service. With its last item the order itself is executed.
    """
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    row, live = held.order, queries.is_live(work)
    Order.require("deliver", of_account(row, held.account), live=live)
    if not (verdict := may_sell(held.account, live=live)):
        raise Refused(verdict)
    whole = items_of(work, row)
    chosen = _chosen(work, whole, items)
    credit.require(work, held, whole)
    if strangers := (starts or {}).keys() - {one["id"] for one in chosen}:
        message = f"Item {min(strangers)} is not among those to be delivered."
        raise Invalid(Fault("starts", message, "ORD-02", "Name items that are delivered."))
    part, as_item = _sub_order(work, row), {one["id"]: new_id() for one in chosen}
    work.connection.execute(sa.insert(order_item), [_copied(work, part, one, as_item) for one in chosen])
    executed = {as_item[item]: day for item, day in (starts or {}).items()}
    execute_order(work, part, start_on=start_on, starts=executed)
    _mark(work, held, part, chosen)
    return part


def _chosen(work: Work, items: Sequence[Row], ids: Sequence[UUID]) -> list[Row]:
    """Give the items in their order; Invalid for none, for strangers, for what was delivered, for parted add-ons."""
    wanted = set(ids)
    known = {one["id"]: one for one in items}
    if not wanted or wanted - known.keys():
        message = "Nothing is chosen." if not wanted else f"The order has no item {min(wanted - known.keys())}."
        raise Invalid(Fault("items", message, "ORD-02", "Choose items of the order."))
    faults = [
        Fault("items", f"{one['product_name']} was delivered by {one['delivered_by_name']}.", "ORD-03", "Leave it out.")
        for one in known.values()
        if one["id"] in wanted and one["delivered_by_id"]
    ]
    if faults:
        raise Invalid(*faults)
    faults = [fault for one in require_deliverable(work, items) for fault in _parted(one, wanted)]
    if faults:
        raise Invalid(*faults)
    return [one for one in known.values() if one["id"] in wanted]


def _parted(delivery: Delivery, wanted: set[UUID]) -> list[Fault]:
    service = delivery.item
    return [
        Fault(
            "items",
            f"{one['product_name']} is an add-on of {service['product_name']}; they are delivered together.",
            "ORD-02",
            "Choose both, or neither.",
        )
        for one in delivery.add_ons
        if (one["id"] in wanted) != (service["id"] in wanted)
    ]


def _sub_order(work: Work, row: Row) -> UUID:
    part = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "number": numbers.reserve(work, "order"),
        "name": f"{row['name'][:300]} – delivery",
        "part_of_id": row["id"],
        "status": "submitted",
        "ordered_on": today(work),
        "submitted_at": work.at,
        "created_at": work.at,
        **{name: row[name] for name in CARRIED},
    }
    work.connection.execute(sa.insert(order).values(part))
    history.write(work, "order", part["id"], f"Order was created to deliver a part of order {row['number']}")
    return UUID(str(part["id"]))


def _copied(work: Work, part: UUID, item: Row, as_item: Mapping[UUID, UUID]) -> dict[str, Any]:
    key = {"tenant_id": work.tenant_id, "id": as_item[item["id"]], "order_id": part, "position": item["position"]}
    return {**key, **{name: item[name] for name in ITEM}}


def _for_the_rest(work: Work, held: Held) -> dict[str, Any]:
    """Give the figures that the order keeps, for what of it was not charged by the delivery."""
    now = credit.measured(work, held, items_of(work, held.order))
    view = credit.read(held.order["credit_figures"])
    return credit.kept(replace(view, adds=now.adds) if view else now)


def _mark(work: Work, held: Held, part: UUID, chosen: Sequence[Row]) -> None:
    row, i = held.order, order_item.c
    work.connection.execute(
        sa.update(order_item)
        .where(i.tenant_id == work.tenant_id, i.id.in_([one["id"] for one in chosen]))
        .values(delivered_by_id=part, version=i.version + 1)
    )
    names = ", ".join(one["product_name"] for one in chosen)
    verb = "was" if len(chosen) == 1 else "were"
    history.write(work, "order", row["id"], f"{names[:2_000]} {verb} delivered")
    left = sa.exists().where(i.tenant_id == work.tenant_id, i.order_id == row["id"], i.delivered_by_id.is_(None))
    if work.connection.scalar(sa.select(left)):
        change_order(work, row["id"], credit_figures=_for_the_rest(work, held))
        return
    change_order(work, row["id"], status="executed", executed_at=work.at)
    history.write(work, "order", row["id"], "Order was executed: everything is delivered")
