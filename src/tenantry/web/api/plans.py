"""Plans: the ways products are sold, each with the plan it descends from (CAT-21)."""

from typing import Annotated

from starlette.requests import Request

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewPlan
from tenantry.catalog.lists import PLANS
from tenantry.catalog.views import PlanView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.histories import HISTORY_LINE, After, Lines, lines_of
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

PLAN = shown(PlanView, catalog.plan, product="The product it sells.")
NEW_PLAN = taken(NewPlan, catalog.plan)
PLAN_CHANGES = changed("PlanChanges", catalog.plan, "name")
EXAMPLE = {"product_id": SOMEBODY, "name": "Mail for small offices"}

plans = resource("Plans")


@plans.get("/plans", response_model=page_of("Plan", item_of("Plan", PLANS)), openapi_extra=filters_of(PLANS))
@may("products:view")
def list_plans(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List plans by name."""
    return page(work, PLANS, request, wanted)


@plans.post("/plans", status_code=201, response_model=PLAN)
@may("products:edit")
def make_plan(work: Work, new: Annotated[NewPlan, body(NEW_PLAN, EXAMPLE)]) -> Made:
    """Make a plan of one's own; one that descends from the distributor's comes with an update from above."""
    id = actions.create_plan(work, new)
    return Made(queries.plan_(work, id), f"/api/v1/plans/{id}")


@plans.get("/plans/{id}", response_model=PLAN)
@may("products:view")
def read_plan(work: Work, id: Id) -> PlanView:
    """Read a plan."""
    return queries.plan_(work, id)


@plans.patch("/plans/{id}", response_model=PLAN)
@may("products:edit")
def change_plan(
    work: Work, id: Id, fields: Annotated[Changes, changes(PLAN_CHANGES, {"name": "Mail for all"})], version: Version
) -> PlanView:
    """Rename a plan; the product that it sells stays."""
    actions.edit_plan(work, id, fields, version=version)
    return queries.plan_(work, id)


@plans.delete("/plans/{id}", status_code=204)
@may("products:edit")
def remove_plan(work: Work, id: Id, version: Version) -> None:
    """Delete a plan of one's own, or one that was withdrawn."""
    actions.delete_plan(work, id, version=version)


@plans.get("/plans/{id}/history", response_model=page_of("History", HISTORY_LINE))
@may("products:view")
def read_plan_history(work: Work, request: Request, id: Id, limit: Lines = 50, cursor: After = "") -> Linked:
    """Read what happened to a plan, the latest first."""
    queries.plan_(work, id)
    return lines_of(work, request, id, cursor, limit)
