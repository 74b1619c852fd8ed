"""Price lists: the list, a list's page with its prices, making and editing one (CAT-02)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.lists import PRICE_LISTS
from tenantry.catalog.queries import PriceListView, price_list_
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.crm.sections import currencies
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details, named, taken
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import signed_in, words
from tenantry.web.ui.sales.sections import CYCLE_NAMES, products
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Head, Link, Panel

EDIT = "products:edit"
ALL = Link("Price Lists", "/price-lists")
NEW = Action("new", "New price list", "plus", "/price-lists/new", primary=True)
SHEET = Sheet(
    PRICE_LISTS,
    name="price-lists",
    url="/price-lists",
    placeholder="Search price lists",
    title="name",
    links={"name": ("/price-lists/{}", "id")},
    filters={"active": "In use or not"},
    phone=("currency",),
    empty=Empty(
        "No price lists yet", "A price list says what its customers pay, or what a reseller resells.", "tags", NEW
    ),
)
SECTIONS = (
    Section(
        "Price list",
        (
            Input("name", "Name", required=True),
            Input("currency", "Currency", "select", required=True),
            Input("valid_from", "Valid from", "date"),
            Input("valid_until", "Valid until", "date"),
            Input("active", "In use", "checkbox"),
        ),
    ),
)
PRICE = (
    Section(
        "Price",
        (
            Input("product_id", "Product", "select", required=True),
            Input("cycle", "Billing cycle", "select", required=True),
            Input("price", "Price of a unit", "price", required=True),
        ),
    ),
)

router = APIRouter()


@router.get("/price-lists")
@may("products:view")
def price_lists(work: Work, request: Request) -> Response:
    """List the price lists."""
    head = Head("Price Lists", actions=(allowed(NEW, work.actor, EDIT),))
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/price-lists.csv")
@may("products:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/price-lists/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a price list."""
    return _form(work, request, None)


@router.post("/price-lists/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the price list."""
    given = taken(form, SECTIONS, words(request))
    made, faults = attempt(work, lambda: actions.create_price_list(work, actions.NewPriceList(**given)))
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, f"/price-lists/{made}", said(f"{given['name']} was created. Add its prices next."))


@router.get("/price-lists/{id}")
@may("products:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a price list."""
    view, words_ = price_list_(work, id), words(request)
    edits = work.actor.may(EDIT)
    buttons = (
        Action("edit", "Edit", "pencil", f"/price-lists/{id}/edit"),
        Action("add", "Add Price", "plus", f"/price-lists/{id}/prices/new", primary=True),
    )
    columns = (column("Product"), column("Cycle"), column("Price", number=True))
    rows = [
        row(
            one.id,
            (
                Cell(one.product.name, url=f"/products/{one.product.id}"),
                CYCLE_NAMES[one.cycle],
                words_.money(one.price.amount, one.price.currency),
            ),
            [_remove(id, one.id)] if edits else (),
        )
        for one in view.items
    ]
    empty = Empty("No prices yet", "What has no price here costs its unit price.", "tags")
    fields = details(SECTIONS, vars(view), words_, {})[0].fields
    main = [
        Panel("Price list", fields=fields),
        Panel("Prices", table=whole("prices", columns, rows, empty)),
    ]
    head = Head(
        view.name,
        (ALL,),
        state="active" if view.active else "",
        subtitle=words_.currency(view.currency),
        actions=[allowed(one, work.actor, EDIT) for one in buttons],
    )
    return record_page(request, head, main)


@router.get("/price-lists/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(work, request, price_list_(work, id))


@router.post("/price-lists/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the price list."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: actions.edit_price_list(work, id, changes, version=version(form)))
    if faults:
        return _form(work, request, price_list_(work, id), faults, form)
    return goto(request, f"/price-lists/{id}", said("The price list was saved."))


@router.get("/price-lists/{id}/prices/new")
@may(EDIT)
def new_price(work: Work, request: Request, id: Id) -> Response:
    """Ask for a price."""
    return _price_form(work, request, id)


@router.post("/price-lists/{id}/prices/new")
@may(EDIT)
def set_price(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Set the price of a product."""
    given = taken(form, PRICE, words(request))

    def act() -> None:
        product = as_id(given["product_id"] or "")
        if product is None:
            raise Invalid(Fault("product_id", "It is needed.", "CAT-02", "Choose a product."))
        actions.set_list_price(work, id, product, given["cycle"], given["price"])

    _, faults = attempt(work, act)
    if faults:
        return _price_form(work, request, id, faults, form)
    return goto(request, f"/price-lists/{id}", said("The price was set."))


@router.post("/price-lists/{id}/prices/{item}/delete")
@may(EDIT)
def remove_price(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take a price off the list."""
    actions.remove_list_price(work, id, item)
    return goto(request, f"/price-lists/{id}", said("The price was removed."))


def _remove(list_id: UUID, item: UUID) -> Action:
    url = f"/price-lists/{list_id}/prices/{item}/delete"
    ask = "The product then costs its unit price."
    return Action(f"remove-{item}", "Remove", "trash", url, "post", danger=True, confirm=ask)


def _form(
    work: Work,
    request: Request,
    view: PriceListView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    words_ = words(request)
    values: dict[str, Any] = dict(vars(view)) if view else {"active": True}
    values.setdefault("currency", signed_in(request).default_currency)
    form = form_view(
        SECTIONS,
        Asking(words_, values, {"currency": currencies(work, words_)}, {}, faults or {}, typed),
        url=f"/price-lists/{view.id}/edit" if view else "/price-lists/new",
        cancel_url=f"/price-lists/{view.id}" if view else "/price-lists",
        version=view.version if view else None,
    )
    crumbs = (ALL, Link(view.name, f"/price-lists/{view.id}")) if view else (ALL,)
    return form_page(request, Head(f"Edit {view.name}" if view else "New price list", crumbs), form)


def _price_form(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = price_list_(work, id)
    choices = {"product_id": products(work), "cycle": named(CYCLE_NAMES)}
    form = form_view(
        PRICE,
        Asking(words(request), {"cycle": "monthly"}, choices, {}, faults or {}, typed, view.currency),
        url=f"/price-lists/{id}/prices/new",
        cancel_url=f"/price-lists/{id}",
        submit="Set price",
    )
    return form_page(request, Head("Set price", (ALL, Link(view.name, f"/price-lists/{id}"))), form)
