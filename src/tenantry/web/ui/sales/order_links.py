"""How what an order brought about names that order: a field, a cell, a number in a sentence (BO-15 to BO-17)."""

from collections.abc import Mapping

from tenantry.sales.queries import NumberedOrder
from tenantry.sales.subscriptions.views import SubscriptionView
from tenantry.web.ui.views import Cell, Field


def order_field(order: NumberedOrder | None) -> Field:
    """Give the Order field."""
    if order is None:
        return Field("order", "Order", "")
    return Field("order", "Order", f"No. {order.number}: {order.name}", url=f"/orders/{order.id}")


def order_cell(order: NumberedOrder | None) -> Cell:
    """Give the order as a cell of a table."""
    return Cell(f"Order {order.number}", url=f"/orders/{order.id}") if order else Cell("")


def numbers(view: SubscriptionView) -> Mapping[int, str]:
    """Say where the orders are found that the history of a subscription names by their numbers."""
    found = (view.order, *(one.order for one in view.changes), *(one.order for one in view.add_ons))
    return {order.number: f"/orders/{order.id}" for order in found if order}
