"""What changes the catalogue, verb by verb."""

from tenantry.catalog.plans import NewPlan, create_plan, edit_plan
from tenantry.catalog.price_lists import (
    NewPriceList,
    create_price_list,
    edit_price_list,
    remove_list_price,
    set_list_price,
)
from tenantry.catalog.products import (
    NewProduct,
    create_product,
    delete_product,
    edit_product,
    relate_add_on,
    remove_price,
    set_price,
    unrelate_add_on,
)

__all__ = [
    "NewPlan",
    "NewPriceList",
    "NewProduct",
    "create_plan",
    "create_price_list",
    "create_product",
    "delete_product",
    "edit_plan",
    "edit_price_list",
    "edit_product",
    "relate_add_on",
    "remove_list_price",
    "remove_price",
    "set_list_price",
    "set_price",
    "unrelate_add_on",
]
