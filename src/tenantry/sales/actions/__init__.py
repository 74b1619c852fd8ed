"""What changes an order, verb by verb."""

from tenantry.sales.actions.approve import approve_order, refuse_order
from tenantry.sales.actions.copy import copy_order
from tenantry.sales.actions.create import NewOrder, create_order
from tenantry.sales.actions.deliver import deliver_items
from tenantry.sales.actions.edit import edit_order
from tenantry.sales.actions.execute import execute_order
from tenantry.sales.actions.items import NewItem, add_item, change_quantity, delete_item, update_item
from tenantry.sales.actions.life import cancel_order, delete_order, submit_order
from tenantry.sales.actions.withdraw import withdraw_order

__all__ = [
    "NewItem",
    "NewOrder",
    "add_item",
    "approve_order",
    "cancel_order",
    "change_quantity",
    "copy_order",
    "create_order",
    "delete_item",
    "delete_order",
    "deliver_items",
    "edit_order",
    "execute_order",
    "refuse_order",
    "submit_order",
    "update_item",
    "withdraw_order",
]
