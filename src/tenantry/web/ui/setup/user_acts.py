"""What is done with a user: invite, reset, block, unblock; the link of an invitation is shown once (SEC-03)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.tenancy import users
from tenantry.tenancy.invitations import Invitation
from tenantry.tenancy.sign_on import actions as sign_on
from tenantry.tenancy.user_views import user
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.setup.users import ABOVE, EDIT
from tenantry.web.ui.views import Head, Link

router = APIRouter()


@router.post("/setup/users/{id}/invite")
@may(EDIT)
def invite(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make the link by which a user sets his first password."""
    return _link(work, request, id, users.invite(work, id))


@router.post("/setup/users/{id}/reset-password")
@may(EDIT)
def reset_password(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take his password away and make the link by which he sets a new one."""
    return _link(work, request, id, users.reset_password(work, id))


@router.post("/setup/users/{id}/reset-second-factor")
@may(EDIT)
def reset_second_factor(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Turn his second factor off."""
    users.reset_second_factor(work, id)
    return goto(request, f"/setup/users/{id}", said("His second factor is off."))


@router.post("/setup/users/{id}/untie")
@may(EDIT)
def untie(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Forget who he is at the sign-in provider."""
    sign_on.untie(work, id)
    return goto(request, f"/setup/users/{id}", said("The next single sign-on ties the user again."))


@router.post("/setup/users/{id}/block")
@may(EDIT)
def block(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Keep him out."""
    users.block(work, id)
    return goto(request, f"/setup/users/{id}", said("The user was blocked."))


@router.post("/setup/users/{id}/unblock")
@may(EDIT)
def unblock(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Let him in again."""
    users.unblock(work, id)
    return goto(request, f"/setup/users/{id}", said("The user can sign in again."))


def _link(work: Work, request: Request, id: UUID, made: Invitation) -> Response:
    view, words_ = user(work, id), words(request)
    url = f"{request.app.state.settings.public_url}/invitation/{made.secret}"
    return render(
        request,
        "setup/once.html",
        head=Head(f"The link for {view.name}", (ABOVE, Link(view.name, f"/setup/users/{id}"))),
        says=f"Send it to {view.email}: it sets a password once, until {words_.moment(made.expires_at)}.",
        secret=url,
        facts=(),
        back=Link("Done", f"/setup/users/{id}"),
    )
