"""All resources, in the order in which the document shows them."""

from fastapi import APIRouter

from tenantry.web.api import catalog, document, handovers, orders, tenant_resellers

router = APIRouter()
for one in (
    orders.orders,
    orders.subscriptions,
    catalog.products,
    catalog.price_lists,
    catalog.plans,
    tenant_resellers.tenant_resellers,
    handovers.handovers,
    document.router,
):
    router.include_router(one)
