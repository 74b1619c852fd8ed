"""Add-ons of a subscription: bought, changed in number, cancelled (SUB-02)."""

from datetime import date
from uuid import UUID

from tenantry.database import Work
from tenantry.sales.subscriptions.changing import Outcome
from tenantry.sales.subscriptions.opening import changed


def add_add_on(
    work: Work, id: UUID, product_id: UUID, quantity: int = 1, *, on: date | None = None, version: int | None = None
) -> Outcome:
    """Buy an add-on of its product, at the price of the day."""
    wanted = {"product_id": product_id, "quantity": quantity or None}
    return changed(work, id, "buy_add_on", "add_on", wanted, on=on, version=version)


def change_add_on_quantity(
    work: Work, id: UUID, product_id: UUID, quantity: int, *, on: date | None = None, version: int | None = None
) -> Outcome:
    """Give an add-on that it has another number; the price of one stays."""
    wanted = {"product_id": product_id, "quantity": quantity or None, "known": True}
    return changed(work, id, "change_add_on", "add_on", wanted, on=on, version=version)


def remove_add_on(
    work: Work, id: UUID, product_id: UUID, *, on: date | None = None, version: int | None = None
) -> Outcome:
    """Cancel an add-on; what was charged for it from the day on is given back."""
    wanted = {"product_id": product_id, "quantity": 0}
    return changed(work, id, "remove_add_on", "add_on", wanted, on=on, version=version)
