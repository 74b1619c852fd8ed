"""What the shopper has: subscriptions and orders of the account that he buys for (SF-01)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.sales.storefront import mine
from tenantry.web.storefront.access import shopping
from tenantry.web.storefront.rendering import render
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
    found = mine.subscription_(work, visit.for_id, id)
    return render(work, request, visit, "subscription.html", here="subscriptions", subscription=found)
