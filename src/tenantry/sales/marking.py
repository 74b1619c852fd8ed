"""Orders that become back-ordering records, because a tenant reseller manages their account (DN-29, DN-30)."""

from uuid import UUID

from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.sales.records import change_order


def mark_managed(work: Work, order_id: UUID, buyer: Row) -> None:
    """Mark an order that was just executed, when the reseller who manages its account bought it in the storefront."""
    if buyer["standing"] == "handed_down":
        change_order(work, order_id, standing="marked", managed_by=buyer["managed_by"])
        history.write(work, "order", order_id, "Order became a back-ordering record")
