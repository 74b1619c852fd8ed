"""The checkout: look at everything once more, accept the terms, order once (SF-02)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Conflict, Invalid, Refused
from tenantry.sales.baskets import actions
from tenantry.sales.baskets.actions import Accepted
from tenantry.web.storefront.access import root, shopping
from tenantry.web.storefront.baskets import current
from tenantry.web.storefront.rendering import render
from tenantry.web.storefront.shelf import buys
from tenantry.web.storefront.speech import speech_of
from tenantry.web.ui.forms import Form, text, texts

router = APIRouter()


@router.get("/checkout")
@shopping
def ask(work: Work, request: Request, visit: Visit) -> Response:
    """Show what is about to be ordered."""
    return _page(work, request, visit)


@router.post("/checkout")
@shopping
def order(work: Work, request: Request, visit: Visit, form: Form) -> Response:
    """Order; pressed twice, it is ordered once, and both presses lead to the order."""
    basket_id = as_id(text(form, "basket_id")) or UUID(int=0)
    try:
        with work.connection.begin_nested():
            order_id = actions.check_out(
                work, basket_id, accepted(form), visit.shopper, digest=text(form, "digest") or None
            )
    except (Invalid, Refused, Conflict) as problem:
        return _page(work, request, visit, status=problem.status, wrong=speech_of(visit.shop).problem(problem))
    return RedirectResponse(f"{root(visit.shop.code)}/orders/{order_id}?thanks=1", 303)


def _page(work: Work, request: Request, visit: Visit, *, status: int = 200, wrong: str = "") -> Response:
    basket = current(work, visit)
    if basket is None or not basket.lines:
        return RedirectResponse(f"{root(visit.shop.code)}/basket", 303)
    return render(
        work,
        request,
        visit,
        "checkout.html",
        status=status,
        here="basket",
        basket=basket,
        buys=buys(work, visit),
        wrong=wrong,
    )


def accepted(form: FormData) -> list[Accepted]:
    """Read the ticked documents, each with the hash of the words that were shown with it."""
    ticked = [one.partition(":") for one in texts(form, "terms")]
    return [Accepted(found, words) for id_, _, words in ticked if (found := as_id(id_))]
