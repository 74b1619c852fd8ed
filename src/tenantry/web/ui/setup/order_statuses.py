"""Order statuses: what the places where an order stands are called (ORD-02)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.sales import order_statuses
from tenantry.sales.lists import STATUSES
from tenantry.sales.order_statuses import NewOrderStatus, OrderStatusView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Input, Section, named
from tenantry.web.ui.setup.drawing import deletes, edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Link

EDIT = "setup:edit"
ABOVE = Link("Order Statuses", "/setup/order-statuses")
NAME = Input("name", "Name", required=True)
NEW = (Section("Order status", (Input("status", "Names the status", "select", required=True), NAME)),)
CHANGED = (Section("Order status", (NAME,)),)

router = APIRouter()


@router.get("/setup/order-statuses")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """List the names of the statuses."""
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (Cell(one.name, note="The default" if one.is_default else ""), STATUSES[one.status]),
            _buttons(one) if may_edit else (),
        )
        for one in order_statuses.order_statuses(work)
    ]
    new_ = allowed(Action("new", "New status", "plus", "/setup/order-statuses/new", primary=True), work.actor, EDIT)
    empty = Empty("No order statuses yet", "Orders are called draft, submitted, executed, cancelled.", "flag", new_)
    subtitle = "What you call the places where an order stands; what may be done there stays the same."
    columns = (column("Name"), column("Status"))
    return table_page(request, "Order Statuses", subtitle, columns, rows, empty, (new_,))


@router.get("/setup/order-statuses/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a name."""
    return _form(request, None)


@router.post("/setup/order-statuses/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Name the status."""
    new_ = NewOrderStatus(text(form, "status"), text(form, "name"))
    _, faults = attempt(work, lambda: order_statuses.create(work, new_))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, ABOVE.url, said("The order status was created."))


@router.get("/setup/order-statuses/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, _one(work, id))


@router.post("/setup/order-statuses/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Rename the status."""
    changes = {"name": text(form, "name")}
    _, faults = attempt(work, lambda: order_statuses.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The order status was saved."))


@router.post("/setup/order-statuses/{id}/default")
@may(EDIT)
def make_default(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make it the default of its status."""
    order_statuses.make_default(work, id)
    return goto(request, ABOVE.url, said("It is the default now."))


@router.post("/setup/order-statuses/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the name."""
    order_statuses.delete(work, id)
    return goto(request, ABOVE.url, said("The order status was deleted."))


def _buttons(one: OrderStatusView) -> list[Action]:
    base = f"/setup/order-statuses/{one.id}"
    default = Action(f"default-{one.id}", "Make Default", "check", f"{base}/default", "post")
    return [
        *([] if one.is_default else [default]),
        edits(one.id, f"{base}/edit"),
        deletes(one.id, f"{base}/delete", "Only a name that no order has goes."),
    ]


def _one(work: Work, id: UUID) -> OrderStatusView:
    for one in order_statuses.order_statuses(work):
        if one.id == id:
            return one
    raise NotFound("order status")


def _form(
    request: Request, view: OrderStatusView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    return setup_form(
        request,
        f"Edit {view.name}" if view else "New order status",
        ABOVE,
        CHANGED if view else NEW,
        vars(view) if view else {},
        url=f"/setup/order-statuses/{view.id}/edit" if view else "/setup/order-statuses/new",
        choices={"status": named(STATUSES)},
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
