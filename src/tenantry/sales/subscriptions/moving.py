"""Upgrade or downgrade a subscription along its product's paths: whole, or some of its units (SUB-02)."""

from datetime import date
from uuid import UUID

from tenantry.database import Work
from tenantry.sales.subscriptions.changing import Outcome
from tenantry.sales.subscriptions.opening import changed


def upgrade(
    work: Work,
    id: UUID,
    product_id: UUID,
    quantity: int | None = None,
    *,
    on: date | None = None,
    at_next_cycle: bool = False,
    version: int | None = None,
) -> Outcome:
    """Move it, or so many of its units, up to a product; these become a subscription that is parted from it."""
    wanted = {"product_id": product_id, "quantity": quantity}
    return changed(work, id, "upgrade", "upgrade", wanted, on=on, at_next_cycle=at_next_cycle, version=version)


def downgrade(
    work: Work,
    id: UUID,
    product_id: UUID,
    quantity: int | None = None,
    *,
    on: date | None = None,
    at_next_cycle: bool = False,
    version: int | None = None,
) -> Outcome:
    """Move it, or so many of its units, down to a product."""
    wanted = {"product_id": product_id, "quantity": quantity}
    return changed(work, id, "downgrade", "downgrade", wanted, on=on, at_next_cycle=at_next_cycle, version=version)
