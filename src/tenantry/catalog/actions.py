"""What changes the catalogue, verb by verb."""

from tenantry.catalog.list_prices import NewListPrice, edit_list_price, remove_list_price, set_list_price
from tenantry.catalog.plans import NewPlan, create_plan, delete_plan, edit_plan
from tenantry.catalog.price_lists import NewPriceList, create_price_list, delete_price_list, edit_price_list
from tenantry.catalog.product_prices import remove_price, set_price
from tenantry.catalog.products import NewProduct, create_product, delete_product, edit_product
from tenantry.catalog.promotions import NewPromotion, create_promotion, delete_promotion, edit_promotion
from tenantry.catalog.relations import (
    add_path,
    relate_add_on,
    remove_characteristic,
    remove_path,
    set_characteristic,
    unrelate_add_on,
)
from tenantry.catalog.terms import NewTermsDocument, create_terms_document, delete_terms_document, edit_terms_document

__all__ = [
    "NewListPrice",
    "NewPlan",
    "NewPriceList",
    "NewProduct",
    "NewPromotion",
    "NewTermsDocument",
    "add_path",
    "create_plan",
    "create_price_list",
    "create_product",
    "create_promotion",
    "create_terms_document",
    "delete_plan",
    "delete_price_list",
    "delete_product",
    "delete_promotion",
    "delete_terms_document",
    "edit_list_price",
    "edit_plan",
    "edit_price_list",
    "edit_product",
    "edit_promotion",
    "edit_terms_document",
    "relate_add_on",
    "remove_characteristic",
    "remove_list_price",
    "remove_path",
    "remove_price",
    "set_characteristic",
    "set_list_price",
    "set_price",
    "unrelate_add_on",
]
