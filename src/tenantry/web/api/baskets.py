"""Baskets: what is about to be bought for an account, and the checkout that makes an order of it (SF-01, SF-02)."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from tenantry.crm.storefront_users import invitations
from tenantry.database import Work
from tenantry.sales import queries
from tenantry.sales.baskets import actions
from tenantry.sales.baskets.actions import Accepted, NewBasketItem
from tenantry.sales.baskets.queries import basket_view
from tenantry.sales.baskets.views import BasketView
from tenantry.schema import catalog, shop
from tenantry.tenancy.invitations import Invitation
from tenantry.web.api.common import AnyId, Id, Version, body, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.orders import ORDER
from tenantry.web.api.shapes import shown, taken
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

BASKET = shown(
    BasketView,
    shop.basket,
    shop.basket_item,
    catalog.product,
    catalog.terms_document,
    account="For whom is bought.",
    contact="The storefront user who buys; none: a person of the tenant.",
    order="The order that the checkout made.",
    price_list="Whose prices.",
    code_fault="Why the promotion code gives nothing; none when it does, or there is no code.",
    lines="What is in it, add-ons behind what they are bought with.",
    totals="What the lines cost, by how often it is paid.",
    total="What is to be paid for the first cycle of each line.",
    terms="The documents that have to be accepted.",
    digest="Names what is shown; give it at the checkout, so that nothing else is ordered.",
    product="What is bought.",
    product_kind="Sold by itself, or with another product.",
    sold_with_id="The line that an add-on is bought with.",
    unit_price="Price of one unit a cycle; none when it cannot be had.",
    promotion="The promotion that it is given.",
    promotion_off="What the promotion takes off the first cycle.",
    fault="Why it cannot be had as it stands; none when it can.",
    amount="The amount.",
    cycles="For how many cycles; none: for good.",
    by_code="Whether the typed code gave it.",
    hash="SHA-256 of the text; an acceptance names it.",
    products="The products that ask for it.",
    field="What is wrong.",
    message="What is wrong with it.",
    rule="The rule that says so.",
    remedy="How to mend it.",
    code="A stable name of the fault, where it breaks no rule by id.",
    name="Its name.",
)
NEW_ITEM = taken(NewBasketItem, shop.basket_item)
INVITATION = shown(Invitation, name="ShopInvitation")
ITEM = {"product_id": SOMEBODY, "cycle": "monthly", "quantity": 25}

baskets = resource("Baskets")


class NewBasket(BaseModel):
    """For whom is bought."""

    model_config = ConfigDict(extra="forbid")
    account_id: AnyId = Field(description="For whom is bought.")


class Quantity(BaseModel):
    """How many units."""

    model_config = ConfigDict(extra="forbid")
    quantity: int = Field(description="How many units.")


class Code(BaseModel):
    """A promotion code."""

    model_config = ConfigDict(extra="forbid")
    promotion_code: Words = Field(max_length=80, description="The code; empty takes it away.")


class Acceptance(BaseModel):
    """A document that the buyer has accepted."""

    model_config = ConfigDict(extra="forbid")
    document_id: AnyId = Field(description="Which document.")
    hash: Words = Field(max_length=64, description="The hash that the basket gave with the text.")


class Checkout(BaseModel):
    """What the buyer has seen and accepted."""

    model_config = ConfigDict(extra="forbid")
    accepted: list[Acceptance] = Field(default=[], max_length=100, description="The documents that he has accepted.")
    digest: Words | None = Field(
        default=None, max_length=64, description="The digest of the basket that he has seen; refused when it changed."
    )


@baskets.post("/baskets", status_code=201, response_model=BASKET)
@may("orders:edit")
def open_basket(work: Work, new: Annotated[NewBasket, body(NewBasket, {"account_id": SOMEBODY})]) -> Made:
    """Give the basket that is being filled for an account, a new one if there is none."""
    id = actions.open_basket(work, new.account_id)
    return Made(basket_view(work, id), f"/api/v1/baskets/{id}")


@baskets.get("/baskets/{id}", response_model=BASKET)
@may("orders:view")
def read_basket(work: Work, id: Id) -> BasketView:
    """Read a basket, priced today, with what stands in the way of ordering it."""
    return basket_view(work, id)


@baskets.delete("/baskets/{id}", status_code=204)
@may("orders:edit")
def clear_basket(work: Work, id: Id, version: Version) -> None:
    """Take everything out of a basket."""
    actions.clear(work, id, version=version)


@baskets.post("/baskets/{id}/items", status_code=201, response_model=BASKET)
@may("orders:edit")
def put_in(work: Work, id: Id, new: Annotated[NewBasketItem, body(NEW_ITEM, ITEM)], version: Version) -> Made:
    """Put a product in; the same once more adds to its quantity."""
    item = actions.put_in(work, id, new, version=version)
    return Made(basket_view(work, id), f"/api/v1/baskets/{id}/items/{item}")


@baskets.patch("/baskets/{id}/items/{item_id}", response_model=BASKET)
@may("orders:edit")
def change_quantity(
    work: Work, id: Id, item_id: Id, wanted: Annotated[Quantity, body(Quantity, {"quantity": 30})], version: Version
) -> BasketView:
    """Give a line another quantity; If-Match is the basket's version."""
    actions.change_quantity(work, id, item_id, wanted.quantity, version=version)
    return basket_view(work, id)


@baskets.delete("/baskets/{id}/items/{item_id}", status_code=204)
@may("orders:edit")
def take_out(work: Work, id: Id, item_id: Id, version: Version) -> None:
    """Take a line out, with the add-ons that are bought with it."""
    actions.take_out(work, id, item_id, version=version)


@baskets.put("/baskets/{id}/promotion-code", response_model=BASKET)
@may("orders:edit")
def set_code(
    work: Work, id: Id, typed: Annotated[Code, body(Code, {"promotion_code": "WELCOME10"})], version: Version
) -> BasketView:
    """Type a promotion code, or take it away."""
    actions.set_promotion_code(work, id, typed.promotion_code, version=version)
    return basket_view(work, id)


@baskets.post("/baskets/{id}/checkout", status_code=201, response_model=ORDER)
@may("orders:edit")
def check_out(work: Work, id: Id, how: Annotated[Checkout, body(Checkout, {"accepted": []})]) -> Made:
    """Order what is in a basket and carry it out at once; asked again, it gives the same order."""
    accepted = [Accepted(one.document_id, one.hash) for one in how.accepted]
    order_id: UUID = actions.check_out(work, id, accepted, digest=how.digest)
    return Made(queries.order(work, order_id), f"/api/v1/orders/{order_id}")


@baskets.post("/contacts/{id}/shop-invitation", status_code=201, response_model=INVITATION)
@may("contacts:edit", secrets=("secret",))
def invite(work: Work, id: Id) -> Made:
    """Make the link by which a storefront user chooses a password for the shop: /shop/{code}/welcome/{secret}."""
    return Made(invitations.invite(work, id), f"/api/v1/contacts/{id}")
