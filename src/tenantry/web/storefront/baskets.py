"""The basket: put in, change, take out, type a code (SF-01)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Conflict, Invalid, NotFound, Problem, Refused
from tenantry.sales.baskets import actions
from tenantry.sales.baskets.actions import NewBasketItem
from tenantry.sales.baskets.queries import basket_view, open_basket_of
from tenantry.sales.baskets.views import BasketView
from tenantry.sales.storefront import shelf
from tenantry.web.storefront.access import root, shopping
from tenantry.web.storefront.rendering import render
from tenantry.web.storefront.shelf import buys, product_page
from tenantry.web.storefront.speech import speech_of
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text, texts
from tenantry.web.ui.ids import Id
from tenantry.web.ui.views import Flash

NOT_SO = (Invalid, Refused, Conflict)

router = APIRouter()


@router.get("/basket")
@shopping
def basket(work: Work, request: Request, visit: Visit) -> Response:
    """Show the basket."""
    return basket_page(work, request, visit)


@router.post("/basket/items")
@shopping
def put_in(work: Work, request: Request, visit: Visit, form: Form) -> Response:
    """Put a product in, with the add-ons that were ticked."""
    product_id = as_id(text(form, "product_id")) or UUID(int=0)
    product = shelf.product_page(work, visit.for_id, product_id)
    try:
        with work.connection.begin_nested():
            basket_id = actions.open_basket(work, visit.for_id, visit.shopper)
            for item in _items(form, product_id):
                actions.put_in(work, basket_id, item, visit.shopper)
    except NOT_SO as problem:
        wrong = speech_of(visit.shop).problem(problem)
        typed = text(form, "quantity")
        return product_page(work, request, visit, product_id, status=422, wrong=wrong, typed=typed)
    speech = speech_of(visit.shop)
    return goto(request, f"{root(visit.shop.code)}/basket", said(speech.say("product.was_added", name=product.name)))


@router.post("/basket/items/{id}")
@shopping
def change(work: Work, request: Request, visit: Visit, id: Id, form: Form) -> Response:
    """Give a line another quantity; none takes it out."""
    speech, basket_id = speech_of(visit.shop), _open(work, visit)
    quantity = whole(text(form, "quantity"))
    try:
        with work.connection.begin_nested():
            if quantity == 0:
                actions.take_out(work, basket_id, id, visit.shopper)
            else:
                actions.change_quantity(work, basket_id, id, quantity, visit.shopper)
    except NOT_SO as problem:
        return _wrong(request, visit, problem)
    return _back(request, visit, speech.say("basket.changed"))


@router.post("/basket/items/{id}/removal")
@shopping
def take_out(work: Work, request: Request, visit: Visit, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take a line out."""
    actions.take_out(work, _open(work, visit), id, visit.shopper)
    return _back(request, visit, speech_of(visit.shop).say("basket.taken_out"))


@router.post("/basket/code")
@shopping
def code_typed(work: Work, request: Request, visit: Visit, form: Form) -> Response:
    """Take a promotion code, or take it away."""
    typed = text(form, "promotion_code")
    try:
        with work.connection.begin_nested():
            actions.set_promotion_code(work, _open(work, visit), typed, visit.shopper)
    except NOT_SO as problem:
        return _wrong(request, visit, problem)
    return _back(request, visit, speech_of(visit.shop).say("basket.code_taken" if typed else "basket.code_gone"))


def basket_page(work: Work, request: Request, visit: Visit) -> Response:
    """Draw the basket."""
    return render(
        work, request, visit, "basket.html", here="basket", basket=current(work, visit), buys=buys(work, visit)
    )


def current(work: Work, visit: Visit) -> BasketView | None:
    """Give the basket that is being filled for whom the shopper buys; none when there is none."""
    found = open_basket_of(work, visit.for_id, visit.shopper.contact_id)
    return basket_view(work, found, visit.shopper) if found else None


def whole(typed: str) -> Any:
    """Read a whole number; what is none goes on as typed: the action says what is wrong with it."""
    return int(typed[:9]) if typed.isascii() and typed.isdigit() else typed


def _items(form: FormData, product_id: UUID) -> list[NewBasketItem]:
    cycle, trial = text(form, "cycle"), text(form, "do") == "try"
    items = [NewBasketItem(product_id, cycle, whole(text(form, "quantity")), trial)]
    add_ons = [] if trial else [found for one in texts(form, "add_on") if (found := as_id(one))]
    return items + [NewBasketItem(one, cycle, whole(text(form, f"quantity-{one}"))) for one in add_ons]


def _open(work: Work, visit: Visit) -> UUID:
    found = open_basket_of(work, visit.for_id, visit.shopper.contact_id)
    if found is None:
        raise NotFound("basket")
    return found


def _back(request: Request, visit: Visit, sentence: str) -> Response:
    return goto(request, f"{root(visit.shop.code)}/basket", said(sentence))


def _wrong(request: Request, visit: Visit, problem: Problem) -> Response:
    sentence = speech_of(visit.shop).problem(problem)
    return goto(request, f"{root(visit.shop.code)}/basket", Flash(sentence, "bad"))
