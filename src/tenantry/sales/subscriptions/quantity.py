"""Change how many units a subscription has: now, on a day, or at the next cycle (SUB-02)."""

from datetime import date
from uuid import UUID

from tenantry.database import Work
from tenantry.sales.subscriptions.changing import Outcome
from tenantry.sales.subscriptions.opening import changed


def change_quantity(
    work: Work,
    id: UUID,
    quantity: int,
    *,
    on: date | None = None,
    at_next_cycle: bool = False,
    version: int | None = None,
) -> Outcome:
    """Give it a new total; the price of a unit stays, and the rest of the cycle is charged or given back by the day."""
    wanted = {"quantity": quantity}
    return changed(work, id, "change_quantity", "quantity", wanted, on=on, at_next_cycle=at_next_cycle, version=version)
