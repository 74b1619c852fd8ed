"""What changes an account's status: suspend, reactivate, close, delete; each from a pop-up that asks why."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import actions, queries
from tenantry.database import Work
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id

DOES = {
    "suspend": (actions.suspend, "was suspended"),
    "reactivate": (actions.reactivate, "is active again"),
    "close": (actions.close, "was closed"),
}

router = APIRouter()


@router.post("/accounts/{id}/suspend")
@may("accounts:edit")
def suspend(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Suspend an account."""
    return _become(work, request, id, form, "suspend")


@router.post("/accounts/{id}/reactivate")
@may("accounts:edit")
def reactivate(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Reactivate an account."""
    return _become(work, request, id, form, "reactivate")


@router.post("/accounts/{id}/close")
@may("accounts:edit")
def close(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Close an account."""
    return _become(work, request, id, form, "close")


@router.post("/accounts/{id}/delete")
@may("accounts:edit")
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Delete an account."""
    name = queries.account(work, id).name
    actions.delete(work, id, because=text(form, "delete-because"))
    return goto(request, "/accounts", said(f"{name} was deleted."))


def _become(work: Work, request: Request, id: Id, form: Form, act: str) -> Response:
    do, became = DOES[act]
    do(work, id, because=text(form, f"{act}-because"))
    return goto(request, f"/accounts/{id}", said(f"{queries.account(work, id).name} {became}."))
