"""Payment methods: how accounts pay, by hand or through a gateway; never a card number (BIL-06)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.charging import payment_methods
from tenantry.charging.payment_methods import NewPaymentMethod, PaymentMethodView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Input, Section, named, taken
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import deletes, edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Link

EDIT = "setup:edit"
ABOVE = Link("Payment Methods", "/setup/payment-methods")
KINDS = {"manual": "By hand", "gateway": "Through a gateway"}
SECTIONS = (
    Section(
        "Payment method",
        (
            Input("name", "Name", required=True),
            Input("kind", "Kind", "select", required=True),
            Input("payment_days", "Payment days", "number", help="Within so many days of the invoice."),
            Input("gateway", "Gateway", help="Only for a method through a gateway."),
            Input("merchant_account", "Merchant account"),
            Input("token_reference", "Reference at the gateway", help="Never a card number."),
        ),
    ),
)

router = APIRouter()


@router.get("/setup/payment-methods")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """List the payment methods."""
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (
                Cell(
                    one.name,
                    url=f"/setup/payment-methods/{one.id}/edit" if may_edit else "",
                    note="The default" if one.is_default else "",
                ),
                KINDS.get(one.kind, one.kind),
                one.gateway,
                f"{one.payment_days}",
            ),
            _buttons(one) if may_edit else (),
        )
        for one in payment_methods.payment_methods(work)
    ]
    new_ = allowed(Action("new", "New method", "plus", "/setup/payment-methods/new", primary=True), work.actor, EDIT)
    empty = Empty("No payment methods yet", "Accounts need one to buy.", "credit-card", new_)
    columns = (
        column("Method"),
        column("Kind"),
        column("Gateway", phone=False),
        column("Days", number=True, phone=False),
    )
    return table_page(request, "Payment Methods", "How accounts pay.", columns, rows, empty, (new_,))


@router.get("/setup/payment-methods/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a method."""
    return _form(request, None)


@router.post("/setup/payment-methods/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the method."""
    given = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: payment_methods.create(work, NewPaymentMethod(**given)))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, ABOVE.url, said("The payment method was created."))


@router.get("/setup/payment-methods/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, _one(work, id))


@router.post("/setup/payment-methods/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the method."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: payment_methods.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The payment method was saved."))


@router.post("/setup/payment-methods/{id}/default")
@may(EDIT)
def make_default(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make it the default."""
    payment_methods.make_default(work, id)
    return goto(request, ABOVE.url, said("It is the default now."))


@router.post("/setup/payment-methods/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the method."""
    payment_methods.delete(work, id)
    return goto(request, ABOVE.url, said("The payment method was deleted."))


def _buttons(one: PaymentMethodView) -> list[Action]:
    base = f"/setup/payment-methods/{one.id}"
    default = Action(f"default-{one.id}", "Make Default", "check", f"{base}/default", "post")
    return [
        *([] if one.is_default else [default]),
        edits(one.id, f"{base}/edit"),
        deletes(one.id, f"{base}/delete", "Only a method that nothing uses goes."),
    ]


def _one(work: Work, id: UUID) -> PaymentMethodView:
    for one in payment_methods.payment_methods(work):
        if one.id == id:
            return one
    raise NotFound("payment method")


def _form(
    request: Request, view: PaymentMethodView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    values: dict[str, Any] = dict(vars(view)) if view else {"kind": "manual", "payment_days": 30}
    return setup_form(
        request,
        f"Edit {view.name}" if view else "New payment method",
        ABOVE,
        SECTIONS,
        values,
        url=f"/setup/payment-methods/{view.id}/edit" if view else "/setup/payment-methods/new",
        choices={"kind": named(KINDS)},
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
