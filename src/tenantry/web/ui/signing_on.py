"""Single sign-on: ask where somebody works, send him to his provider, and take him back (SEC-03)."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.kernel.problems import Problem
from tenantry.tenancy.sign_on import flow, queries
from tenantry.tenancy.sign_on.flow import Return
from tenantry.tenancy.sign_on.queries import Offer
from tenantry.web.http.access import public
from tenantry.web.http.identity import keep_signed_in
from tenantry.web.http.problems import extra_headers
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.problems import safe_path
from tenantry.web.ui.rendering import render_plain
from tenantry.web.ui.views import Field, FieldError, Link, Problem as ProblemView

WHY = "Signing in is how one becomes somebody."
URL = "/sign-in/sign-on"
BACK = f"{URL}/back"
COOKIE = "tenantry_sign_on"

router = APIRouter()


@router.get(URL)
@public(WHY)
def page(request: Request, next: str = "/") -> Response:
    """Ask for the organisation, or for an e-mail."""
    return _ask(request, safe_path(next))


@router.post(URL)
@public(WHY)
def look_up(request: Request, form: Form) -> Response:
    """Offer the provider of the organisation, or those who take e-mails of the domain."""
    organisation, goal = text(form, "organisation"), safe_path(text(form, "next"))
    found = queries.offers(request.app.state.database, organisation)
    error = None if found else FieldError("There is no single sign-on for this. Sign in with your password.", "SEC-03")
    return _ask(request, goal, organisation, found, error)


@router.get(URL + "/to/{tenant_code}")
@public(WHY)
def go(request: Request, tenant_code: str, next: str = "/") -> Response:
    """Send somebody to his organisation's provider."""
    settings = request.app.state.settings
    # Where nothing else was said, people reach the program under the name that the browser asks for.
    site = settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    try:
        departure = flow.begin(
            request.app.state.database,
            tenant_code,
            redirect_uri=site + BACK,
            goal=safe_path(next),
            address=_address(request),
        )
    except Problem as problem:
        return _refuse(request, problem)
    response = RedirectResponse(departure.url, 303, headers={"cache-control": "no-store"})
    response.set_cookie(
        COOKIE,
        departure.cookie,
        max_age=flow.SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https:"),
        path=URL,
    )
    return response


@router.get(BACK)
@public(WHY)
def back(request: Request, state: str = "", code: str = "", error: str = "", iss: str = "") -> Response:
    """Let in whom the provider vouches for; whatever happened, this answer of his is used up."""
    try:
        arrival = flow.finish(
            request.app.state.database,
            request.cookies.get(COOKIE, ""),
            Return(state, code, error, iss),
            address=_address(request),
        )
    except Problem as problem:
        response = _refuse(request, problem)
    else:
        response = RedirectResponse(safe_path(arrival.goal), 303, headers={"cache-control": "no-store"})
        keep_signed_in(response, arrival.signed_in.cookie, request.app.state.settings)
    response.delete_cookie(COOKIE, path=URL, httponly=True, samesite="lax")
    return response


def _ask(
    request: Request,
    goal: str,
    organisation: str = "",
    offers: tuple[Offer, ...] = (),
    error: FieldError | None = None,
) -> Response:
    field = Field(
        "organisation",
        "Your organisation, or your e-mail",
        organisation,
        required=True,
        autocomplete="username",
        help="The short name of your organisation, or the e-mail you work with.",
        error=error,
    )
    providers = [
        Link(
            f"Sign in with {one.name}",
            f"{URL}/to/{one.tenant_code}?{urlencode({'next': goal})}",
            one.tenant_name,
        )
        for one in offers
    ]
    status = 422 if error else 200
    return render_plain(
        request, "signing/sign_on.html", status=status, action=URL, next=goal, fields=(field,), providers=providers
    )


def _refuse(request: Request, problem: Problem) -> Response:
    """Say in words what went wrong, with the rule and the way out; nothing of what the provider sent."""
    view = ProblemView(
        status=problem.status,
        title="You were not signed in",
        sentence=problem.message,
        code=problem.code,
        rule=problem.rule,
        way_out=problem.remedy,
        links=(Link("Start again", URL), Link("Sign in with a password", "/sign-in")),
        reference=getattr(request.state, "request_id", ""),
    )
    response = render_plain(request, "layout/error.html", status=problem.status, problem=view)
    response.headers.update(extra_headers(problem))
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
