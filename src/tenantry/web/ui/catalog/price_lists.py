"""Price lists: the list, a price list's page, making and editing one (CAT-02)."""

from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.lists import PRICE_LISTS
from tenantry.catalog.price_list_queries import PriceListView, price_list_
from tenantry.database import Work
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.catalog.list_prices import prices
from tenantry.web.ui.crm.sections import currencies
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, signed_in, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Head, Link, Panel

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
GONE = "Nobody has it; its prices go with it."
NOTE = "What has no price here costs its unit price."

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
    view, words_ = price_list_(work, id, first=0), words(request)
    buttons = (
        Action("edit", "Edit", "pencil", f"/price-lists/{id}/edit"),
        Action("add", "Add Price", "plus", f"/price-lists/{id}/prices/new", primary=True),
        Action("delete", "Delete", "trash", f"/price-lists/{id}/delete", "post", danger=True, confirm=GONE),
    )
    fields = details(SECTIONS, vars(view), words_, {})[0].fields
    main = [Panel("Price list", fields=fields), Panel("Prices", NOTE, table=prices(work, request, view))]
    head = Head(
        view.name,
        (ALL,),
        state="active" if view.active else "",
        subtitle=words_.currency(view.currency),
        actions=[allowed(one, work.actor, EDIT) for one in buttons],
    )
    recent = histories.panel(work, id, words_, f"/price-lists/{id}/history")
    return record_page(request, head, [*main, Panel("History", history=recent.history, more_url=recent.more_url)])


@router.get("/price-lists/{id}/history")
@may("products:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines of its history before those shown."""
    price_list_(work, id)
    url = f"/price-lists/{id}/history"
    return part("page/history.html", view=histories.panel(work, id, words(request), url, {}, before))


@router.post("/price-lists/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the price list."""
    actions.delete_price_list(work, id)
    return goto(request, ALL.url, said("The price list was deleted."))


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
