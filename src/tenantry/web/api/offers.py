"""Offers: what leads to orders (ORD-04)."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.sales.offer_lists import OFFERS
from tenantry.sales.offers import actions
from tenantry.sales.offers.actions import NewOffer, NewOfferItem
from tenantry.sales.offers.queries import OfferView, offer_
from tenantry.sales.queries import OrderView, order
from tenantry.schema import sales
from tenantry.web.api.common import Changes, Id, Reason, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.orders import ORDER
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made
from tenantry.web.papers.answers import RESPONSES, shown as shown_paper
from tenantry.web.papers.offers import print_out

OFFER = shown(
    OfferView,
    sales.offer,
    sales.offer_item,
    account="Whom it is made to.",
    opportunity="The opportunity that led to it.",
    price_list="The price list of its prices.",
    contact="Whom it was agreed with.",
    order="The order that it became.",
    responsible_user="Who looks after it.",
    permission_rule="Who may see and edit it.",
    items="Its lines.",
    totals="What its lines cost, by how often they are paid.",
    first="What they cost at first: the first cycle with its promotion.",
    promotion="The promotion that is offered with it.",
    product="What is offered.",
    product_kind="Sold by itself, or with another product.",
    total="What it costs a cycle.",
    amount="The amount.",
)
NEW_OFFER = taken(NewOffer, sales.offer, sales.offer_item, items="Its lines, priced on its day.")
NEW_ITEM = taken(NewOfferItem, sales.offer_item)
OFFER_FIELDS = "name offered_on valid_until note contact_id responsible_user_id permission_rule_id"
OFFER_CHANGES = changed("OfferChanges", sales.offer, OFFER_FIELDS)
ITEM_FIELDS = "cycle quantity unit_price discount_percent promotion_id"
ITEM_CHANGES = changed("OfferItemChanges", sales.offer_item, ITEM_FIELDS)
ITEM = {"product_id": SOMEBODY, "cycle": "monthly", "quantity": 25}
offers = resource("Offers")


@offers.get("/offers", response_model=page_of("Offer", item_of("Offer", OFFERS)), openapi_extra=filters_of(OFFERS))
@may("orders:view")
def list_offers(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List offers, the latest first."""
    return page(work, OFFERS, request, wanted)


@offers.post("/offers", status_code=201, response_model=OFFER)
@may("orders:edit")
def make_offer(
    work: Work, new: Annotated[NewOffer, body(NEW_OFFER, {"account_id": SOMEBODY, "items": [ITEM]})]
) -> Made:
    """Make an offer with its items, priced on its day."""
    id = actions.create_offer(work, new)
    return Made(offer_(work, id), f"/api/v1/offers/{id}")


@offers.get("/offers/{id}", response_model=OFFER)
@may("orders:view")
def read_offer(work: Work, id: Id) -> OfferView:
    """Read an offer with its lines and what may be done with it."""
    return offer_(work, id)


@offers.patch("/offers/{id}", response_model=OFFER)
@may("orders:edit")
def change_offer(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(OFFER_CHANGES, {"valid_until": "2026-12-31"})],
    version: Version,
) -> OfferView:
    """Change fields of an offer in progress; its prices stay as they were offered."""
    actions.edit_offer(work, id, fields, version=version)
    return offer_(work, id)


@offers.delete("/offers/{id}", status_code=204)
@may("orders:edit")
def remove_offer(work: Work, id: Id, version: Version) -> None:
    """Delete an offer that was not accepted."""
    actions.delete_offer(work, id, version=version)


@offers.post("/offers/{id}/items", status_code=201, response_model=OFFER)
@may("orders:edit")
def make_offer_item(work: Work, id: Id, new: Annotated[NewOfferItem, body(NEW_ITEM, ITEM)], version: Version) -> Made:
    """Add a line to an offer in progress; without a price it costs what the price list says."""
    item = actions.add_offer_item(work, id, new, version=version)
    return Made(offer_(work, id), f"/api/v1/offers/{id}/items/{item}")


@offers.patch("/offers/{id}/items/{item_id}", response_model=OFFER)
@may("orders:edit")
def change_offer_item(
    work: Work,
    id: Id,
    item_id: Id,
    fields: Annotated[Changes, changes(ITEM_CHANGES, {"quantity": 30})],
    version: Version,
) -> OfferView:
    """Change a line of an offer in progress; If-Match is the line's own version."""
    actions.update_offer_item(work, id, item_id, fields, version=version)
    return offer_(work, id)


@offers.delete("/offers/{id}/items/{item_id}", status_code=204)
@may("orders:edit")
def remove_offer_item(work: Work, id: Id, item_id: Id, version: Version) -> None:
    """Take a line off an offer in progress; If-Match is the line's own version."""
    actions.delete_offer_item(work, id, item_id, version=version)


@offers.put("/offers/{id}/acceptance", response_model=ORDER)
@may("orders:edit")
def accept(work: Work, id: Id, version: Version) -> OrderView:
    """Accept an offer: it becomes a draft order, at the offered prices; answered with that order."""
    return order(work, actions.accept_offer(work, id, version=version))


@offers.put("/offers/{id}/loss", response_model=OFFER)
@may("orders:edit")
def lose(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Too dear"})], version: Version
) -> OfferView:
    """Mark an offer as lost."""
    actions.lose_offer(work, id, because=why.because, version=version)
    return offer_(work, id)


@offers.delete("/offers/{id}/loss", status_code=204)
@may("orders:edit")
def reopen(work: Work, id: Id, version: Version) -> None:
    """Open a lost offer again."""
    actions.reopen_offer(work, id, version=version)


@offers.get("/offers/{id}/print-out", response_class=Response, responses=RESPONSES)
@may("orders:view")
def read_offer_print_out(work: Work, id: Id) -> Response:
    """Give an offer as a document: PDF with letterhead, lines and totals."""
    return shown_paper(*print_out(work, id))
