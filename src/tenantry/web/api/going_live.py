"""The rest of the way down: what is left to be transferred, and going live and back (DN-40, DN-45, DN-46)."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from tenantry.channel.handovers import actions
from tenantry.channel.handovers.queries import HandoverView, handover_, last_activation
from tenantry.channel.tenant_resellers.things import Thing, things
from tenantry.database import Work
from tenantry.schema import sales
from tenantry.web.api.common import Id, resource
from tenantry.web.api.handovers import HANDOVER
from tenantry.web.api.lists import linked, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

THING = shown(
    Thing,
    sales.subscription,
    entity="subscription or asset: what it is.",
    name="Its name.",
    customer="Name of the account that has it.",
    status="Its status.",
    quantity="How many units.",
    cycle="Paid how often; one_off of an asset.",
    unit_price="What one unit costs a cycle at the distributor's.",
    currency="Currency of that.",
)

going_live = resource("Tenant resellers")


@going_live.get("/tenant-resellers/{id}/things-left", response_model=page_of("ThingLeft", THING))
@may("handover:plan")
def list_things_left(
    work: Work,
    request: Request,
    id: Id,
    search: Annotated[str, Query(description="Words that name, external id or customer must have.")] = "",
    limit: Annotated[int, Query(description="Of a page, 1 to 1,000.")] = 100,
    cursor: Annotated[str, Query(description="What `next` of another page said.")] = "",
) -> Linked:
    """List the subscriptions and assets of copied accounts that have yet to be transferred (DN-40)."""
    found = things(work, id, search=search, cursor=cursor or None, limit=limit)
    total = None if search else found.total
    exact = None if total is None else True
    page = {"items": found.items, "next": found.next, "previous": None, "total": total, "total_is_exact": exact}
    return linked(request, page)


@going_live.put("/tenant-resellers/{id}/back-ordering", status_code=201, response_model=HANDOVER)
@may("handover:plan")
def activate_back_ordering(work: Work, id: Id) -> Made:
    """Plan going live, to be confirmed by its digest; where accounts are left, their transfer, which going live follows
    by itself (DN-45).
    """
    made = actions.plan(work, "activate_back_ordering", id)
    return Made(handover_(work, made), f"/api/v1/handovers/{made}")


@going_live.delete("/tenant-resellers/{id}/back-ordering", response_model=HANDOVER)
@may("handover:confirm")
def undo_going_live(work: Work, id: Id) -> HandoverView:
    """Undo going live while nothing has been mirrored up since; refused with what stands in the way (DN-46)."""
    live = last_activation(work, id)
    actions.reverse(work, live)
    return handover_(work, live)
