"""Promotions: what is taken off a product (CAT-03)."""

from typing import Annotated

from starlette.requests import Request

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewPromotion
from tenantry.catalog.lists import PROMOTIONS
from tenantry.catalog.views import PromotionView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.histories import HISTORY_LINE, After, Lines, lines_of
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

PROMOTION = shown(PromotionView, catalog.promotion, product="The product it is for.")
NEW_PROMOTION = taken(NewPromotion, catalog.promotion)
FIELDS = "name code product_id cycle kind off currency duration cycles valid_from valid_until new_customers_only active"
PROMOTION_CHANGES = changed("PromotionChanges", catalog.promotion, FIELDS)
EXAMPLE = {
    "name": "Spring",
    "product_id": SOMEBODY,
    "kind": "percent",
    "off": "20",
    "duration": "cycles",
    "cycles": 3,
}

promotions = resource("Promotions")


@promotions.get(
    "/promotions",
    response_model=page_of("Promotion", item_of("Promotion", PROMOTIONS)),
    openapi_extra=filters_of(PROMOTIONS),
)
@may("products:view")
def list_promotions(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List promotions by name."""
    return page(work, PROMOTIONS, request, wanted)


@promotions.post("/promotions", status_code=201, response_model=PROMOTION)
@may("products:edit")
def make_promotion(work: Work, new: Annotated[NewPromotion, body(NEW_PROMOTION, EXAMPLE)]) -> Made:
    """Make a promotion; without a code it is given by itself."""
    id = actions.create_promotion(work, new)
    return Made(queries.promotion_(work, id), f"/api/v1/promotions/{id}")


@promotions.get("/promotions/{id}", response_model=PROMOTION)
@may("products:view")
def read_promotion(work: Work, id: Id) -> PromotionView:
    """Read a promotion."""
    return queries.promotion_(work, id)


@promotions.patch("/promotions/{id}", response_model=PROMOTION)
@may("products:edit")
def change_promotion(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(PROMOTION_CHANGES, {"valid_until": "2027-05-31"})],
    version: Version,
) -> PromotionView:
    """Change a promotion; what one that was given takes off stays as it was promised."""
    actions.edit_promotion(work, id, fields, version=version)
    return queries.promotion_(work, id)


@promotions.delete("/promotions/{id}", status_code=204)
@may("products:edit")
def remove_promotion(work: Work, id: Id, version: Version) -> None:
    """Delete a promotion that nobody was given."""
    actions.delete_promotion(work, id, version=version)


@promotions.get("/promotions/{id}/history", response_model=page_of("History", HISTORY_LINE))
@may("products:view")
def read_promotion_history(work: Work, request: Request, id: Id, limit: Lines = 50, cursor: After = "") -> Linked:
    """Read what happened to a promotion, the latest first."""
    queries.promotion_(work, id)
    return lines_of(work, request, id, cursor, limit)
