"""The pages of products, plans, price lists, promotions and terms."""

from fastapi import APIRouter

from tenantry.web.ui.catalog import (
    list_prices,
    plans,
    price_lists,
    product_prices,
    product_relations,
    products,
    promotions,
    terms,
)

router = APIRouter()
for _part in (products, product_prices, product_relations, plans, price_lists, list_prices, promotions, terms):
    router.routes.extend(_part.router.routes)
