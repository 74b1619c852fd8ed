"""Making and editing an order (ORD-01)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import queries
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Refused
from tenantry.sales.actions import NewOrder, create_order, edit_order
from tenantry.sales.queries import order
from tenantry.tenancy.api_options import defaults_for_person
from tenantry.web.http.access import may
from tenantry.web.ui.crm import accounts
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking
from tenantry.web.ui.own_fields import OwnFields, gathered
from tenantry.web.ui.pages import form_page, form_view, list_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sales.order_head import ribbon
from tenantry.web.ui.sales.orders import names_of, values_of
from tenantry.web.ui.sales.sections import NEW_ORDER, ORDER, order_choices
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link

EDIT = "orders:edit"
ALL = Link("Orders", "/orders")
CHOOSE = replace(
    accounts.SHEET,
    url="/orders/new",
    links={"name": ("/orders/new?account={}", "id")},
    filters={},
    exports=False,
)

router = APIRouter()


@router.get("/orders/new")
@may(EDIT)
def new(work: Work, request: Request, account: str = "") -> Response:
    """Ask for whom the order is, then for the order."""
    account_id = as_id(account) if account else None
    if account_id is None:
        view = CHOOSE.view(work, request, words(request), fixed={"status": "active", "ordering_enabled": "true"})
        head = Head("New order", (ALL,), subtitle="Choose the account that buys.")
        return list_page(request, head, view)
    return _new(work, request, account_id)


@router.post("/orders/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the order."""
    account_id = as_id(str(form.get("account_id", ""))) or UUID(int=0)
    own = OwnFields(work, "order")
    given = gathered(taken(form, [*NEW_ORDER, *own.sections()], words(request)))
    made, faults = attempt(work, lambda: create_order(work, NewOrder(account_id=account_id, **given)))
    if faults or made is None:
        return _new(work, request, account_id, faults, form)
    return goto(request, f"/orders/{made}/products", said("The order is a draft. Add what is bought, then submit it."))


@router.get("/orders/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/orders/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the order."""
    view, own = order(work, id), OwnFields(work, "order")
    changes = gathered(taken(form, [*ORDER, *own.sections()], words(request), view.locked_fields))
    _, faults = attempt(work, lambda: edit_order(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/orders/{id}", said("The order was saved."))


def _new(
    work: Work, request: Request, account_id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view, own = queries.account(work, account_id), OwnFields(work, "order")
    if not view.actions["create_order"]:
        raise Refused(view.actions["create_order"])
    user, rule = defaults_for_person(work, "order")
    choices = {**order_choices(work, account_id), **own.choices()}
    values: dict[str, Any] = {
        "name": f"Order of {view.name}",
        "order_type_id": next((one.value for one in choices["order_type_id"]), None),
        "payment_method_id": view.payment_method_id,
        "responsible_user_id": user,
        "permission_rule_id": rule,
        **own.defaults(),
    }
    form = form_view(
        [*NEW_ORDER[:-1], *own.sections(), NEW_ORDER[-1]],
        Asking(words(request), values, choices, {}, faults or {}, typed),
        url="/orders/new",
        cancel_url=f"/accounts/{account_id}/orders",
        submit="Create order",
        hidden=(("account_id", str(account_id)),),
    )
    crumbs = (ALL, Link(view.name, f"/accounts/{account_id}"))
    return form_page(request, Head(f"New order of {view.name}", crumbs), form)


def _edit(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view, own = order(work, id), OwnFields(work, "order")
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    choices = {**order_choices(work, view.account.id, view.status), **own.choices()}
    choices |= {name: names for name, names in names_of(view).items() if name in view.locked_fields}
    values = {**values_of(view), **own.values(view.custom_fields)}
    form = form_view(
        [*ORDER[:-1], *own.sections(), ORDER[-1]],
        Asking(words(request), values, choices, view.locked_fields, faults or {}, typed),
        url=f"/orders/{id}/edit",
        cancel_url=f"/orders/{id}",
        version=view.version,
    )
    head = Head(f"Edit {view.name}", (ALL, Link(view.name, f"/orders/{id}")), ribbon=ribbon(view))
    return form_page(request, head, form)
