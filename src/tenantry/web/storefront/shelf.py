"""The catalogue: its front page with search and categories, and a product's page (SF-01)."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.kernel.problems import Verdict
from tenantry.sales.baskets import reach
from tenantry.sales.storefront import shelf
from tenantry.web.storefront.access import root, shopping
from tenantry.web.storefront.rendering import render
from tenantry.web.ui.ids import Id

router = APIRouter()

Typed = Annotated[str, Query(max_length=200)]


@router.get("")
@shopping
def catalogue(
    work: Work, request: Request, visit: Visit, q: Typed = "", category: Typed = "", after: Typed = ""
) -> Response:
    """Show what is on sale."""
    found = shelf.shelf(work, visit.for_id, search=q, category=category, after=after)
    here = root(visit.shop.code)
    asked = {"q": q, "category": category}
    return render(
        work,
        request,
        visit,
        "catalogue.html",
        here="catalogue",
        shelf=found,
        q=q,
        category=category,
        url_of=lambda **to: address(here, **{**asked, **to}),
    )


@router.get("/products/{id}")
@shopping
def product(work: Work, request: Request, visit: Visit, id: Id) -> Response:
    """Show a product."""
    return product_page(work, request, visit, id)


def product_page(
    work: Work, request: Request, visit: Visit, id: UUID, *, status: int = 200, wrong: str = "", typed: str = ""
) -> Response:
    """Draw the page of a product, with what was wrong when it was put into the basket."""
    return render(
        work,
        request,
        visit,
        "product.html",
        status=status,
        here="catalogue",
        product=shelf.product_page(work, visit.for_id, id),
        buys=buys(work, visit),
        wrong=wrong,
        typed=typed,
    )


def buys(work: Work, visit: Visit) -> Verdict:
    """Say whether the shopper may buy for whom he is buying."""
    return reach.buys_for(work, visit.for_id, visit.shopper)


def address(path: str, **asked: str) -> str:
    """Give an address with what is asked for, without what is not."""
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
