"""What a product costs (CAT-01)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.queries import product_
from tenantry.database import Work
from tenantry.web.http.access import may
from tenantry.web.ui.catalog.products import EDIT
from tenantry.web.ui.crm.sections import currencies
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, named
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import signed_in, words
from tenantry.web.ui.sales.sections import CYCLE_NAMES
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link

SECTIONS = (
    Section(
        "Price",
        (
            Input("cycle", "Billing cycle", "select", required=True),
            Input("currency", "Currency", "select", required=True),
            Input("unit_price", "Price of a unit", "price", required=True),
            Input("cost", "Cost", "price", help="What it costs you. May be left empty."),
            Input("term_months", "Term in months", "number", help="How long a buyer commits himself. Empty: a cycle."),
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
    besides = {name: given.get(name) if given.get(name) != "" else None for name in ("cost", "term_months")}
    _, faults = attempt(
        work, lambda: actions.set_price(work, id, given["cycle"], given["currency"], given["unit_price"], **besides)
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
