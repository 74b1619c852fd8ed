"""What a product costs, and which add-ons are bought with it (CAT-01)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.queries import product_
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.catalog.products import EDIT
from tenantry.web.ui.crm.sections import currencies
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, named, taken
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import signed_in, words
from tenantry.web.ui.sales.sections import CYCLE_NAMES
from tenantry.web.ui.views import Head, Link

SECTIONS = (
    Section(
        "Price",
        (
            Input("cycle", "Billing cycle", "select", required=True),
            Input("currency", "Currency", "select", required=True),
            Input("unit_price", "Price of a unit", "price", required=True),
            Input("cost", "Cost", "price", help="What it costs you. May be left empty."),
        ),
    ),
)

router = APIRouter()


@router.get("/products/{id}/prices/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for a price."""
    return _form(work, request, id)


@router.post("/products/{id}/prices/new")
@may(EDIT)
def set_price(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Set the price of a cycle in a currency."""
    locks = product_(work, id).locked_fields
    given = taken(form, SECTIONS, words(request), locks)
    cost = given.get("cost")
    _, faults = attempt(
        work,
        lambda: actions.set_price(
            work, id, given["cycle"], given["currency"], given["unit_price"], cost=None if cost == "" else cost
        ),
    )
    if faults:
        return _form(work, request, id, faults, form)
    return goto(request, f"/products/{id}", said("The price was set."))


@router.post("/products/{id}/prices/{price}/delete")
@may(EDIT)
def remove(work: Work, request: Request, id: Id, price: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Offer it no longer so."""
    actions.remove_price(work, id, price)
    return goto(request, f"/products/{id}", said("The price was removed."))


@router.post("/products/{id}/add-ons")
@may(EDIT)
def relate(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Let an add-on be bought with the product."""
    add_on = as_id(text(form, "add_on_id"))
    if add_on is None:
        raise NotFound("add-on")
    actions.relate_add_on(work, id, add_on)
    return goto(request, f"/products/{id}", said("The add-on can be bought with it now."))


def _form(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view, words_ = product_(work, id), words(request)
    choices = {"cycle": named(CYCLE_NAMES), "currency": currencies(work, words_)}
    values = {"cycle": "monthly", "currency": signed_in(request).default_currency}
    form = form_view(
        SECTIONS,
        Asking(words_, values, choices, view.locked_fields, faults or {}, typed),
        url=f"/products/{id}/prices/new",
        cancel_url=f"/products/{id}",
        submit="Set price",
    )
    crumbs = (Link("Products", "/products"), Link(view.name, f"/products/{id}"))
    return form_page(request, Head("Set price", crumbs), form)
