"""Opportunities: what leads to offers (TEN-25)."""

from typing import Annotated

from starlette.requests import Request

from tenantry.database import Work
from tenantry.sales.offer_lists import OPPORTUNITIES
from tenantry.sales.opportunities import actions as opportunity_actions
from tenantry.sales.opportunities.actions import NewOpportunity
from tenantry.sales.opportunities.queries import OpportunityView, opportunity_
from tenantry.schema import crm
from tenantry.web.api.common import Changes, Id, Reason, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

OPPORTUNITY = shown(
    OpportunityView,
    crm.opportunity,
    account="With whom.",
    responsible_user="Who looks after it.",
    permission_rule="Who may see and edit it.",
    offers="The offers that were made of it.",
)
NEW_OPPORTUNITY = taken(NewOpportunity, crm.opportunity)
OPPORTUNITY_FIELDS = "name amount currency expected_on note responsible_user_id permission_rule_id"
OPPORTUNITY_CHANGES = changed("OpportunityChanges", crm.opportunity, OPPORTUNITY_FIELDS)
opportunities = resource("Opportunities")


@opportunities.get(
    "/opportunities",
    response_model=page_of("Opportunity", item_of("Opportunity", OPPORTUNITIES)),
    openapi_extra=filters_of(OPPORTUNITIES),
)
@may("orders:view")
def list_opportunities(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List opportunities, the latest first."""
    return page(work, OPPORTUNITIES, request, wanted)


@opportunities.post("/opportunities", status_code=201, response_model=OPPORTUNITY)
@may("orders:edit")
def make_opportunity(
    work: Work,
    new: Annotated[NewOpportunity, body(NEW_OPPORTUNITY, {"account_id": SOMEBODY, "name": "Mail for 300 people"})],
) -> Made:
    """Make an opportunity of an account."""
    id = opportunity_actions.create_opportunity(work, new)
    return Made(opportunity_(work, id), f"/api/v1/opportunities/{id}")


@opportunities.get("/opportunities/{id}", response_model=OPPORTUNITY)
@may("orders:view")
def read_opportunity(work: Work, id: Id) -> OpportunityView:
    """Read an opportunity with its offers and what may be done with it."""
    return opportunity_(work, id)


@opportunities.patch("/opportunities/{id}", response_model=OPPORTUNITY)
@may("orders:edit")
def change_opportunity(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(OPPORTUNITY_CHANGES, {"expected_on": "2026-12-31"})],
    version: Version,
) -> OpportunityView:
    """Change fields of an open opportunity."""
    opportunity_actions.edit_opportunity(work, id, fields, version=version)
    return opportunity_(work, id)


@opportunities.delete("/opportunities/{id}", status_code=204)
@may("orders:edit")
def remove_opportunity(work: Work, id: Id, version: Version) -> None:
    """Delete an opportunity; its offers stay."""
    opportunity_actions.delete_opportunity(work, id, version=version)


@opportunities.put("/opportunities/{id}/win", response_model=OPPORTUNITY)
@may("orders:edit")
def win(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Signed today"})], version: Version
) -> OpportunityView:
    """Mark an opportunity as won."""
    opportunity_actions.win_opportunity(work, id, because=why.because, version=version)
    return opportunity_(work, id)


@opportunities.put("/opportunities/{id}/loss", response_model=OPPORTUNITY)
@may("orders:edit")
def lose_opportunity(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Too dear"})], version: Version
) -> OpportunityView:
    """Mark an opportunity as lost."""
    opportunity_actions.lose_opportunity(work, id, because=why.because, version=version)
    return opportunity_(work, id)


@opportunities.delete("/opportunities/{id}/decision", status_code=204)
@may("orders:edit")
def reopen_opportunity(work: Work, id: Id, version: Version) -> None:
    """Open a won or lost opportunity again."""
    opportunity_actions.reopen_opportunity(work, id, version=version)
