"""Price lists and plans (CAT-02, CAT-21)."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewPriceList
from tenantry.catalog.lists import PLANS, PRICE_LISTS
from tenantry.catalog.queries import PlanView, PriceListView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.catalog import CYCLE
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

PRICE_LIST = shown(
    PriceListView,
    catalog.price_list,
    items="Its prices.",
    product="Which product.",
    cycle=CYCLE,
    price="What one unit costs a cycle.",
    amount="The amount.",
)
PLAN = shown(PlanView, catalog.plan, product="The product it sells.")
NEW_PRICE_LIST = taken(NewPriceList, catalog.price_list)
PRICE_LIST_CHANGES = changed("PriceListChanges", catalog.price_list, "name currency valid_from valid_until active")

price_lists = resource("Price lists")
plans = resource("Plans")


class ListPrice(BaseModel):
    """What a unit of a product costs a cycle on a price list."""

    model_config = ConfigDict(extra="forbid")
    cycle: str = Field(max_length=20, description=CYCLE)
    price: Decimal = Field(ge=0, lt=10**13, description="Price of one unit a cycle, in the list's currency.")


@price_lists.get(
    "/price-lists",
    response_model=page_of("PriceList", item_of("PriceList", PRICE_LISTS)),
    openapi_extra=filters_of(PRICE_LISTS),
)
@may("products:view")
def list_price_lists(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List price lists by name."""
    return page(work, PRICE_LISTS, request, wanted)


@price_lists.post("/price-lists", status_code=201, response_model=PRICE_LIST)
@may("products:edit")
def make_price_list(
    work: Work, new: Annotated[NewPriceList, body(NEW_PRICE_LIST, {"name": "Partners 2027", "currency": "EUR"})]
) -> Made:
    """Make a price list; its prices follow."""
    id = actions.create_price_list(work, new)
    return Made(queries.price_list_(work, id), f"/api/v1/price-lists/{id}")


@price_lists.get("/price-lists/{id}", response_model=PRICE_LIST)
@may("products:view")
def read_price_list(work: Work, id: Id) -> PriceListView:
    """Read a price list with its prices."""
    return queries.price_list_(work, id)


@price_lists.patch("/price-lists/{id}", response_model=PRICE_LIST)
@may("products:edit")
def change_price_list(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(PRICE_LIST_CHANGES, {"valid_until": "2027-12-31"})],
    version: Version,
) -> PriceListView:
    """Change fields of a price list."""
    actions.edit_price_list(work, id, fields, version=version)
    return queries.price_list_(work, id)


@price_lists.put("/price-lists/{id}/prices/{product_id}", response_model=PRICE_LIST)
@may("products:edit")
def set_list_price(
    work: Work,
    id: Id,
    product_id: Id,
    price: Annotated[ListPrice, body(ListPrice, {"cycle": "monthly", "price": "3.90"})],
) -> PriceListView:
    """Say what a unit of a product costs a cycle on this list."""
    actions.set_list_price(work, id, product_id, price.cycle, price.price)
    return queries.price_list_(work, id)


@price_lists.delete("/price-lists/{id}/prices/{price_id}", status_code=204)
@may("products:edit")
def remove_list_price(work: Work, id: Id, price_id: Id) -> None:
    """Take a price off the list; the product then costs its unit price."""
    actions.remove_list_price(work, id, price_id)


@plans.get("/plans", response_model=page_of("Plan", item_of("Plan", PLANS)), openapi_extra=filters_of(PLANS))
@may("products:view")
def list_plans(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List plans by name."""
    return page(work, PLANS, request, wanted)


@plans.get("/plans/{id}", response_model=PLAN)
@may("products:view")
def read_plan(work: Work, id: Id) -> PlanView:
    """Read a plan."""
    return queries.plan_(work, id)
