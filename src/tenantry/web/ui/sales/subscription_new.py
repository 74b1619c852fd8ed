"""Creating a subscription for an account: what is bought, from when, and whether it is tried first (ORD-03)."""

from collections.abc import Mapping
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
from tenantry.sales.subscriptions.creating import NewSubscription, create_subscription
from tenantry.web.http.access import may
from tenantry.web.ui.choosing import resolved
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt
from tenantry.web.ui.inputs import Asking, Input, Section
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sales.sections import PRODUCT, item_choices
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link

EDIT = "subscriptions:edit"
ALL = Link("Subscriptions", "/subscriptions")
FIELDS = (
    Section(
        "Subscription",
        (
            PRODUCT,
            Input("cycle", "Billing cycle", "select", required=True),
            Input("quantity", "Quantity", "number", required=True),
            Input("unit_price", "Unit price", "price", help="Empty: what the price list, else the product says."),
            Input("discount_percent", "Discount in percent", "number"),
            Input("trial", "Tried first", "checkbox"),
            Input("start_on", "Starts on", "date", help="Empty: today."),
        ),
        "An order of this one item is made and executed.",
    ),
)

router = APIRouter()


@router.get("/subscriptions/new")
@may(EDIT)
def new(work: Work, request: Request, account: str = "") -> Response:
    """Ask what is bought."""
    return _new(work, request, as_id(account) or UUID(int=0))


@router.post("/subscriptions/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the subscription."""
    account_id = as_id(str(form.get("account_id", ""))) or UUID(int=0)
    given = taken(form, FIELDS, words(request))
    wanted = {name: value for name, value in given.items() if value not in {"", None}}
    sold = {"product_id": UUID(int=0), "cycle": "", "quantity": 0, **wanted}
    made, faults = attempt(work, lambda: _create(work, account_id, sold))
    if faults or made is None:
        placed = Faults({name.rpartition(".")[2]: error for name, error in faults.items()})
        return _new(work, request, account_id, placed, form)
    return goto(request, f"/subscriptions/{made}", said("The subscription was created."))


def _create(work: Work, account_id: UUID, sold: Mapping[str, Any]) -> UUID:
    return create_subscription(work, NewSubscription(account_id, **resolved(work, FIELDS, sold)))


def _new(
    work: Work, request: Request, account_id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = queries.account(work, account_id)
    if not view.actions["create_subscription"]:
        raise Refused(view.actions["create_subscription"])
    values = {"quantity": 1, "cycle": "monthly", "discount_percent": 0}
    form = form_view(
        FIELDS,
        Asking(words(request), values, item_choices(work), {}, faults or {}, typed, view.currency),
        url="/subscriptions/new",
        cancel_url=f"/accounts/{account_id}",
        submit="Create subscription",
        hidden=(("account_id", str(account_id)),),
    )
    crumbs = (ALL, Link(view.name, f"/accounts/{account_id}"))
    return form_page(request, Head(f"New subscription of {view.name}", crumbs), form)
