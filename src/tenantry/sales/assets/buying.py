"""Make the assets of an order: one for every item that is paid once, charged on its day (ORD-03)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.charging import charges
from tenantry.charging.promotions import Off
from tenantry.charging.terms import Line, Terms
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.sales import messages
from tenantry.sales.items import Delivery
from tenantry.sales.records import Held
from tenantry.schema.sales import order_item
from tenantry.schema.subscription import asset

ONE_OFF = "one_off"


def buy(work: Work, held: Held, deliveries: Sequence[Delivery], days: Mapping[UUID, date], rule: UUID) -> list[UUID]:
    """Make an asset of every one-off item, the add-ons with it; gives their ids."""
    items = [
        (item, days[one.item["id"]])
        for one in deliveries
        if one.item["cycle"] == ONE_OFF
        for item in (one.item, *one.add_ons)
    ]
    if not items:
        return []
    given = {"tenant_id": work.tenant_id, "permission_rule_id": rule, "created_at": work.at}
    rows = [_row(held, item, on) | given for item, on in items]
    work.connection.execute(insert(asset).on_conflict_do_nothing(index_elements=["tenant_id", "id"]), rows)
    _name_items(work, {item["id"]: row["id"] for (item, _), row in zip(items, rows, strict=True)})
    made = [
        replace(charge, asset_id=row["id"])
        for (item, on), row in zip(items, rows, strict=True)
        for charge in charges.of_once(_terms(held, item, on), on)
    ]
    charges.write(work, charges.made_by(made, order_id=held.order["id"]))
    said = f"Asset was bought by order {held.order['number']}"
    history.write_all(work, "asset", [(row["id"], said) for row in rows])
    ids = [row["id"] for row in rows]
    messages.assets_bought(work, ids)
    return ids


def _row(held: Held, item: Row, on: date) -> dict[str, Any]:
    order = held.order
    return {
        "id": derived_id(order["id"], item["id"], "asset"),
        "account_id": order["account_id"],
        "bill_to_id": order["bill_to_id"],
        "product_id": item["product_id"],
        "order_id": order["id"],
        "name": f"{held.account['name']} - {item['product_name']}"[:320],
        "quantity": item["quantity"],
        "unit_price": item["unit_price"],
        "currency": order["currency"],
        "bought_on": on,
        "responsible_user_id": order["responsible_user_id"],
    }


def _terms(held: Held, item: Row, on: date) -> Terms:
    off = None
    if item["promotion_id"]:
        off = Off(item["promotion_id"], item["promotion_name"], item["promotion_kind"], item["promotion_off"])
    line = Line(item["product_id"], item["quantity"], item["unit_price"], item["discount_percent"], off)
    order = held.order
    return Terms(order["account_id"], order["bill_to_id"], ONE_OFF, order["currency"], on, (line,))


def _name_items(work: Work, became: Mapping[UUID, UUID]) -> None:
    i = order_item.c
    mine = (i.tenant_id == work.tenant_id, i.id == sa.bindparam("item"))
    named = sa.update(order_item).where(*mine).values(asset_id=sa.bindparam("became"))
    work.connection.execute(named, [{"item": item, "became": id} for item, id in became.items()])
