"""One's own profile: name, language, theme, password, sessions."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import sessions, users
from tenantry.tenancy.passwords import change_password
from tenantry.tenancy.user_views import UserView, profile
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details, named
from tenantry.web.ui.pages import form_page, form_view, record_page
from tenantry.web.ui.rendering import signed_in, words
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Cell, Empty, Field, Head, Link, Panel

THEMES = {"auto": "As the system", "light": "Light", "dark": "Dark"}
ABOUT = (
    Section(
        "You",
        (
            Input("name", "Name", required=True),
            Input("language", "Language", "language", none="The organisation's"),
            Input("theme", "Theme", "select", required=True),
        ),
    ),
)
PASSWORD = (
    Section(
        "Password",
        (
            Input("old", "Present password", "password", required=True),
            Input("password", "New password", "password", required=True, help="12 characters or more."),
            Input("again", "New password again", "password", required=True),
        ),
        "Your other sessions end when it changes.",
    ),
)
ME = Link("Your profile", "/me")

router = APIRouter()


@router.get("/me")
@may(ANYBODY_SIGNED_IN)
def me(work: Work, request: Request) -> Response:
    """Show who one is."""
    view, words_ = profile(work), words(request)
    email = Field("email", "E-mail", view.email)
    roles = Field("roles", "Roles", ", ".join(one.name for one in view.roles))
    groups = Field("groups", "Groups", ", ".join(one.name for one in view.groups))
    fields = details(ABOUT, vars(view), words_, {"theme": named(THEMES)})[0].fields
    main = [Panel("You", fields=(email, *fields, roles, groups)), _second_factor(view), _sessions(work, request)]
    actions = (
        Action("edit", "Edit", "pencil", "/me/edit"),
        Action("password", "Change Password", "key", "/me/password"),
    )
    return record_page(request, Head(view.name, kind="Your profile", actions=actions), main)


@router.get("/me/edit")
@may(ANYBODY_SIGNED_IN)
def edit(work: Work, request: Request) -> Response:
    """Ask for the changes."""
    return _edit(work, request)


@router.post("/me/edit")
@may(ANYBODY_SIGNED_IN)
def save(work: Work, request: Request, form: Form) -> Response:
    """Change one's profile."""
    changes = taken(form, ABOUT, words(request))
    _, faults = attempt(work, lambda: users.edit_profile(work, changes, version=version(form)))
    if faults:
        return _edit(work, request, faults, form)
    return goto(request, "/me", said("Your profile was saved."))


@router.post("/me/theme")
@may(ANYBODY_SIGNED_IN)
def theme(work: Work, request: Request, form: Form) -> Response:
    """Keep how pages look."""
    users.edit_profile(work, {"theme": text(form, "theme")})
    return goto(request, "/me")


@router.get("/me/password")
@may(ANYBODY_SIGNED_IN)
def password(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be signed in
    """Ask for the old and the new password."""
    return _password(request)


@router.post("/me/password")
@may(ANYBODY_SIGNED_IN)
def change(work: Work, request: Request, form: Form) -> Response:
    """Change one's password."""
    old, new = str(form.get("old", "")), str(form.get("password", ""))

    def act() -> None:
        require_same(new, str(form.get("again", "")))
        change_password(work, old, new, session_id=signed_in(request).session_id)

    _, faults = attempt(work, act)
    if faults:
        return _password(request, faults)
    return goto(request, "/me", said("Your password was changed; your other sessions have ended."))


@router.post("/me/sessions/{id}/end")
@may(ANYBODY_SIGNED_IN)
def end(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """End one of one's sessions."""
    sessions.sign_out(work, id)
    return goto(request, "/me", said("That session has ended."))


@router.post("/me/sessions/end")
@may(ANYBODY_SIGNED_IN)
def end_others(work: Work, request: Request, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """End all sessions but this one."""
    ended = sessions.sign_out_everywhere(work, but=signed_in(request).session_id)
    return goto(request, "/me", said(f"{ended} other session{'' if ended == 1 else 's'} ended."))


def require_same(new: str, again: str) -> None:
    """Raise Invalid when the password was not typed twice alike."""
    if new != again:
        raise Invalid(Fault("again", "The two do not match.", "SEC-03", "Type the new password twice."))


def _second_factor(view: UserView) -> Panel:
    turn = (
        Action("second-factor-off", "Turn Off", "x", "/me/second-factor/off")
        if view.has_second_factor
        else Action("second-factor-on", "Turn On", "shield-lock", "/me/second-factor")
    )
    says = (
        "On: signing in takes a code of your authenticator."
        if view.has_second_factor
        else "Off: whoever knows your password can sign in."
    )
    return Panel("Second factor", actions=(turn,), links=(Link(says),))


def _sessions(work: Work, request: Request) -> Panel:
    words_, mine = words(request), signed_in(request).session_id
    columns = (column("Seen"), column("Signed in"), column("Ends", phone=False))
    rows = [
        row(
            one.id,
            (
                Cell(words_.since(one.seen_at), note="this one" if one.id == mine else ""),
                words_.moment(one.created_at),
                words_.moment(one.expires_at),
            ),
            () if one.id == mine else (_end(one.id),),
        )
        for one in sessions.own_sessions(work)
    ]
    others = Action("end-others", "End All Others", "logout", "/me/sessions/end", "post")
    table = whole("sessions", columns, rows, Empty("No sessions"))
    return Panel("Sessions", "Where you are signed in.", (others,) if len(rows) > 1 else (), table=table)


def _end(id: UUID) -> Action:
    return Action(f"end-{id}", "End", "logout", f"/me/sessions/{id}/end", "post")


def _edit(work: Work, request: Request, faults: Faults | None = None, typed: FormData | None = None) -> Response:
    view = profile(work)
    asking = Asking(words(request), vars(view), {"theme": named(THEMES)}, {}, faults or {}, typed)
    form = form_view(ABOUT, asking, url="/me/edit", cancel_url="/me", version=view.version)
    return form_page(request, Head("Edit your profile", (ME,)), form)


def _password(request: Request, faults: Faults | None = None) -> Response:
    form = form_view(
        PASSWORD,
        Asking(words(request), {}, faults=faults or {}),
        url="/me/password",
        cancel_url="/me",
        submit="Change password",
    )
    return form_page(request, Head("Change your password", (ME,)), form)
