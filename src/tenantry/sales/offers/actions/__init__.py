"""What changes an offer, a file per verb (ORD-04)."""

from tenantry.sales.offers.actions.accept import accept_offer
from tenantry.sales.offers.actions.create import NewOffer, create_offer
from tenantry.sales.offers.actions.items import NewOfferItem, add_offer_item, delete_offer_item, update_offer_item
from tenantry.sales.offers.actions.life import delete_offer, edit_offer, lose_offer, reopen_offer

__all__ = [
    "NewOffer",
    "NewOfferItem",
    "accept_offer",
    "add_offer_item",
    "create_offer",
    "delete_offer",
    "delete_offer_item",
    "edit_offer",
    "lose_offer",
    "reopen_offer",
    "update_offer_item",
]
