"""All resources, in the order in which the document shows them."""

from fastapi import APIRouter

from tenantry.web.api import catalog, document

router = APIRouter()
for one in (catalog.products, catalog.price_lists, catalog.plans, document.router):
    router.include_router(one)
