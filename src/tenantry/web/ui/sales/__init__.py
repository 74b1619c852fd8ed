"""The pages of orders and subscriptions."""

from fastapi import APIRouter

from tenantry.web.ui.sales import (
    assets,
    charges,
    offer_acts,
    offers,
    opportunities,
    order_acts,
    order_forms,
    order_items,
    orders,
    provisioning,
    subscription_acts,
    subscription_forms,
    subscription_new,
    subscriptions,
)

router = APIRouter()
# What has a word where others have an id comes first.
_PARTS = (
    *(opportunities, offers, offer_acts),
    *(order_forms, orders, order_items, order_acts),
    *(subscription_new, subscription_forms, subscriptions, subscription_acts, assets, provisioning, charges),
)
for _part in _PARTS:
    router.routes.extend(_part.router.routes)
