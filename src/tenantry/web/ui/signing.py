"""Signing in, in one step or with a second factor or the choice of an organisation, and signing out (SEC-03)."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.database import Work
from tenantry.kernel.problems import NotSignedIn, Problem, TooMany
from tenantry.tenancy import sessions, sign_in
from tenantry.tenancy.sign_in import ChooseTenant, SecondFactorNeeded, SignedIn
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may, public
from tenantry.web.http.identity import forget_sign_in, keep_signed_in
from tenantry.web.ui.demo_people import demo_password, demo_people, demo_shoppers
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.problems import safe_path
from tenantry.web.ui.rendering import render_plain, signed_in
from tenantry.web.ui.views import Field, FieldError, Option

WHY = "Signing in is how one becomes somebody."

# Asked for only after a failure: hardly anybody needs it.
ORGANISATION = Field("tenant_code", "Code of the organisation", help="Only needed if you work in several.")

router = APIRouter()


@router.get("/sign-in")
@public(WHY)
def page(request: Request, next: str = "/") -> Response:
    """Ask for e-mail and password."""
    return _ask(request, safe_path(next))


@router.post("/sign-in")
@public(WHY)
def sign(request: Request, form: Form) -> Response:
    """Let somebody in, or say that he is not."""
    email, goal = text(form, "email"), safe_path(text(form, "next"))
    try:
        answer = sign_in.sign_in(
            request.app.state.database,
            email,
            str(form.get("password", "")),
            address=_address(request),
            tenant_code=text(form, "tenant_code"),
        )
    except (NotSignedIn, TooMany) as problem:
        return _ask(request, goal, email=email, problem=problem)
    return _go_on(request, answer, goal)


@router.post("/sign-in/demo")
@public("The demo's people are shown to everybody, with their passwords.")
def sign_in_as(request: Request, form: Form) -> Response:
    """Let somebody in as one of the demo's people; there are none unless the demo is on."""
    email = text(form, "email")
    if email not in {person.email for person in demo_people(request)}:
        return RedirectResponse("/sign-in", 303)
    try:
        answer = sign_in.sign_in(request.app.state.database, email, demo_password(), address=_address(request))
    except (NotSignedIn, TooMany) as problem:
        return _ask(request, "/", email=email, problem=problem)
    return _go_on(request, answer, "/")


@router.post("/sign-in/organisation")
@public(WHY)
def choose(request: Request, form: Form) -> Response:
    """Go on in the organisation that was chosen."""
    goal = safe_path(text(form, "next"))
    try:
        answer = sign_in.choose(request.app.state.database, text(form, "ticket"), text(form, "tenant_code"))
    except NotSignedIn as problem:
        return _ask(request, goal, problem=problem)
    return _go_on(request, answer, goal)


@router.post("/sign-in/code")
@public(WHY)
def code(request: Request, form: Form) -> Response:
    """Take the code of the second factor."""
    goal, ticket = safe_path(text(form, "next")), text(form, "ticket")
    try:
        answer = sign_in.finish(request.app.state.database, ticket, text(form, "code"), address=_address(request))
    except (NotSignedIn, TooMany) as problem:
        if problem.code == "ticket-ended":
            return _ask(request, goal, problem=problem)
        return _ask_code(request, ticket, goal, problem)
    return _go_on(request, answer, goal)


@router.post("/sign-out")
@may(ANYBODY_SIGNED_IN)
def sign_out(work: Work, request: Request, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """End this session."""
    if session := signed_in(request).session_id:
        sessions.sign_out(work, session)
    response = RedirectResponse("/sign-in", 303)
    forget_sign_in(response, request.app.state.settings)
    return response


def _go_on(request: Request, answer: sign_in.Answer, goal: str) -> Response:
    match answer:
        case SignedIn(cookie=cookie):
            response = RedirectResponse(goal, 303)
            keep_signed_in(response, cookie, request.app.state.settings)
            return response
        case SecondFactorNeeded(ticket):
            return _ask_code(request, ticket, goal)
        case ChooseTenant(ticket, tenants):
            choices = tuple(Option(code, name) for code, name in tenants)
            return render_plain(request, "signing/organisation.html", ticket=ticket, next=goal, tenants=choices)


def _ask(request: Request, goal: str, *, email: str = "", problem: Problem | None = None) -> Response:
    """Show the form; what was wrong stands at the password, since nobody is told which of the two it was."""
    error = FieldError(f"{problem.message} {problem.remedy}".strip(), problem.rule) if problem else None
    fields = (
        Field("email", "E-mail", email, "email", required=True, autocomplete="username"),
        Field("password", "Password", kind="password", required=True, autocomplete="current-password", error=error),
        *([ORGANISATION] if problem and problem.code == "wrong-password" else []),
    )
    return render_plain(
        request,
        "layout/sign_in.html",
        status=problem.status if problem else 200,
        action="/sign-in",
        next=goal,
        fields=fields,
        people=(*demo_people(request), *demo_shoppers(request)),
        demo_action="/sign-in/demo",
        sign_on_url=f"/sign-in/sign-on?{urlencode({'next': goal})}",
    )


def _ask_code(request: Request, ticket: str, goal: str, problem: Problem | None = None) -> Response:
    error = FieldError(f"{problem.message} {problem.remedy}".strip(), problem.rule) if problem else None
    field = Field(
        "code",
        "Code",
        required=True,
        autocomplete="one-time-code",
        error=error,
        help="The six digits that your authenticator shows now, or one of your recovery codes.",
    )
    return render_plain(
        request,
        "signing/code.html",
        status=problem.status if problem else 200,
        ticket=ticket,
        next=goal,
        fields=(field,),
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
