"""What the shopper has: subscriptions and orders of the account that he buys for (SF-01)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import mine as billing
from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Conflict, Invalid, NotFound, Refused, Stale
from tenantry.sales.baskets import reach
from tenantry.sales.storefront import mine, shelf
from tenantry.sales.storefront.changes import ACTS, Wish, agree, look, moves, planned, withdraw
from tenantry.sales.subscriptions import actions
from tenantry.web.papers.answers import shown
from tenantry.web.papers.invoices import document
from tenantry.web.storefront.access import root, shopping
from tenantry.web.storefront.baskets import whole
from tenantry.web.storefront.checkout import accepted
from tenantry.web.storefront.rendering import render
from tenantry.web.storefront.shelf import buys
from tenantry.web.storefront.speech import speech_of
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text, version
from tenantry.web.ui.ids import Id

KEEPING = "continuation"
WITHDRAWING = "withdrawal"
# What the shop says when it is done.
DONE = {
    "quantity": "quantity_changed",
    "conversion": "converted",
    "cancellation": "cancelled",
    KEEPING: "kept",
    WITHDRAWING: "withdrawn",
    "add-on": "added",
    "add-on-quantity": "add_on_changed",
    "add-on-removal": "removed",
    "upgrade": "moved",
    "downgrade": "moved",
}

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


@router.get("/invoices")
@shopping
def invoices(work: Work, request: Request, visit: Visit) -> Response:
    """List the invoices that the shopper's own account pays."""
    found = billing.invoices(work, visit.shopper.account_id)
    return render(work, request, visit, "invoices.html", here="invoices", invoices=found)


@router.get("/invoices/{id}/print-out")
@shopping
def invoice(work: Work, visit: Visit, id: Id) -> Response:
    """Give the document of one."""
    return shown(*document(work, billing.billed(work, visit.shopper.account_id, id)))


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


@router.post("/subscriptions/{id}/reviews/{verb}")
@shopping
def review(work: Work, request: Request, visit: Visit, id: Id, verb: str, form: Form) -> Response:
    """Show what a change would charge and give back, to be agreed to."""
    if verb not in ACTS:
        raise NotFound("page")
    found = mine.subscription_(work, visit.for_id, id)
    try:
        with work.connection.begin_nested():
            return _review(work, request, visit, found, _wish(verb, form))
    except (Invalid, Refused, Conflict, Stale) as problem:
        return _page(work, request, visit, id, status=problem.status, wrong=speech_of(visit.shop).problem(problem))


@router.post("/subscriptions/{id}/{verb}")
@shopping
def change(work: Work, request: Request, visit: Visit, id: Id, verb: str, form: Form) -> Response:
    """Change a subscription, as the shop's own people would."""
    if verb not in DONE:
        raise NotFound("page")
    found = mine.subscription_(work, visit.for_id, id)
    try:
        with work.connection.begin_nested():
            _do(work, visit, found, verb, form)
    except (Invalid, Refused, Conflict, Stale) as problem:
        wrong = speech_of(visit.shop).problem(problem)
        if verb in ACTS and problem.faults and problem.faults[0].field.startswith("terms."):
            return _review(work, request, visit, found, _wish(verb, form), status=problem.status, wrong=wrong)
        return _page(work, request, visit, id, status=problem.status, wrong=wrong)
    sentence = speech_of(visit.shop).say(f"subscription.{DONE[verb]}")
    return goto(request, f"{root(visit.shop.code)}/subscriptions/{id}", said(sentence))


def _do(work: Work, visit: Visit, found: mine.Mine, verb: str, form: FormData) -> None:
    reach.require_buys(work, visit.for_id, visit.shopper)
    shop = reach.acting(work, visit.shopper)
    if verb == KEEPING:
        actions.keep(shop, found.id)
    elif verb == WITHDRAWING:
        withdraw(shop, found.id, as_id(text(form, "change_id")) or UUID(int=0))
    else:
        agree(shop, found, visit.for_id, _wish(verb, form), version(form), accepted(form))


def _review(
    work: Work, request: Request, visit: Visit, found: mine.Mine, wish: Wish, *, status: int = 200, wrong: str = ""
) -> Response:
    reach.require_buys(work, visit.for_id, visit.shopper)
    coming = look(reach.acting(work, visit.shopper), found, visit.for_id, wish)
    return render(
        work,
        request,
        visit,
        "agree.html",
        status=status,
        here="subscriptions",
        subscription=found,
        wish=wish,
        coming=coming,
        wrong=wrong,
    )


def _wish(verb: str, form: FormData) -> Wish:
    typed, product = text(form, "quantity"), text(form, "product_id")
    return Wish(
        verb,
        product_id=as_id(product) or UUID(int=0) if product else None,
        quantity=whole(typed) if typed else None,
        # Whoever presses the button without choosing keeps what he has paid for.
        mode="now" if text(form, "mode") == "now" else "end_of_period",
        at_next_cycle=text(form, "when") == "next_cycle",
    )


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
        planned=planned(work, id),
        moves=moves(work, found, visit.for_id),
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
