"""The products of an order: its items, added, updated and deleted while it is a draft (ORD-02, BO-20)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.rules.policy import Order
from tenantry.sales.actions import NewItem, add_item, change_quantity, delete_item, update_item
from tenantry.sales.queries import ItemView, OrderView, order
from tenantry.web.http.access import may
from tenantry.web.ui.acts import Button, drawn
from tenantry.web.ui.choosing import resolved
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Section, asked
from tenantry.web.ui.pages import form_page, form_view, record_page
from tenantry.web.ui.refusing import or_back
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sales.order_head import dialogs, head, ribbon
from tenantry.web.ui.sales.sections import CHANGED_ITEM, CYCLE_NAMES, ITEM, item_choices
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.taking import taken, units
from tenantry.web.ui.views import Action, Cell, Column, Dialog, Empty, Field, Head, Link, Panel, Row
from tenantry.web.words import Words

AT = "/orders/{id}/items"
EDIT = "orders:edit"
QUICK = Section("Quick Add", ITEM[0].inputs[:3])
ADDING = (
    Button("add_item", "plus", f"{AT}/new", permission=EDIT),
    Button("quick_add", "bolt", "#quick-add", "dialog", EDIT),
)
CHANGING = (
    Button("update_item", "pencil", f"{AT}/{{item}}/edit", permission=EDIT, label="Update"),
    Button("change_quantity", "adjustments-horizontal", "#quantity-{item}", "dialog", EDIT, label="Quantity"),
    Button(
        "delete_item",
        "trash",
        f"{AT}/{{item}}/delete",
        "post",
        EDIT,
        confirm="It is taken off the order.",
        label="Delete",
    ),
)
# Most orders have nothing to say in these; a column of dashes would push the buttons off the page.
SELDOM = {"taken_off", "tax", "starts", "delivered"}
COLUMNS = (
    column("Product"),
    column("Cycle"),
    column("Quantity", number=True),
    column("Unit price", number=True),
    column("Taken off", number=True, phone=False),
    column("Tax", number=True, phone=False),
    column("Starts", phone=False),
    column("Total", number=True),
    column("Delivered", phone=False),
)

router = APIRouter()


@router.get("/orders/{id}/products")
@may("orders:view")
def products(work: Work, request: Request, id: Id) -> Response:
    """Show the items of an order."""
    view, said_ = order(work, id), words(request)
    acts = drawn(ADDING, Order, view.actions, work.actor, id=id)
    changes = drawn(CHANGING, Order, view.actions, work.actor, id=id, item="")
    # What may not be done with any item is said once, above them; else it is offered at each.
    above = [replace(one, label=Order.acts[one.name].label) for one in changes if not one.allowed]
    rows = [_row(work, view, item, said_) for item in view.items]
    nothing = Empty("No items yet", "Add the products that the account buys.", "package")
    table = replace(whole("items", *_telling(rows), nothing), count=_in_all(view, said_))
    panel = Panel("Items", actions=[*acts, *above], table=table)
    return record_page(
        request,
        head(view, work.actor, said_, "Products"),
        [panel],
        (),
        (*dialogs(view), *_quick(work, view, said_), *_quantities(view, said_)),
    )


@router.get("/orders/{id}/items/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for an item."""
    view = order(work, id)
    if not view.actions["add_item"]:
        raise Refused(view.actions["add_item"])
    return _form(work, request, view, None)


@router.post("/orders/{id}/items/new")
@may(EDIT)
def add(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Add the item."""
    given = _given(taken(form, ITEM, words(request)))
    _, faults = attempt(work, lambda: add_item(work, id, NewItem(**resolved(work, ITEM, given))))
    if faults:
        placed = Faults({name.rpartition(".")[2]: error for name, error in faults.items()})
        return _form(work, request, order(work, id), None, placed, form)
    return goto(request, f"/orders/{id}/products", said("The item was added."))


@router.get("/orders/{id}/items/{item}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id, item: Id) -> Response:
    """Ask for the changes."""
    view = order(work, id)
    if not view.actions["update_item"]:
        raise Refused(view.actions["update_item"])
    return _form(work, request, view, _of(view, item))


@router.post("/orders/{id}/items/{item}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:
    """Change the item; a price that was left empty is the listed one again."""
    changes = taken(form, CHANGED_ITEM, words(request))
    if changes.get("unit_price") == "":
        del changes["unit_price"]
    _, faults = attempt(work, lambda: update_item(work, id, item, changes, version=version(form)))
    if faults:
        view = order(work, id)
        return _form(work, request, view, _of(view, item), faults, form)
    return goto(request, f"/orders/{id}/products", said("The item was saved."))


@router.post("/orders/{id}/items/{item}/quantity")
@may(EDIT)
def quantity(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:
    """Change how many."""
    at = f"/orders/{id}/products"

    def act() -> Response:
        wanted = units(words(request), text(form, f"quantity-{item}-number"))
        change_quantity(work, id, item, wanted)
        return goto(request, at, said("The quantity was changed."))

    return or_back(work, request, at, act)


@router.post("/orders/{id}/items/{item}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take the item off the order."""
    delete_item(work, id, item)
    return goto(request, f"/orders/{id}/products", said("The item was deleted."))


def _row(work: Work, view: OrderView, item: ItemView, words_: Words) -> Row:
    buttons: list[Action] = drawn(CHANGING, Order, view.actions, work.actor, id=view.id, item=item.id)
    price, total = item.unit_price, item.total
    cells = (
        Cell(item.product.name, url=f"/products/{item.product.id}", note="Tried first" if item.trial else ""),
        CYCLE_NAMES[item.cycle],
        words_.number(item.quantity),
        words_.money(price.amount, price.currency),
        _taken_off(item, words_),
        _percent(item.tax_percent, words_),
        words_.date(item.start_on),
        Cell(words_.money(total.amount, total.currency), note=_at_first(item, words_)),
        Cell(item.delivered_by.name, url=f"/orders/{item.delivered_by.id}") if item.delivered_by else "",
    )
    return row(item.id, cells, [replace(one, name=f"{one.name}-{item.id}") for one in buttons if one.allowed])


def _in_all(view: OrderView, words_: Words) -> str:
    """Say what the items come to, cycle by cycle, and what is charged at first when that is not the same."""
    if not view.items:
        return ""
    by_cycle = [
        f"{CYCLE_NAMES[cycle]} {words_.money(total.amount, total.currency)}" for cycle, total in view.totals.items()
    ]
    first = f"; {words_.money(view.first.amount, view.first.currency)} at first" if view.first != view.total else ""
    return f"In all: {', '.join(by_cycle)}{first}"


def _telling(rows: Sequence[Row]) -> tuple[list[Column], list[Row]]:
    """Leave out the columns that say nothing about any item."""
    kept = [
        place
        for place, one in enumerate(COLUMNS)
        if one.name not in SELDOM or any(row.cells[place].text for row in rows)
    ]
    return [COLUMNS[place] for place in kept], [
        replace(row, cells=[row.cells[place] for place in kept]) for row in rows
    ]


def _taken_off(item: ItemView, words_: Words) -> str:
    return item.promotion.name if item.promotion else _percent(item.discount_percent, words_)


def _percent(value: Decimal, words_: Words) -> str:
    return f"{words_.number(value.normalize())} %" if value else ""


def _at_first(item: ItemView, words_: Words) -> str:
    first = item.first
    return "" if first == item.total else f"{words_.money(first.amount, first.currency)} at first"


def _quick(work: Work, view: OrderView, words_: Words) -> list[Dialog]:
    if not view.actions["quick_add"]:
        return []
    asking = Asking(words_, {"quantity": 1, "cycle": "monthly"}, item_choices(work))
    fields = [asked(one, asking) for one in QUICK.inputs]
    return [Dialog("quick-add", "Quick Add", f"/orders/{view.id}/items/new", "Add", (), fields)]


def _quantities(view: OrderView, words_: Words) -> list[Dialog]:
    if not view.actions["change_quantity"]:
        return []
    return [
        Dialog(
            f"quantity-{item.id}",
            f"Quantity of {item.product.name}",
            f"/orders/{view.id}/items/{item.id}/quantity",
            "Change",
            (),
            (Field(f"quantity-{item.id}-number", "Quantity", words_.typed(item.quantity), "number", required=True),),
        )
        for item in view.items
    ]


def _form(
    work: Work,
    request: Request,
    view: OrderView,
    item: ItemView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    base = f"/orders/{view.id}"
    values: dict[str, Any] = {"quantity": 1, "cycle": "monthly", "discount_percent": 0}
    if item:
        values = {
            **vars(item),
            "unit_price": item.unit_price.amount,
            "promotion_id": item.promotion.id if item.promotion else None,
        }
    form = form_view(
        CHANGED_ITEM if item else ITEM,
        Asking(words(request), values, item_choices(work), {}, faults or {}, typed, view.currency),
        url=f"{base}/items/{item.id}/edit" if item else f"{base}/items/new",
        cancel_url=f"{base}/products",
        submit="Save" if item else "Add item",
        version=item.version if item else None,
    )
    crumbs = (Link("Orders", "/orders"), Link(view.name, base))
    title = f"Update {item.product.name}" if item else "Add item"
    return form_page(request, Head(title, crumbs, ribbon=ribbon(view)), form)


def _given(said_: dict[str, Any]) -> dict[str, Any]:
    given = {**said_, "unit_price": None if said_.get("unit_price") in {"", None} else said_["unit_price"]}
    return {**given, "discount_percent": said_.get("discount_percent") or 0}


def _of(view: OrderView, id_: UUID) -> ItemView:
    for item in view.items:
        if item.id == id_:
            return item
    raise NotFound("order item")
