"""The pages of products and price lists."""

from fastapi import APIRouter

from tenantry.web.ui.catalog import price_lists, product_prices, products

router = APIRouter()
for _part in (products, product_prices, price_lists):
    router.include_router(_part.router)
