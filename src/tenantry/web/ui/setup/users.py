"""Users: the list, a user's page, making and editing one (TEN-20)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Verdict
from tenantry.tenancy import groups, roles, users
from tenantry.tenancy.user_views import UserView, user, users as all_users
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import NOWHERE, Id
from tenantry.web.ui.inputs import Choices, Input, Section, details, records
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Cell, Empty, Field, Head, Link, Panel

EDIT = "users:edit"
ABOVE = Link("Users", "/setup/users")
SECTIONS = (
    Section(
        "User",
        (
            Input("name", "Name", required=True),
            Input("email", "E-mail", "email", required=True, help="The name to sign in with."),
            Input("language", "Language", "language", none="The organisation's"),
        ),
    ),
    Section(
        "What this user may do",
        (Input("role_ids", "Roles", "checks"), Input("group_ids", "Groups", "checks")),
    ),
)
BUTTONS = (
    Action("invite", "Invite", "mail", "invite", "post", primary=True),
    Action(
        "reset_password",
        "Reset Password",
        "key",
        "reset-password",
        "post",
        confirm="The user is signed out everywhere, and needs a new link.",
    ),
    Action(
        "reset_second_factor",
        "Reset Second Factor",
        "shield-lock",
        "reset-second-factor",
        "post",
        confirm="The password alone is then enough to sign in.",
    ),
    Action(
        "untie",
        "Untie from Single Sign-On",
        "link",
        "untie",
        "post",
        confirm="The next single sign-on with this e-mail ties the user anew.",
    ),
    Action(
        "block",
        "Block",
        "ban",
        "block",
        "post",
        danger=True,
        confirm="The user is signed out and cannot sign in again.",
    ),
    Action("unblock", "Unblock", "player-play", "unblock", "post"),
)

router = APIRouter()


@router.get("/setup/users")
@may("users:view")
def page(work: Work, request: Request) -> Response:
    """List the users."""
    words_ = words(request)
    columns = (
        column("Name"),
        column("State"),
        column("Roles", phone=False),
        column("Groups", phone=False),
        column("Second factor", phone=False),
        column("Since", phone=False),
    )
    rows = [
        row(
            one.id,
            (
                Cell(one.name, url=f"/setup/users/{one.id}", note=one.email),
                Cell("", state=state_of(one)),
                ", ".join(role.name for role in one.roles),
                ", ".join(group.name for group in one.groups),
                "On" if one.has_second_factor else "Off",
                words_.date(one.created_at),
            ),
        )
        for one in all_users(work)
    ]
    new_ = allowed(Action("new", "New user", "plus", "/setup/users/new", primary=True), work.actor, EDIT)
    return table_page(request, "Users", "The people who work here.", columns, rows, Empty("No users"), (new_,))


@router.get("/setup/users/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a user."""
    return _form(work, request, None)


@router.post("/setup/users/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the user."""
    given = _given(form, request)
    made, faults = attempt(work, lambda: users.create(work, users.NewUser(**given)))
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, f"/setup/users/{made}", said(f"{given['name']} was added. Invite them to set a password."))


@router.get("/setup/users/{id}")
@may("users:view")
def one(work: Work, request: Request, id: Id) -> Response:
    """Show a user."""
    return user_page(work, request, id)


@router.get("/setup/users/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(work, request, user(work, id))


@router.post("/setup/users/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the user."""
    changes = _given(form, request)
    _, faults = attempt(work, lambda: users.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(work, request, user(work, id), faults, form)
    return goto(request, f"/setup/users/{id}", said(f"{changes['name']} was saved."))


def user_page(work: Work, request: Request, id: UUID) -> Response:
    """Draw a user with what may be done with him."""
    view, words_ = user(work, id), words(request)
    fields = details(SECTIONS[:1], vars(view), words_, {})[0].fields
    more = (
        Field("roles", "Roles", ", ".join(role.name for role in view.roles)),
        Field("groups", "Groups", ", ".join(group.name for group in view.groups)),
        Field("password", "Password", "Set" if view.has_password else "Not set yet"),
        Field("second", "Second factor", "On" if view.has_second_factor else "Off"),
        Field("since", "Since", words_.date(view.created_at)),
    )
    head = Head(
        view.name,
        (ABOVE,),
        state=state_of(view),
        subtitle=view.email,
        actions=(
            allowed(Action("edit", "Edit", "pencil", f"/setup/users/{id}/edit"), work.actor, EDIT),
            *(_drawn(work, action, view.actions[action.name], id) for action in _wanted(view)),
        ),
    )
    return record_page(request, head, [Panel(fields=(*fields, *more))])


def state_of(view: UserView) -> str:
    """Say in a word whether a user can sign in."""
    if view.status == "blocked":
        return "blocked"
    return "active" if view.has_password else "invited"


def _wanted(view: UserView) -> list[Action]:
    hidden = {
        "unblock" if view.status == "active" else "block",
        "reset_password" if not view.has_password else "invite",
        "" if view.actions["untie"] else "untie",
    }
    return [action for action in BUTTONS if action.name not in hidden]


def _drawn(work: Work, action: Action, verdict: Verdict, id: UUID) -> Action:
    there = Action(**{**vars(action), "url": f"/setup/users/{id}/{action.url}"})
    return allowed(there, work.actor, EDIT) if verdict else refused(there, verdict)


def _given(form: FormData, request: Request) -> dict[str, Any]:
    given = taken(form, SECTIONS, words(request))
    ids = {name: [as_id(one) or NOWHERE for one in given[name]] for name in ("role_ids", "group_ids")}
    return {**given, **ids}


def _choices(work: Work) -> Choices:
    return {"role_ids": records(roles.roles(work)), "group_ids": records(groups.groups(work))}


def _form(
    work: Work,
    request: Request,
    view: UserView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    values = (
        {**vars(view), "role_ids": [r.id for r in view.roles], "group_ids": [g.id for g in view.groups]} if view else {}
    )
    return setup_form(
        request,
        f"Edit {view.name}" if view else "New user",
        Link(view.name, f"/setup/users/{view.id}") if view else ABOVE,
        SECTIONS,
        values,
        url=f"/setup/users/{view.id}/edit" if view else "/setup/users/new",
        choices=_choices(work),
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
