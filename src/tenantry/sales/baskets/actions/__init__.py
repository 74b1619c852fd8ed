"""What changes a basket, verb by verb."""

from tenantry.sales.baskets.actions.checkout import Accepted, check_out
from tenantry.sales.baskets.actions.contents import (
    NewBasketItem,
    change_quantity,
    clear,
    open_basket,
    put_in,
    set_promotion_code,
    take_out,
)

__all__ = [
    "Accepted",
    "NewBasketItem",
    "change_quantity",
    "check_out",
    "clear",
    "open_basket",
    "put_in",
    "set_promotion_code",
    "take_out",
]
