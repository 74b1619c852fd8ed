"""The pages of orders and subscriptions."""

from fastapi import APIRouter

from tenantry.web.ui.sales import order_acts, order_forms, order_items, orders, subscriptions

router = APIRouter()
for _part in (orders, order_forms, order_items, order_acts, subscriptions):
    router.include_router(_part.router)
