"""Order types: what kinds of order are told apart (ORD-02)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.sales import order_types
from tenantry.sales.order_types import OrderTypeView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Input, Section
from tenantry.web.ui.setup.drawing import deletes, edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Link

EDIT = "setup:edit"
ABOVE = Link("Order Types", "/setup/order-types")
SECTIONS = (Section("Order type", (Input("name", "Name", required=True),)),)

router = APIRouter()


@router.get("/setup/order-types")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """List the order types."""
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (Cell(one.name, note="The default" if one.is_default else ""),),
            _buttons(one) if may_edit else (),
        )
        for one in order_types.order_types(work)
    ]
    new_ = allowed(Action("new", "New type", "plus", "/setup/order-types/new", primary=True), work.actor, EDIT)
    empty = Empty("No order types yet", "Orders can be told apart by them.", "list-details", new_)
    subtitle = "What kinds of order you tell apart."
    return table_page(request, "Order Types", subtitle, (column("Type"),), rows, empty, (new_,))


@router.get("/setup/order-types/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a type."""
    return _form(request, None)


@router.post("/setup/order-types/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the type."""
    _, faults = attempt(work, lambda: order_types.create(work, text(form, "name")))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, ABOVE.url, said("The order type was created."))


@router.get("/setup/order-types/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, _one(work, id))


@router.post("/setup/order-types/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Rename the type."""
    changes = {"name": text(form, "name")}
    _, faults = attempt(work, lambda: order_types.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The order type was saved."))


@router.post("/setup/order-types/{id}/default")
@may(EDIT)
def make_default(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make it the default."""
    order_types.make_default(work, id)
    return goto(request, ABOVE.url, said("It is the default now."))


@router.post("/setup/order-types/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the type."""
    order_types.delete(work, id)
    return goto(request, ABOVE.url, said("The order type was deleted."))


def _buttons(one: OrderTypeView) -> list[Action]:
    base = f"/setup/order-types/{one.id}"
    default = Action(f"default-{one.id}", "Make Default", "check", f"{base}/default", "post")
    return [
        *([] if one.is_default else [default]),
        edits(one.id, f"{base}/edit"),
        deletes(one.id, f"{base}/delete", "Only a type that no order has goes."),
    ]


def _one(work: Work, id: UUID) -> OrderTypeView:
    for one in order_types.order_types(work):
        if one.id == id:
            return one
    raise NotFound("order type")


def _form(
    request: Request, view: OrderTypeView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    return setup_form(
        request,
        f"Edit {view.name}" if view else "New order type",
        ABOVE,
        SECTIONS,
        vars(view) if view else {},
        url=f"/setup/order-types/{view.id}/edit" if view else "/setup/order-types/new",
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
