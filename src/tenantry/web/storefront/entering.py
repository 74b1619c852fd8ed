"""Come into a shop and leave it: sign in, choose a first password by an invitation, sign out, choose a theme."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.crm.storefront_users import invitations, sessions, shops, sign_in
from tenantry.crm.storefront_users.sessions import Visit
from tenantry.crm.storefront_users.shops import Shop
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound, NotSignedIn, Problem, TooMany
from tenantry.web.http.access import public
from tenantry.web.storefront.access import forget, keep_signed_in, root, shopping
from tenantry.web.storefront.problems import safe_path
from tenantry.web.storefront.rendering import THEME, THEMES, render_plain
from tenantry.web.storefront.speech import speech_of
from tenantry.web.ui.demo_people import demo_password, demo_shoppers
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.views import Field, FieldError

WHY = "Signing in is how one becomes somebody."
YEAR = 365 * 24 * 3600

router = APIRouter()


@router.get("/sign-in")
@public(WHY)
def page(request: Request, code: str, next: str = "") -> Response:
    """Ask for e-mail and password."""
    return _ask(request, _shop(request, code), next)


@router.post("/sign-in")
@public(WHY)
def sign(request: Request, code: str, form: Form) -> Response:
    """Let a storefront user in, or say that he is not."""
    shop = _shop(request, code)
    return _let_in(request, shop, text(form, "email"), str(form.get("password", "")), text(form, "next"))


@router.post("/sign-in/demo")
@public("The demo's people are shown to everybody, with their passwords.")
def sign_in_as(request: Request, code: str, form: Form) -> Response:
    """Let somebody in as one of the demo's shoppers; there are none unless the demo is on."""
    shop, email = _shop(request, code), text(form, "email")
    if email not in {one.email for one in demo_shoppers(request, shop.code)}:
        return RedirectResponse(f"{root(code)}/sign-in", 303)
    return _let_in(request, shop, email, demo_password(), "")


@router.get("/welcome/{secret}")
@public("The link itself proves who was invited.")
def welcome(request: Request, code: str, secret: str) -> Response:
    """Greet the one who was invited and ask for his password."""
    return _welcome(request, code, secret)


@router.post("/welcome/{secret}")
@public("The link itself proves who was invited.")
def accept(request: Request, code: str, secret: str, form: Form) -> Response:
    """Set the password; he signs in with it afterwards."""
    password, database = str(form.get("password", "")), request.app.state.database
    invited = invitations.invited(database, secret)
    speech = speech_of(invited.shop)
    if password != str(form.get("again", "")):
        return _welcome(request, code, secret, Invalid(Fault("again", speech.say("enter.not_same"))))
    try:
        invitations.accept(database, secret, password)
    except Invalid as problem:
        return _welcome(request, code, secret, problem)
    return goto(request, f"{root(invited.shop.code)}/sign-in", said(speech.say("enter.set_done")))


@router.post("/sign-out")
@shopping
def sign_out(work: Work, request: Request, visit: Visit, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """End this visit."""
    sessions.end(work, visit)
    response = RedirectResponse(f"{root(visit.shop.code)}/sign-in", 303)
    forget(request, response, visit.shop.code)
    return response


@router.post("/theme")
@shopping
def theme(request: Request, visit: Visit, form: Form) -> Response:
    """Keep how pages look, in this browser."""
    response = RedirectResponse(root(visit.shop.code), 303)
    chosen = text(form, "theme")
    if chosen in THEMES:
        secure = request.app.state.settings.public_url.startswith("https:")
        response.set_cookie(
            THEME, chosen, max_age=YEAR, httponly=True, samesite="lax", secure=secure, path=root(visit.shop.code)
        )
    return response


def _shop(request: Request, code: str) -> Shop:
    return shops.find(request.app.state.database, code)


def _let_in(request: Request, shop: Shop, email: str, password: str, goal: str) -> Response:
    address = request.client.host if request.client else ""
    try:
        cookie = sign_in.sign_in(request.app.state.database, shop, email, password, address=address)
    except (NotSignedIn, TooMany) as problem:
        return _ask(request, shop, goal, email=email, problem=problem)
    response = RedirectResponse(safe_path(shop.code, goal), 303)
    keep_signed_in(request, response, shop, cookie)
    return response


def _ask(request: Request, shop: Shop, goal: str, *, email: str = "", problem: Problem | None = None) -> Response:
    speech = speech_of(shop)
    error = FieldError(speech.problem(problem)) if problem else None
    fields = (
        Field("email", speech.say("enter.email"), email, "email", required=True, autocomplete="username"),
        Field(
            "password",
            speech.say("enter.password"),
            kind="password",
            required=True,
            autocomplete="current-password",
            error=error,
        ),
    )
    return render_plain(
        request,
        shop,
        "sign_in.html",
        status=problem.status if problem else 200,
        fields=fields,
        next=safe_path(shop.code, goal),
        people=demo_shoppers(request, shop.code),
    )


def _welcome(request: Request, code: str, secret: str, problem: Invalid | None = None) -> Response:
    who = invitations.invited(request.app.state.database, secret)
    if who.shop.code != code:
        raise NotFound("page")
    speech = speech_of(who.shop)
    wrong = {one.field: FieldError(speech.fault(one)) for one in problem.faults} if problem else {}
    fields = tuple(
        Field(
            name,
            speech.say(f"enter.{name}"),
            kind="password",
            required=True,
            autocomplete="new-password",
            help=speech.say("enter.hint") if name == "password" else "",
            error=wrong.get(name),
        )
        for name in ("password", "again")
    )
    return render_plain(
        request, who.shop, "welcome.html", status=422 if wrong else 200, who=who, secret=secret, fields=fields
    )
