"""Price lists: what products cost to whom (CAT-02)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.catalog import actions, price_list_queries
from tenantry.catalog.actions import NewListPrice, NewPriceList
from tenantry.catalog.lists import PRICE_LISTS
from tenantry.catalog.price_list_queries import ListedPrice, PriceListView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.catalog import CYCLE
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.histories import HISTORY_LINE, After, Lines, lines_of
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, linked, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

LISTED = {
    "product": "Which product.",
    "sku": "Its SKU.",
    "cycle": CYCLE,
    "price": "What one unit costs a cycle; null where the margin or the unit price says it.",
    "cost": "What one unit costs the tenant a cycle in the list's currency; null when it is not known.",
    "unit_price": "The product's unit price in the list's currency; null when it has none.",
    "min_quantity": "From how many units on: a volume tier.",
    "margin_percent": "What is put on its cost instead of a price, in percent of it; null: nothing.",
    "amount": "The amount.",
}
PRICE_LIST = shown(
    PriceListView, catalog.price_list, items="Its first 100 prices.", prices="How many prices it has.", **LISTED
)
LISTED_PRICE = shown(ListedPrice, catalog.price_list_item, **LISTED)
NEW_PRICE_LIST = taken(NewPriceList, catalog.price_list)
PRICE_LIST_CHANGES = changed("PriceListChanges", catalog.price_list, "name currency valid_from valid_until active")

price_lists = resource("Price lists")


class ListPrice(BaseModel):
    """What a unit of a product costs a cycle on a price list: an amount, or a margin on its cost, or its unit price."""

    model_config = ConfigDict(extra="forbid")
    cycle: str = Field(max_length=20, description=CYCLE)
    price: Decimal | None = Field(
        default=None, ge=0, lt=10**13, description="Price of one unit a cycle, in the list's currency."
    )
    margin_percent: Decimal | None = Field(
        default=None, ge=-100, le=10_000, description="What is put on its cost instead, in percent of it."
    )
    min_quantity: int = Field(default=1, ge=1, le=1_000_000, description="From how many units on: a volume tier.")
    valid_from: date | None = Field(default=None, description="First day; null: always.")
    valid_until: date | None = Field(default=None, description="Last day; null: open.")


PRICE_CHANGES = changed(
    "ListPriceChanges", catalog.price_list_item, "cycle price margin_percent min_quantity valid_from valid_until"
)


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
    return Made(price_list_queries.price_list_(work, id), f"/api/v1/price-lists/{id}")


@price_lists.get("/price-lists/{id}", response_model=PRICE_LIST)
@may("products:view")
def read_price_list(work: Work, id: Id) -> PriceListView:
    """Read a price list with its prices."""
    return price_list_queries.price_list_(work, id)


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
    return price_list_queries.price_list_(work, id)


@price_lists.delete("/price-lists/{id}", status_code=204)
@may("products:edit")
def remove_price_list(work: Work, id: Id, version: Version) -> None:
    """Delete a price list that nobody has; its prices go with it."""
    actions.delete_price_list(work, id, version=version)


@price_lists.get("/price-lists/{id}/prices", response_model=page_of("ListedPrice", LISTED_PRICE))
@may("products:view")
def list_list_prices(
    work: Work,
    request: Request,
    id: Id,
    search: Annotated[str, Query(max_length=100, description="Words of the product's name, SKU or category.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="Prices of a page.")] = 50,
    cursor: Annotated[int, Query(ge=0, le=10**6, description="What `next` of another page said.")] = 0,
) -> Linked:
    """List the prices of a price list by the name of the product."""
    found = price_list_queries.list_prices(work, id, search, cursor, limit)
    more = None if found.next is None else str(found.next)
    return linked(
        request, {"items": found.items, "next": more, "previous": None, "total": None, "total_is_exact": None}
    )


@price_lists.put("/price-lists/{id}/prices/{product_id}", response_model=PRICE_LIST)
@may("products:edit")
def set_list_price(
    work: Work,
    id: Id,
    product_id: Id,
    price: Annotated[ListPrice, body(ListPrice, {"cycle": "monthly", "price": "3.90", "min_quantity": 10})],
) -> PriceListView:
    """Say what a unit of a product costs a cycle on this list; a price from the same day and units on is replaced."""
    actions.set_list_price(work, id, NewListPrice(product_id, **price.model_dump()))
    return price_list_queries.price_list_(work, id)


@price_lists.patch("/price-lists/{id}/prices/{price_id}", response_model=LISTED_PRICE)
@may("products:edit")
def change_list_price(
    work: Work,
    id: Id,
    price_id: Id,
    fields: Annotated[Changes, changes(PRICE_CHANGES, {"valid_until": "2027-12-31"})],
    version: Version,
) -> ListedPrice:
    """Change a price of the list: its amount or margin, its days, from how many units on it holds."""
    actions.edit_list_price(work, id, price_id, fields, version=version)
    return price_list_queries.list_price(work, id, price_id)


@price_lists.get("/price-lists/{id}/history", response_model=page_of("History", HISTORY_LINE))
@may("products:view")
def read_price_list_history(work: Work, request: Request, id: Id, limit: Lines = 50, cursor: After = "") -> Linked:
    """Read what happened to a price list, the latest first."""
    price_list_queries.price_list_(work, id)
    return lines_of(work, request, id, cursor, limit)


@price_lists.delete("/price-lists/{id}/prices/{price_id}", status_code=204)
@may("products:edit")
def remove_list_price(work: Work, id: Id, price_id: Id) -> None:
    """Take a price off the list; the product then costs its unit price."""
    actions.remove_list_price(work, id, price_id)
