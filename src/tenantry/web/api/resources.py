"""All resources, in the order in which the document shows them."""

from fastapi import APIRouter

from tenantry.web.api import catalog, document, handovers, orders, people, reference, setup, tenant_resellers, tokens

router = APIRouter()
for one in (
    orders.orders,
    orders.subscriptions,
    catalog.products,
    catalog.price_lists,
    catalog.plans,
    tenant_resellers.tenant_resellers,
    handovers.handovers,
    people.people,
    setup.setup,
    tokens.credentials,
    tokens.audit_log,
    reference.reference,
    document.router,
):
    router.include_router(one)
