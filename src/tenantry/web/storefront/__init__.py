"""The storefront: a shop for each tenant of edition premium, in its language, at its buyers' prices (SF-01)."""

from fastapi import APIRouter

from tenantry.web.storefront import baskets, checkout, customers, entering, mine, shelf
from tenantry.web.storefront.problems import or_else

__all__ = ["or_else", "router"]

router = APIRouter(include_in_schema=False)
for _part in (entering, shelf, baskets, checkout, customers, mine):
    router.include_router(_part.router, prefix="/shop/{code}")
