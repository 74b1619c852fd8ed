"""The life of an order: submit, cancel, delete (ORD-02)."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.problems import Invalid
from tenantry.rules.policy import Order
from tenantry.sales.credit import kept, measured, wait
from tenantry.sales.defaults import today
from tenantry.sales.items import items_of, require_deliverable
from tenantry.sales.records import Held, change_order, held_order, of_account
from tenantry.sales.starting import start_faults
from tenantry.schema.sales import order, order_item
from tenantry.tenancy import permissions, queries


def submit_order(work: Work, id: UUID, *, version: int | None = None) -> bool:
    """Submit a draft: its items stand from now on; says whether it may be executed, or waits for approval (ORD-05)."""
    held = _allowed(work, id, "submit", version)
    items = items_of(work, held.order)
    require_deliverable(work, items)
    _require_recent(work, items)
    view = measured(work, held, items)
    change_order(work, id, status="submitted", submitted_at=work.at, credit_figures=kept(view))
    history.write(work, "order", id, "Order was submitted")
    if view.is_over:
        wait(work, id, view)
    return not view.is_over


def cancel_order(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Cancel an order that was not executed."""
    _allowed(work, id, "cancel", version)
    change_order(work, id, status="cancelled", cancelled_at=work.at)
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    history.write(work, "order", id, f"Order was cancelled{reason}")


def delete_order(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a draft or a cancelled order with its items; its history stays."""
    row = _allowed(work, id, "delete", version).order
    for table, column in ((order_item, order_item.c.order_id), (order, order.c.id)):
        work.connection.execute(sa.delete(table).where(table.c.tenant_id == work.tenant_id, column == id))
    history.write(work, "order", id, f"Order {row['number']} was deleted")


def _require_recent(work: Work, items: Sequence[Row]) -> None:
    now = today(work)
    faults = [
        fault
        for place, one in enumerate(items)
        for fault in start_faults(one["product_name"], one["start_on"], now, f"items.{place}.start_on")
    ]
    if faults:
        raise Invalid(*faults)


def _allowed(work: Work, id: UUID, act: str, version: int | None) -> Held:
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    Order.require(act, of_account(held.order, held.account), live=queries.is_live(work))
    return held
