"""What a change sells, item by item and for good: what an order above is made of, whatever happens later (BO-02)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tenantry.database import Row
from tenantry.rules.back_orders.triggers import MOVES
from tenantry.sales.subscriptions.records import Held

if TYPE_CHECKING:
    from tenantry.sales.subscriptions.changing import Effect

Sold = list[dict[str, Any]]


def sold_by(kind: str, held: Held, effect: "Effect") -> Sold | None:
    """Give what a change of a subscription sells, as it was before the change; None where it sells nothing.

    A trial sells nothing until it is converted; cancelling, suspending, resuming and renewing sell nothing (BO-04).
    """
    if kind == "conversion":
        return sold_at_start(held.row, [vars(one) for one in held.add_ons])
    if not held.paid:
        return None
    row = held.row
    if kind == "quantity":
        total = effect.values["quantity"]
        return [_item(row, row["product_id"], total - row["quantity"], total)]
    if kind == "add_on":
        return _add_ons(held, effect) or None
    return _moved(row, effect) if kind in MOVES else None


def sold_at_start(row: Mapping[str, Any], add_ons: Iterable[Row | Mapping[str, Any]]) -> Sold:
    """Give what a subscription that begins sells: its product, and each add-on it begins with."""
    begun = [_item(row, row["product_id"], row["quantity"], row["quantity"])]
    return begun + [_item(row, one["product_id"], one["quantity"], one["quantity"]) for one in add_ons]


def _add_ons(held: Held, effect: "Effect") -> Sold:
    """Give how many more or fewer of each add-on there are; one that goes altogether is a cancellation."""
    known = {one.product_id: one.quantity for one in held.add_ons}
    stays = {id: units.quantity for id, units in effect.add_ons.items() if units}
    return [_item(held.row, id, units - known.get(id, 0), units) for id, units in stays.items()]


def _moved(row: Mapping[str, Any], effect: "Effect") -> Sold:
    """Give the units that leave the old product, and as many that come to the new one."""
    to: Mapping[str, Any] = effect.part if effect.part is not None else {**row, **effect.values}
    units = to["quantity"]
    left = row["quantity"] - units
    return [_item(row, row["product_id"], -units, left), _item(to, to["product_id"], units, units)]


def _item(row: Mapping[str, Any], product_id: UUID, units: int, total: int) -> dict[str, Any]:
    """Say how many units more or fewer, and how many there are in all from now on, which is what a tier goes by."""
    return {
        "subscription_id": str(row["id"]),
        "product_id": str(product_id),
        "cycle": row["cycle"],
        "quantity": units,
        "total": total,
    }
