"""What the shopper has: subscriptions and orders of the account that he buys for (SF-01)."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Conflict, Invalid, NotFound, Refused, Stale
from tenantry.sales.baskets import reach
from tenantry.sales.storefront import mine, shelf
from tenantry.sales.subscriptions import actions
from tenantry.web.storefront.access import root, shopping
from tenantry.web.storefront.baskets import whole
from tenantry.web.storefront.rendering import render
from tenantry.web.storefront.shelf import buys
from tenantry.web.storefront.speech import speech_of
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id

router = APIRouter()


@router.get("/orders")
@shopping
def orders(work: Work, request: Request, visit: Visit) -> Response:
    """List the orders."""
    return render(work, request, visit, "orders.html", here="orders", orders=mine.orders(work, visit.for_id))


@router.get("/orders/{id}")
@shopping
def order(work: Work, request: Request, visit: Visit, id: Id, thanks: str = "") -> Response:
    """Show an order; right after the checkout with thanks."""
    found = mine.order_(work, visit.for_id, id)
    return render(work, request, visit, "order.html", here="orders", order=found, thanks=bool(thanks))


@router.get("/subscriptions")
@shopping
def subscriptions(work: Work, request: Request, visit: Visit) -> Response:
    """List the subscriptions."""
    found = mine.subscriptions(work, visit.for_id)
    return render(work, request, visit, "subscriptions.html", here="subscriptions", subscriptions=found)


@router.get("/subscriptions/{id}")
@shopping
def subscription(work: Work, request: Request, visit: Visit, id: Id) -> Response:
    """Show a subscription."""
    return _page(work, request, visit, id)


@router.post("/subscriptions/{id}/{verb}")
@shopping
def change(work: Work, request: Request, visit: Visit, id: Id, verb: str, form: Form) -> Response:
    """Change a subscription, as the shop's own people would."""
    if verb not in VERBS:
        raise NotFound("page")
    said_, act = VERBS[verb]
    mine.subscription_(work, visit.for_id, id)
    try:
        with work.connection.begin_nested():
            reach.require_buys(work, visit.for_id, visit.shopper)
            act(reach.acting(work, visit.shopper), id, form)
    except (Invalid, Refused, Conflict, Stale) as problem:
        return _page(work, request, visit, id, status=problem.status, wrong=speech_of(visit.shop).problem(problem))
    sentence = speech_of(visit.shop).say(f"subscription.{said_}")
    return goto(request, f"{root(visit.shop.code)}/subscriptions/{id}", said(sentence))


def _page(work: Work, request: Request, visit: Visit, id: UUID, *, status: int = 200, wrong: str = "") -> Response:
    found = mine.subscription_(work, visit.for_id, id)
    return render(
        work,
        request,
        visit,
        "subscription.html",
        status=status,
        here="subscriptions",
        subscription=found,
        add_ons=_add_ons(work, visit, found),
        buys=buys(work, visit),
        wrong=wrong,
    )


def _add_ons(work: Work, visit: Visit, found: mine.Mine) -> list[tuple[shelf.AddOn, shelf.CyclePrice]]:
    """Give what can be bought with it that it does not have; nothing when its product is not on the shelf any more."""
    try:
        offered = shelf.product_page(work, visit.for_id, found.product_id).add_ons
    except NotFound:
        return []
    had = {one.product_id for one in found.add_ons}
    return [(one, price) for one in offered for price in one.prices if one.id not in had and price.cycle == found.cycle]


def _product(form: FormData) -> UUID:
    return as_id(text(form, "product_id")) or UUID(int=0)


def _cancel(work: Work, id: UUID, form: FormData) -> None:
    # Whoever presses the button without choosing keeps what he has paid for.
    actions.cancel(work, id, mode="now" if text(form, "mode") == "now" else "end_of_period")


Act = Callable[[Work, UUID, FormData], object]
VERBS: dict[str, tuple[str, Act]] = {
    "quantity": ("quantity_changed", lambda work, id, f: actions.change_quantity(work, id, whole(text(f, "quantity")))),
    "conversion": ("converted", lambda work, id, _: actions.convert(work, id)),
    "cancellation": ("cancelled", _cancel),
    "continuation": ("kept", lambda work, id, _: actions.keep(work, id)),
    "add-on": ("added", lambda work, id, f: actions.add_add_on(work, id, _product(f), whole(text(f, "quantity")))),
    "add-on-quantity": (
        "add_on_changed",
        lambda work, id, f: actions.change_add_on_quantity(work, id, _product(f), whole(text(f, "quantity"))),
    ),
    "add-on-removal": ("removed", lambda work, id, f: actions.remove_add_on(work, id, _product(f))),
}
