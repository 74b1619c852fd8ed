"""Turning one's second factor on, with its recovery codes, and off (SEC-03)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.tenancy import second_factor
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text
from tenantry.web.ui.inputs import Asking, Input, Section
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.people.profile import ME
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.views import Field, FieldError, Head

OFF = (Section("Your password", (Input("password", "Password", "password", required=True),)),)

router = APIRouter()


@router.get("/me/second-factor")
@may(ANYBODY_SIGNED_IN)
def enrol(work: Work, request: Request) -> Response:
    """Show the secret that the authenticator is to be told."""
    return _enrol(work, request)


@router.post("/me/second-factor")
@may(ANYBODY_SIGNED_IN)
def confirm(work: Work, request: Request, form: Form) -> Response:
    """Turn it on, and show the recovery codes this once."""
    sealed = text(form, "sealed")
    codes, faults = attempt(work, lambda: second_factor.confirm(work, sealed, text(form, "code")))
    if faults or codes is None:
        return _enrol(work, request, next(iter(faults.values())))
    head = Head("Your recovery codes", (ME,), subtitle="Your second factor is on.")
    return render(request, "people/recovery_codes.html", head=head, codes=codes)


@router.get("/me/second-factor/off")
@may(ANYBODY_SIGNED_IN)
def ask_off(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be signed in
    """Ask for the password before it is turned off."""
    return _off(request)


@router.post("/me/second-factor/off")
@may(ANYBODY_SIGNED_IN)
def turn_off(work: Work, request: Request, form: Form) -> Response:
    """Turn it off."""
    _, faults = attempt(work, lambda: second_factor.turn_off(work, str(form.get("password", ""))))
    if faults:
        return _off(request, faults)
    return goto(request, "/me", said("Your second factor is off."))


def _enrol(work: Work, request: Request, error: FieldError | None = None) -> Response:
    made = second_factor.enrol(work)
    field = Field(
        "code",
        "Code",
        required=True,
        error=error,
        autocomplete="one-time-code",
        help="The six digits that the authenticator shows now.",
    )
    head = Head("Turn your second factor on", (ME,))
    status = 422 if error else 200
    return render(
        request,
        "people/second_factor.html",
        status=status,
        head=head,
        secret=" ".join(made.secret[at : at + 4] for at in range(0, len(made.secret), 4)),
        uri=made.uri,
        sealed=made.sealed,
        fields=(field,),
    )


def _off(request: Request, faults: Faults | None = None) -> Response:
    asking = Asking(words(request), {}, faults=faults or {})
    form = form_view(OFF, asking, url="/me/second-factor/off", cancel_url="/me", submit="Turn off")
    return form_page(request, Head("Turn your second factor off", (ME,)), form)
