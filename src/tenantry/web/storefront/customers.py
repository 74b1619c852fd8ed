"""For whom a reseller's storefront user buys: his own company, or one of its customers (DN-30)."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.storefront_users import sessions
from tenantry.crm.storefront_users.sessions import Visit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound
from tenantry.sales.baskets import reach
from tenantry.web.storefront.access import root, shopping
from tenantry.web.storefront.rendering import render
from tenantry.web.storefront.speech import speech_of
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text

router = APIRouter()


@router.get("/customers")
@shopping
def customers(work: Work, request: Request, visit: Visit, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """List for whom he may buy."""
    if not visit.shopper.reseller:
        raise NotFound("page")
    found = reach.customers(work, visit.shopper, q)
    return render(work, request, visit, "customers.html", here="customers", customers=found, q=q)


@router.post("/customers")
@shopping
def choose(work: Work, request: Request, visit: Visit, form: Form) -> Response:
    """Buy for this one from now on."""
    account_id = as_id(text(form, "account_id"))
    found = account_id and reach.reached(work, account_id, visit.shopper)
    if not found:
        raise NotFound("account")
    sessions.buy_for(work, visit, found.id)
    sentence = speech_of(visit.shop).say("customers.chosen", name=found.name)
    return goto(request, root(visit.shop.code), said(sentence))
