"""Products: what they are, what they cost, what they go with (CAT-01, CAT-20)."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewProduct
from tenantry.catalog.lists import PRODUCTS
from tenantry.catalog.views import ProductView
from tenantry.database import Work
from tenantry.schema import catalog
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.histories import HISTORY_LINE, After, Lines, lines_of
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

CYCLE = "How often it is paid: one_off, monthly, quarterly, half_yearly or yearly."
PRODUCT = shown(
    ProductView,
    catalog.product,
    provisioning_system_name="The name of that system.",
    terms_document_name="The name and edition of that document.",
    prices="What a unit costs, by cycle and currency.",
    characteristics="What is said of it: storage, seats included.",
    paths="Products that subscriptions of it may go up or down to.",
    term_months="For how many months a buyer commits himself; null: for one cycle.",
    value="The value, as people read it.",
    position="Its place in the list.",
    add_ons="Add-ons that can be bought with it.",
    plans="Plans that sell it.",
    cycle=CYCLE,
    price="What one unit costs a cycle.",
    cost="What one unit costs the tenant a cycle; null when it is not known.",
    amount="The amount.",
    currency="ISO 4217 code of its currency.",
)
NEW_PRODUCT = taken(NewProduct, catalog.product)
PRODUCT_FIELDS = (
    "sku name description category kind unit provisioning_system_id trial_allowed trial_days active active_from "
    "active_until min_quantity max_quantity in_shop externally_priced terms_document_id"
)
PRODUCT_CHANGES = changed("ProductChanges", catalog.product, PRODUCT_FIELDS)

products = resource("Products")


class Price(BaseModel):
    """What a unit of a product costs a cycle in a currency."""

    model_config = ConfigDict(extra="forbid")
    cycle: str = Field(max_length=20, description=CYCLE)
    currency: str = Field(max_length=3, description="ISO 4217 code of a currency that is activated here.")
    unit_price: Decimal = Field(ge=0, lt=10**13, description="Selling price of one unit a cycle.")
    cost: Decimal | None = Field(default=None, ge=0, lt=10**13, description="What one unit costs the tenant a cycle.")
    term_months: int | None = Field(
        default=None, ge=1, le=120, description="For how many months a buyer commits himself; left out: as it is."
    )


class Said(BaseModel):
    """Something that is said of a product."""

    model_config = ConfigDict(extra="forbid")
    name: Words = Field(max_length=320, description="What is said: storage, seats included.")
    value: Words = Field(max_length=320, description="The value, as people read it.")
    position: int = Field(default=0, ge=0, le=10_000, description="Its place in the list.")


class Way(BaseModel):
    """A way up or down."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["upgrade", "downgrade"] = Field(description="Whether it leads up or down.")


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
    actions.set_price(
        work, id, price.cycle, price.currency, price.unit_price, cost=price.cost, term_months=price.term_months
    )
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


@products.post("/products/{id}/characteristics", status_code=201, response_model=PRODUCT)
@may("products:edit")
def set_characteristic(
    work: Work, id: Id, said: Annotated[Said, body(Said, {"name": "Storage", "value": "50 GB"})]
) -> Made:
    """Say something of a product; one of that name is replaced."""
    actions.set_characteristic(work, id, said.name, said.value, said.position)
    return Made(queries.product_(work, id), f"/api/v1/products/{id}")


@products.delete("/products/{id}/characteristics/{characteristic_id}", status_code=204)
@may("products:edit")
def remove_characteristic(work: Work, id: Id, characteristic_id: Id) -> None:
    """Say something of a product no longer."""
    actions.remove_characteristic(work, id, characteristic_id)


@products.put("/products/{id}/paths/{to_product_id}", response_model=PRODUCT)
@may("products:edit")
def add_path(work: Work, id: Id, to_product_id: Id, way: Annotated[Way, body(Way, {"kind": "upgrade"})]) -> ProductView:
    """Let subscriptions of the product go up or down to another one (SUB-02)."""
    actions.add_path(work, id, way.kind, to_product_id)
    return queries.product_(work, id)


@products.delete("/products/{id}/paths/{to_product_id}", status_code=204)
@may("products:edit")
def remove_path(work: Work, id: Id, to_product_id: Id) -> None:
    """Let subscriptions of the product no longer go to that other one."""
    actions.remove_path(work, id, to_product_id)


@products.get("/products/{id}/history", response_model=page_of("History", HISTORY_LINE))
@may("products:view")
def read_product_history(work: Work, request: Request, id: Id, limit: Lines = 50, cursor: After = "") -> Linked:
    """Read what happened to a product, the latest first."""
    queries.product_(work, id)
    return lines_of(work, request, id, cursor, limit)
