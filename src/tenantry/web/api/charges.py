"""Charges: what is owed because of what was sold, line by line with its reason (BIL-01, BIL-07); they are only read."""

from starlette.requests import Request

from tenantry.charging.lists import CHARGES
from tenantry.database import Work
from tenantry.web.api.common import resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.http.access import may

charges = resource("Charges")


@charges.get(
    "/charges", response_model=page_of("Charge", item_of("Charge", CHARGES)), openapi_extra=filters_of(CHARGES)
)
@may("subscriptions:view")
def list_charges(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List charges, the latest first, each with how its amount came to be."""
    return page(work, CHARGES, request, wanted)
