"""Single Sign-On: the organisation's own OpenID provider, who may sign in with it, and a test of it (SEC-03)."""

from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.tenancy.sign_on import actions, queries
from tenantry.tenancy.sign_on.actions import NewSignOn
from tenantry.tenancy.sign_on.outside import ProviderTrouble
from tenantry.tenancy.sign_on.queries import SignOnView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.inputs import Input, Section
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import KIND, setup_form
from tenantry.web.ui.signing_on import BACK
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Field, Flash, Head, Link, Panel

EDIT = "setup:edit"
URL = "/setup/single-sign-on"
ABOVE = Link("Single Sign-On", URL)
SECTIONS = (
    Section(
        "The provider",
        (
            Input("name", "Name", required=True, help="The sign-in page says: Sign in with ..."),
            Input("issuer", "Issuer", "url", required=True, help="Such as https://login.example.com."),
            Input("client_id", "Client id", required=True),
            Input("client_secret", "Client secret", "password", help="Kept sealed. Empty: the present one stays."),
        ),
    ),
    Section(
        "Who signs in with it",
        (
            Input("domains", "E-mail domains", required=True, help="Such as company.com; several with blanks between."),
            Input(
                "passwords_allowed",
                "Passwords stay allowed",
                "checkbox",
                help="Administrators may always sign in with a password.",
            ),
        ),
    ),
)

router = APIRouter()


@router.get("/setup/single-sign-on")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """Show how single sign-on is set up."""
    view = _present(work)
    subtitle = "Let your own OpenID provider say who somebody is."
    edit_ = Action("edit", "Edit" if view else "Set up", "pencil", f"{URL}/edit", primary=view is None)
    more = (
        Action("test", "Test", "plug", f"{URL}/test", "post"),
        Action("remove", "Remove", "trash", f"{URL}/remove", "post", danger=True, confirm="Passwords alone let in."),
    )
    buttons = [allowed(one, work.actor, EDIT) for one in ((edit_, *more) if view else (edit_,))]
    head = Head(ABOVE.title, kind=KIND, subtitle=subtitle, actions=buttons)
    if view is None:
        empty = Empty("No single sign-on yet", "People sign in with their passwords.", "key")
        return record_page(request, head, [Panel(empty=empty)])
    return record_page(request, head, [Panel(fields=_shown(request, view))])


@router.get("/setup/single-sign-on/edit")
@may(EDIT)
def edit(work: Work, request: Request) -> Response:
    """Ask for the provider."""
    return _form(request, _present(work))


@router.post("/setup/single-sign-on/edit")
@may(EDIT)
def save(work: Work, request: Request, form: Form) -> Response:
    """Set single sign-on up, or change it."""
    given = taken(form, SECTIONS, words(request))
    new = NewSignOn(**{**given, "domains": given.get("domains", "").replace(",", " ").split()})
    _, faults = attempt(work, lambda: actions.configure(work, new, version=version(form)))
    if faults:
        return _form(request, _present(work), faults, form)
    return goto(request, URL, said("Single sign-on was saved. Test it now."))


@router.post("/setup/single-sign-on/test")
@may(EDIT)
def test(work: Work, request: Request, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Ask the provider whether it is there."""
    try:
        found = actions.test(work)
    except ProviderTrouble as problem:
        return goto(request, URL, Flash(problem.message, "bad"))
    return goto(request, URL, said(f"{found.issuer} answers, and signs with {found.keys} keys. Now sign in with it."))


@router.post("/setup/single-sign-on/remove")
@may(EDIT)
def remove(work: Work, request: Request, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Let passwords alone let in."""
    actions.remove(work)
    return goto(request, URL, said("Single sign-on was removed."))


def _present(work: Work) -> SignOnView | None:
    try:
        return queries.view(work)
    except NotFound:
        return None


def _shown(request: Request, view: SignOnView) -> tuple[Field, ...]:
    settings = request.app.state.settings
    site = settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return (
        Field("name", "Name", view.name),
        Field("issuer", "Issuer", view.issuer),
        Field("client_id", "Client id", view.client_id),
        Field("client_secret", "Client secret", "Kept sealed"),
        Field("domains", "E-mail domains", " ".join(view.domains)),
        Field("passwords_allowed", "Passwords", "Stay allowed" if view.passwords_allowed else "Administrators only"),
        Field("redirect_uri", "Redirect address to tell the provider", site + BACK),
    )


def _form(
    request: Request, view: SignOnView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    values: dict[str, Any] = {"passwords_allowed": True}
    if view is not None:
        values = {**vars(view), "domains": " ".join(view.domains)}
    return setup_form(
        request,
        "Edit single sign-on" if view else "Set single sign-on up",
        ABOVE,
        SECTIONS,
        values,
        url=f"{URL}/edit",
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
