"""The pages of orders and subscriptions."""

from fastapi import APIRouter

from tenantry.web.ui.sales import charges, order_acts, order_forms, order_items, orders, subscriptions

router = APIRouter()
# What has a word where others have an id comes first.
for _part in (order_forms, orders, order_items, order_acts, subscriptions, charges):
    router.include_router(_part.router)
