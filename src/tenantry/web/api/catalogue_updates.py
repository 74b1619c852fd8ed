"""Update Tenant: changes of the catalogue carried down to a tenant reseller (CAT-20)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.channel.catalogue_updates import actions, queries
from tenantry.channel.catalogue_updates.queries import CatalogueUpdateView
from tenantry.channel.tenant_resellers.queries import tenant_reseller_
from tenantry.database import Work
from tenantry.schema import shop
from tenantry.web.api.common import Id, body, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.api.short_lists import whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Accepted, Linked, Made

UPDATE = shown(
    CatalogueUpdateView,
    shop.catalogue_update,
    name="CatalogueUpdate",
    state="planned, confirmed (a worker applies it), applied, or outdated (the catalogues changed before that).",
    summary="How many rows differ, in words.",
    actor="Who confirmed it; empty while nobody has.",
    part="Of which part of the catalogue.",
    what="Which record, by name.",
    verdict="new, changed, withdrawn, dropped, or clash: left out, since the reseller has that SKU himself.",
    field="Which field; empty for a whole record.",
    before="What the reseller has.",
    after="What he will have.",
    rule="The rule that decides it.",
    why="Why, in a sentence.",
)

catalogue_updates = resource("Catalogue updates")


class Wish(BaseModel):
    """What is carried down."""

    model_config = ConfigDict(extra="forbid")
    mode: Literal["full", "purchase_prices"] = Field(
        default="full", description="All that is the distributor's, or purchase prices only."
    )
    with_selling_prices: bool = Field(
        default=False,
        strict=True,
        description="Whether the reseller's selling prices are set to the distributor's too.",
    )


class Seen(BaseModel):
    """What is confirmed: the differences that were seen."""

    model_config = ConfigDict(extra="forbid")
    digest: Words = Field(max_length=200, description="The digest of the update that was seen.")


@catalogue_updates.get("/tenant-resellers/{id}/catalogue-updates", response_model=page_of("CatalogueUpdate", UPDATE))
@may("tenant_resellers:view")
def list_catalogue_updates(work: Work, request: Request, id: Id, wanted: Wanted) -> Linked:
    """List the latest fifty updates of a tenant reseller's catalogue."""
    tenant_reseller_(work, id)
    return whole(request, wanted, queries.updates(work, id), UPDATE)


@catalogue_updates.post("/tenant-resellers/{id}/catalogue-updates", status_code=201, response_model=UPDATE)
@may("tenant_resellers:edit")
def plan_catalogue_update(
    work: Work, id: Id, wish: Annotated[Wish, body(Wish, {"mode": "full", "with_selling_prices": False})]
) -> Made:
    """Compare the catalogues: every difference with its rule; nothing is changed yet."""
    made = actions.plan(work, id, wish.mode, with_selling_prices=wish.with_selling_prices)
    return Made(queries.update_(work, made), f"/api/v1/catalogue-updates/{made}")


@catalogue_updates.get("/catalogue-updates/{id}", response_model=UPDATE)
@may("tenant_resellers:view")
def read_catalogue_update(work: Work, id: Id) -> CatalogueUpdateView:
    """Read an update with its differences."""
    return queries.update_(work, id)


@catalogue_updates.put("/catalogue-updates/{id}/confirmation", status_code=202, response_model=UPDATE)
@may("tenant_resellers:edit")
def confirm_catalogue_update(
    work: Work, id: Id, seen: Annotated[Seen, body(Seen, {"digest": "6f1c0e5b..."})]
) -> Accepted:
    """Let what was seen be applied to both tenants in one go."""
    actions.confirm(work, id, seen.digest)
    return Accepted(queries.update_(work, id), f"/api/v1/catalogue-updates/{id}")
