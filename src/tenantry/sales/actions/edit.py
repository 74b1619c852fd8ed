"""Edit an order; of a back-ordering record only what BO-21 names."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.problems import Conflict, Fault, Invalid, Refused
from tenantry.rules.policy import Order, no
from tenantry.sales import credit
from tenantry.sales.actions.fit import fit
from tenantry.sales.prices import terms_of
from tenantry.sales.records import change_order, held_order, of_account
from tenantry.schema.sales import order_item, order_status
from tenantry.tenancy import custom_fields, permissions, queries

PRICED_BY = {"ordered_on", "price_list_id"}
no_draft = no(
    "ORD-02",
    "Order date and price list gave the prices; they change only while the order is a draft.",
    "Copy the order: the copy is a draft, and has today's prices.",
)


def edit_order(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an order and say so in its history, field by field."""
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    row, live = held.order, queries.is_live(work)
    record = of_account(row, held.account)
    Order.require("edit", record, live=live)
    Order.require_unlocked(record, [name for name in changes if _differs(row, name, changes)], live=live)
    given = fit(work, row["account_id"], changes)
    if "custom_fields" in given:
        own = custom_fields.validate(work, "order", given["custom_fields"], before=row["custom_fields"])
        given["custom_fields"] = own
    values = {name: value for name, value in given.items() if row[name] != value}
    if values.get("order_status_id"):
        _require_its_status(work, row, values["order_status_id"])
    if not values:
        return
    if PRICED_BY & values.keys():
        values |= _priced_anew(work, held.account, row, values)
    change_order(work, id, **values)
    history.write(work, "order", id, "Order was edited", changes=history.edits(dict(row), values))
    if "payment_method_id" in values:
        credit.measure_again(work, id)


def _require_its_status(work: Work, row: Row, id: UUID) -> None:
    named = work.connection.scalar(
        sa.select(order_status.c.status).where(order_status.c.tenant_id == work.tenant_id, order_status.c.id == id)
    )
    if named != row["status"]:
        message = f"That is a name of the status {named}; the order is {row['status']}."
        remedy = f"Choose a name of the status {row['status']}; what an order is, its acts change."
        raise Invalid(Fault("order_status_id", message, "ORD-02", remedy))


def _differs(row: Row, name: str, changes: Mapping[str, Any]) -> bool:
    return name not in row or _shown(row[name]) != _shown(changes[name])


def _priced_anew(work: Work, buyer: Row, row: Row, values: dict[str, Any]) -> dict[str, Any]:
    if row["status"] != "draft":
        raise Refused(no_draft)
    on: date = values["ordered_on"] if "ordered_on" in values else row["ordered_on"]
    terms = terms_of(work, buyer, on, values.get("price_list_id", row["price_list_id"]))
    mine = (order_item.c.tenant_id == work.tenant_id, order_item.c.order_id == row["id"])
    changed = terms.price_list_id != row["price_list_id"] or terms.currency != row["currency"]
    if changed and work.connection.scalar(sa.select(sa.exists().where(*mine))):
        raise Conflict(
            "The items have prices of another price list.",
            code="items-priced",
            rule="ORD-01",
            remedy="Delete the items, change the price list, and add them again.",
        )
    return {"ordered_on": on, "price_list_id": terms.price_list_id, "currency": terms.currency}


def _shown(value: object) -> object:
    return value if value is None or isinstance(value, str | bool | int | dict) else str(value)
