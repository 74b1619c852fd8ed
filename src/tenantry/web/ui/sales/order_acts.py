"""The life of an order from its page: submit, execute, cancel, delete (ORD-02)."""

from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.actions import cancel_order, delete_order, execute_order, submit_order
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id

EDIT = "orders:edit"

router = APIRouter()


@router.post("/orders/{id}/submit")
@may(EDIT)
def submit(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Submit an order."""
    submit_order(work, id)
    return goto(request, f"/orders/{id}", said("The order was submitted."))


@router.post("/orders/{id}/execute")
@may(EDIT)
def execute(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Execute an order."""
    started = execute_order(work, id, start_on=_day(text(form, "execute-start_on")))
    many = f"{len(started)} subscription{'' if len(started) == 1 else 's'}"
    return goto(request, f"/orders/{id}", said(f"The order was executed; it started {many}."))


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


def _day(said_: str) -> date | None:
    try:
        return date.fromisoformat(said_) if said_ else None
    except ValueError:
        raise Invalid(Fault("start_on", "This is no date.", "ORD-02", "Choose a day, or leave it empty.")) from None
