"""What changes a subscription, verb by verb; each gives what it came to (SUB-02)."""

from tenantry.sales.subscriptions.adding import add_add_on, change_add_on_quantity, remove_add_on
from tenantry.sales.subscriptions.cancelling import cancel, keep
from tenantry.sales.subscriptions.converting import convert
from tenantry.sales.subscriptions.editing import edit_subscription
from tenantry.sales.subscriptions.moving import downgrade, upgrade
from tenantry.sales.subscriptions.planning import withdraw_change
from tenantry.sales.subscriptions.previewing import preview
from tenantry.sales.subscriptions.quantity import change_quantity
from tenantry.sales.subscriptions.renewing import set_renewal
from tenantry.sales.subscriptions.repricing import freeze_prices, price_differences, update_prices
from tenantry.sales.subscriptions.retrying import retry_provisioning
from tenantry.sales.subscriptions.suspending import resume, suspend

__all__ = [
    "add_add_on",
    "cancel",
    "change_add_on_quantity",
    "change_quantity",
    "convert",
    "downgrade",
    "edit_subscription",
    "freeze_prices",
    "keep",
    "preview",
    "price_differences",
    "remove_add_on",
    "resume",
    "retry_provisioning",
    "set_renewal",
    "suspend",
    "update_prices",
    "upgrade",
    "withdraw_change",
]
