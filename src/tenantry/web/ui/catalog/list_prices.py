"""The prices of a price list: shown page by page, set, changed and taken off (CAT-02)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.actions import NewListPrice
from tenantry.catalog.price_list_queries import (
    AT_ONCE,
    ListedPrice,
    PriceListView,
    list_price,
    list_prices,
    price_list_,
)
from tenantry.charging.tiers import with_margin
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.choosing import resolved
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, named
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sales.sections import ANY_PRODUCT, CYCLE_NAMES
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Cell, Empty, Head, Link, ListView
from tenantry.web.words import Words

EDIT = "products:edit"
ALL = Link("Price Lists", "/price-lists")
TERMS = (
    Input("cycle", "Billing cycle", "select", required=True),
    Input("min_quantity", "From how many units on", "number", required=True, help="More than 1: a volume tier."),
    Input("price", "Price of a unit", "price"),
    Input("margin_percent", "Or margin on its cost, in percent", "number", help="Neither: it costs its unit price."),
    Input("valid_from", "Valid from", "date", help="Empty: always."),
    Input("valid_until", "Valid until", "date", help="Empty: open."),
)
NEW = (Section("Price", (ANY_PRODUCT, *TERMS)),)
COLUMNS = (
    column("Product"),
    column("Cycle"),
    column("From units", number=True),
    column("Price", number=True),
    column("Valid from"),
    column("Valid until"),
)

router = APIRouter()


def prices(work: Work, request: Request, view: PriceListView) -> ListView:
    """Give the prices of a list that are asked for, with a search box and pages."""
    words_, url = words(request), f"/price-lists/{view.id}"
    query, place = request.query_params.get("q", ""), request.query_params.get("from", "")
    start = int(place) if place.isascii() and place.isdigit() and len(place) < 9 else 0  # noqa: PLR2004 - no list is longer
    page = list_prices(work, view.id, query, start)
    may_edit = work.actor.may(EDIT)
    rows = [row(one.id, _cells(one, words_), _buttons(view.id, one.id) if may_edit else ()) for one in page.items]
    nothing = Empty("Nothing matches", "Try fewer words.", "search") if query else Empty("No prices yet", "", "tags")

    def at(there: int) -> str:
        return f"{url}?{urlencode({'q': query, 'from': there})}"

    return ListView(
        name="prices",
        url=url,
        columns=COLUMNS,
        rows=rows,
        empty=nothing,
        query=query,
        placeholder="Search products",
        filtered=bool(query),
        count="" if query else words_.counted(view.prices, "prices"),
        previous_url=at(max(start - AT_ONCE, 0)) if start else "",
        next_url="" if page.next is None else at(page.next),
        columns_choosable=False,
        cards=True,
    )


@router.get("/price-lists/{id}/prices/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for a price."""
    return _form(work, request, id, None)


@router.post("/price-lists/{id}/prices/new")
@may(EDIT)
def set_price(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Set the price of a product."""
    given = taken(form, NEW, words(request))

    def act() -> None:
        if not given.get("product_id"):
            raise Invalid(Fault("product_id", "A price is of a product.", "CAT-02", "Choose a product."))
        actions.set_list_price(work, id, NewListPrice(**resolved(work, NEW, given)))

    _, faults = attempt(work, act)
    if faults:
        return _form(work, request, id, None, faults, form)
    return goto(request, f"/price-lists/{id}", said("The price was set."))


@router.get("/price-lists/{id}/prices/{item}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id, item: Id) -> Response:
    """Ask for the changes."""
    return _form(work, request, id, list_price(work, id, item))


@router.post("/price-lists/{id}/prices/{item}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:
    """Change the price."""
    changes = taken(form, (Section("Price", TERMS),), words(request))
    _, faults = attempt(work, lambda: actions.edit_list_price(work, id, item, changes, version=version(form)))
    if faults:
        return _form(work, request, id, list_price(work, id, item), faults, form)
    return goto(request, f"/price-lists/{id}", said("The price was changed."))


@router.post("/price-lists/{id}/prices/{item}/delete")
@may(EDIT)
def remove(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take a price off the list."""
    actions.remove_list_price(work, id, item)
    return goto(request, f"/price-lists/{id}", said("The price was removed."))


def _cells(one: ListedPrice, words_: Words) -> tuple[Cell | str, ...]:
    return (
        Cell(one.product.name, url=f"/products/{one.product.id}", note=one.sku),
        CYCLE_NAMES[one.cycle],
        words_.number(one.min_quantity),
        _price(one, words_),
        words_.date(one.valid_from) if one.valid_from else "",
        words_.date(one.valid_until) if one.valid_until else "",
    )


def _price(one: ListedPrice, words_: Words) -> Cell:
    if one.price is not None:
        return Cell(words_.money(one.price.amount, one.price.currency))
    if one.margin_percent is not None:
        note = f"{words_.number(one.margin_percent)} % on cost"
        if one.cost is None:
            return Cell("", note=f"{note}, which is not known")
        paid = with_margin(one.cost.amount, one.margin_percent, one.cost.currency)
        return Cell(words_.money(paid, one.cost.currency), note=note)
    if one.unit_price is None:
        return Cell("", note="No unit price")
    return Cell(words_.money(one.unit_price.amount, one.unit_price.currency), note="Unit price")


def _buttons(list_id: UUID, item: UUID) -> tuple[Action, ...]:
    url = f"/price-lists/{list_id}/prices/{item}"
    ask = "Where no other price of the list holds, the product then costs its unit price."
    return (
        Action(f"edit-{item}", "Edit", "pencil", f"{url}/edit"),
        Action(f"remove-{item}", "Remove", "trash", f"{url}/delete", "post", danger=True, confirm=ask),
    )


def _form(
    work: Work,
    request: Request,
    id: UUID,
    item: ListedPrice | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    view = price_list_(work, id)
    choices = {"cycle": named(CYCLE_NAMES)}
    values: dict[str, Any] = {"cycle": "monthly", "min_quantity": 1}
    if item:
        values = {**vars(item), "price": item.price.amount if item.price else None}
    form = form_view(
        (Section("Price", TERMS),) if item else NEW,
        Asking(words(request), values, choices, {}, faults or {}, typed, view.currency),
        url=f"/price-lists/{id}/prices/{item.id}/edit" if item else f"/price-lists/{id}/prices/new",
        cancel_url=f"/price-lists/{id}",
        submit="Save" if item else "Set price",
        version=item.version if item else None,
    )
    title = f"Price of {item.product.name}" if item else "Set price"
    return form_page(request, Head(title, (ALL, Link(view.name, f"/price-lists/{id}"))), form)
