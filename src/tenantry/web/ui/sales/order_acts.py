"""The life of an order from its page: submit, execute, cancel, delete (ORD-02)."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.upstream_credit.actions import check_credit, exceed_limit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.actions import (
    approve_order,
    cancel_order,
    copy_order,
    delete_order,
    deliver_items,
    execute_order,
    refuse_order,
    submit_order,
    withdraw_order,
)
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text, texts
from tenantry.web.ui.ids import Id
from tenantry.web.ui.refusing import or_back

EDIT = "orders:edit"
APPROVE = "orders:approve"

router = APIRouter()


@router.post("/orders/{id}/submit")
@may(EDIT)
def submit(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Submit an order."""

    def act() -> Response:
        waits = not submit_order(work, id)
        over = "The order was submitted; it goes over the credit limit and waits for approval."
        return goto(request, f"/orders/{id}", said(over if waits else "The order was submitted."))

    return or_back(work, request, f"/orders/{id}/products", act)


@router.post("/orders/{id}/execute")
@may(EDIT)
def execute(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Execute an order."""

    def act() -> Response:
        day = _day(text(form, "execute-start_on"))
        started = execute_order(work, id, start_on=day, starts=_starts(form, "execute"))
        many = f"{len(started)} subscription{'' if len(started) == 1 else 's'}"
        return goto(request, f"/orders/{id}", said(f"The order was executed; it started {many}."))

    return or_back(work, request, f"/orders/{id}", act)


@router.post("/orders/{id}/approve")
@may(APPROVE)
def approve(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Approve an order over the credit limit."""
    approve_order(work, id, because=text(form, "approve-because"))
    return goto(request, f"/orders/{id}", said("The order was approved; it may be executed."))


@router.post("/orders/{id}/refuse")
@may(APPROVE)
def refuse(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Refuse approval."""
    refuse_order(work, id, because=text(form, "refuse-because"))
    return goto(request, f"/orders/{id}", said("Approval was refused."))


@router.post("/orders/{id}/exceed-limit")
@may(APPROVE)
def exceed(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Give what a reseller sold credit beyond his limit, this once."""
    exceed_limit(work, id, because=text(form, "exceed_limit-because"))
    return goto(request, f"/orders/{id}", said("The order may exceed the credit limit; it is provisioned below."))


@router.post("/orders/{id}/check-credit")
@may(EDIT)
def check_again(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Look again whether there is credit."""
    check_credit(work, id)
    return goto(request, f"/orders/{id}", said("Credit is checked again; this page shows what came of it."))


@router.post("/orders/{id}/withdraw")
@may(EDIT)
def withdraw(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Withdraw an executed order that waits for credit above."""
    withdraw_order(work, id, because=text(form, "withdraw-because"))
    return goto(request, f"/orders/{id}", said("The order was withdrawn; what was charged for it was given back."))


@router.post("/orders/{id}/deliver")
@may(EDIT)
def deliver(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Deliver selected items."""

    def act() -> Response:
        chosen = [found for one in texts(form, "deliver-items") if (found := as_id(one))]
        starts = {item: day for item, day in _starts(form, "deliver").items() if item in chosen}
        part = deliver_items(work, id, chosen, starts=starts)
        return goto(request, f"/orders/{part}", said("The items were delivered; this is the order that did it."))

    return or_back(work, request, f"/orders/{id}", act)


@router.post("/orders/{id}/copy")
@may(EDIT)
def copy(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Copy an order."""

    def act() -> Response:
        made = copy_order(work, id)
        return goto(request, f"/orders/{made}/products", said("This is the copy: a draft of today, at today's prices."))

    return or_back(work, request, f"/orders/{id}", act)


@router.post("/orders/{id}/cancel")
@may(EDIT)
def cancel(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Cancel an order."""
    cancel_order(work, id, because=text(form, "cancel-because"))
    return goto(request, f"/orders/{id}", said("The order was cancelled."))


@router.post("/orders/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete an order."""
    delete_order(work, id)
    return goto(request, "/orders", said("The order was deleted."))


def _starts(form: FormData, act: str) -> dict[UUID, date]:
    lead = f"{act}-start-"
    said_ = {as_id(name.removeprefix(lead)): _day(text(form, name)) for name in form if name.startswith(lead)}
    return {item: day for item, day in said_.items() if item and day}


def _day(said_: str) -> date | None:
    try:
        return date.fromisoformat(said_) if said_ else None
    except ValueError:
        raise Invalid(Fault("start_on", "This is no date.", "ORD-02", "Choose a day, or leave it empty.")) from None
