"""Products, price lists and plans (CAT-01, CAT-02, CAT-20, CAT-21)."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewPriceList, NewProduct
from tenantry.catalog.lists import PLANS, PRICE_LISTS, PRODUCTS
from tenantry.catalog.queries import PlanView, PriceListView, ProductView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

CYCLE = "How often it is paid: one_off, monthly, quarterly, half_yearly or yearly."
PRODUCT = shown(
    ProductView,
    catalog.product,
    provisioning_system_name="The name of that system.",
    prices="What a unit costs, by cycle and currency.",
    add_ons="Add-ons that can be bought with it.",
    plans="Plans that sell it.",
    cycle=CYCLE,
    price="What one unit costs a cycle.",
    cost="What one unit costs the tenant a cycle; null when it is not known.",
    amount="The amount.",
    currency="ISO 4217 code of its currency.",
)
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
NEW_PRODUCT = taken(NewProduct, catalog.product)
NEW_PRICE_LIST = taken(NewPriceList, catalog.price_list)
PRODUCT_FIELDS = "sku name description category kind unit provisioning_system_id trial_allowed active"
PRODUCT_CHANGES = changed("ProductChanges", catalog.product, PRODUCT_FIELDS)
PRICE_LIST_CHANGES = changed("PriceListChanges", catalog.price_list, "name currency valid_from valid_until active")

products = resource("Products")
price_lists = resource("Price lists")
plans = resource("Plans")


class Price(BaseModel):
    """What a unit of a product costs a cycle in a currency."""

    model_config = ConfigDict(extra="forbid")
    cycle: str = Field(max_length=20, description=CYCLE)
    currency: str = Field(max_length=3, description="ISO 4217 code of a currency that is activated here.")
    unit_price: Decimal = Field(ge=0, lt=10**13, description="Selling price of one unit a cycle.")
    cost: Decimal | None = Field(default=None, ge=0, lt=10**13, description="What one unit costs the tenant a cycle.")


class ListPrice(BaseModel):
    """What a unit of a product costs a cycle on a price list."""

    model_config = ConfigDict(extra="forbid")
    cycle: str = Field(max_length=20, description=CYCLE)
    price: Decimal = Field(ge=0, lt=10**13, description="Price of one unit a cycle, in the list's currency.")


@products.get(
    "/products", response_model=page_of("Product", item_of("Product", PRODUCTS)), openapi_extra=filters_of(PRODUCTS)
)
@may("products:view")
def list_products(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List products by name."""
    return page(work, PRODUCTS, request, wanted)


@products.post("/products", status_code=201, response_model=PRODUCT)
@may("products:edit")
def make_product(
    work: Work, new: Annotated[NewProduct, body(NEW_PRODUCT, {"sku": "MAIL-50", "name": "Mailbox 50 GB"})]
) -> Made:
    """Make a product; its prices follow."""
    id = actions.create_product(work, new)
    return Made(queries.product_(work, id), f"/api/v1/products/{id}")


@products.get("/products/{id}", response_model=PRODUCT)
@may("products:view")
def read_product(work: Work, id: Id) -> ProductView:
    """Read a product with its prices, add-ons and plans."""
    return queries.product_(work, id)


@products.patch("/products/{id}", response_model=PRODUCT)
@may("products:edit")
def change_product(
    work: Work, id: Id, fields: Annotated[Changes, changes(PRODUCT_CHANGES, {"active": False})], version: Version
) -> ProductView:
    """Change fields of a product; of one that comes from the distributor only what is the reseller's (CAT-20)."""
    actions.edit_product(work, id, fields, version=version)
    return queries.product_(work, id)


@products.delete("/products/{id}", status_code=204)
@may("products:edit")
def remove_product(work: Work, id: Id, version: Version) -> None:
    """Delete a product that nobody ever bought or was offered."""
    actions.delete_product(work, id, version=version)


@products.post("/products/{id}/prices", status_code=201, response_model=PRODUCT)
@may("products:edit")
def set_price(
    work: Work,
    id: Id,
    price: Annotated[Price, body(Price, {"cycle": "monthly", "currency": "EUR", "unit_price": "4.50"})],
) -> Made:
    """Say what a unit costs a cycle in a currency; a price that is there already is replaced."""
    actions.set_price(work, id, price.cycle, price.currency, price.unit_price, cost=price.cost)
    return Made(queries.product_(work, id), f"/api/v1/products/{id}")


@products.delete("/products/{id}/prices/{price_id}", status_code=204)
@may("products:edit")
def remove_price(work: Work, id: Id, price_id: Id) -> None:
    """Offer the product no longer in that cycle and currency; what was sold keeps its price."""
    actions.remove_price(work, id, price_id)


@products.put("/products/{id}/add-ons/{add_on_id}", response_model=PRODUCT)
@may("products:edit")
def relate_add_on(work: Work, id: Id, add_on_id: Id) -> ProductView:
    """Let the add-on be bought with the product; again changes nothing."""
    actions.relate_add_on(work, id, add_on_id)
    return queries.product_(work, id)


@products.delete("/products/{id}/add-ons/{add_on_id}", status_code=204)
@may("products:edit")
def unrelate_add_on(work: Work, id: Id, add_on_id: Id) -> None:
    """Let the add-on no longer be bought with the product."""
    actions.unrelate_add_on(work, id, add_on_id)


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
