"""The life of an order: submit, cancel, delete (ORD-02)."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.crm.records import governed
from tenantry.database import Row, Work
from tenantry.rules.policy import Order
from tenantry.sales.items import require_deliverable
from tenantry.sales.records import change_order, held_order
from tenantry.schema.sales import order, order_item
from tenantry.tenancy import permissions, queries


def submit_order(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Submit a draft: its items stand from now on, and it waits to be executed."""
    row = _allowed(work, id, "submit", version)
    require_deliverable(work, row)
    change_order(work, id, status="submitted", submitted_at=work.at)
    history.write(work, "order", id, "Order was submitted")


def cancel_order(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Cancel an order that was not executed."""
    _allowed(work, id, "cancel", version)
    change_order(work, id, status="cancelled", cancelled_at=work.at)
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    history.write(work, "order", id, f"Order was cancelled{reason}")


def delete_order(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a draft or a cancelled order with its items; its history stays."""
    row = _allowed(work, id, "delete", version)
    for table, column in ((order_item, order_item.c.order_id), (order, order.c.id)):
        work.connection.execute(sa.delete(table).where(table.c.tenant_id == work.tenant_id, column == id))
    history.write(work, "order", id, f"Order {row['number']} was deleted")


def _allowed(work: Work, id: UUID, act: str, version: int | None) -> Row:
    permissions.require(work, "orders:edit")
    row = held_order(work, id, version).order
    Order.require(act, governed(row), live=queries.is_live(work))
    return row
