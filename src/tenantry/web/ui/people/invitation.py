"""The page behind an invitation, where a first password is set, once (SEC-03)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.kernel.problems import Invalid
from tenantry.tenancy import invitations
from tenantry.web.http.access import public
from tenantry.web.ui.forms import Faults, Form
from tenantry.web.ui.people.profile import require_same
from tenantry.web.ui.rendering import render_plain
from tenantry.web.ui.views import Field

WHY = "The link itself proves who was invited."

router = APIRouter()


@router.get("/invitation/{secret}")
@public(WHY)
def ask(request: Request, secret: str) -> Response:
    """Greet the one who was invited and ask for his password."""
    return _ask(request, secret)


@router.post("/invitation/{secret}")
@public(WHY)
def accept(request: Request, secret: str, form: Form) -> Response:
    """Set the password; he signs in with it afterwards."""
    password = str(form.get("password", ""))
    try:
        require_same(password, str(form.get("again", "")))
        invitations.accept(request.app.state.database, secret, password)
    except Invalid as problem:
        return _ask(request, secret, Faults.of(problem))
    return RedirectResponse("/sign-in", 303)


def _ask(request: Request, secret: str, faults: Faults | None = None) -> Response:
    who = invitations.invited(request.app.state.database, secret)
    wrong = faults or Faults()
    help_ = "12 characters or more; some words that nobody would put together."
    fields = (
        Field(
            "password",
            "Password",
            kind="password",
            required=True,
            autocomplete="new-password",
            help=help_,
            error=wrong.get("password"),
        ),
        Field(
            "again",
            "Password again",
            kind="password",
            required=True,
            autocomplete="new-password",
            error=wrong.get("again"),
        ),
    )
    return render_plain(
        request,
        "people/invitation.html",
        status=422 if wrong else 200,
        who=who,
        action=f"/invitation/{secret}",
        fields=fields,
    )
