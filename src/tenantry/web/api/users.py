"""Users, and what everybody may change of himself (TEN-20)."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.database import Work
from tenantry.schema import tenant as t
from tenantry.tenancy import user_views, users as actions
from tenantry.tenancy.invitations import Invitation
from tenantry.tenancy.user_views import UserView
from tenantry.tenancy.users import NewUser
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import shown, taken
from tenantry.web.api.short_lists import whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.http.answers import Linked, Made

USER = shown(
    UserView,
    t.tenant_user,
    roles="Roles he holds.",
    groups="Groups he is in.",
)
INVITATION = shown(Invitation)
NEW_USER = taken(
    NewUser,
    t.tenant_user,
    role_ids="Roles he is to hold.",
    group_ids="Groups he is to be in.",
)
Ids = list[UUID]

users = resource("Users")


class Given(BaseModel):
    """What comes in; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class UserChanges(Given):
    """The fields to change of a user."""

    name: Words = Field(default="", description="His name.")
    email: Words = Field(default="", description="E-mail he signs in with.")
    language: Words = Field(default="", description="BCP 47 tag; empty for the tenant's.")
    theme: Words = Field(default="auto", description="auto, light or dark.")
    role_ids: Ids = Field(default=[], description="Roles he is to hold, all of them.")
    group_ids: Ids = Field(default=[], description="Groups he is to be in, all of them.")


class ProfileChanges(Given):
    """What everybody may change of himself."""

    name: Words = Field(default="", description="His name.")
    language: Words = Field(default="", description="BCP 47 tag; empty for the tenant's.")
    theme: Words = Field(default="auto", description="auto, light or dark.")


@users.get("/users", response_model=page_of("User", USER))
@may("users:view")
def list_users(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List users by name; what may be done with one stands on his own page."""
    return whole(request, wanted, user_views.users(work), USER)


@users.post("/users", status_code=201, response_model=USER)
@may("users:edit")
def make_user(
    work: Work, new: Annotated[NewUser, body(NEW_USER, {"email": "ada@northwind.example", "name": "Ada Berg"})]
) -> Made:
    """Make a user; he sets his password by the link of his invitation."""
    id = actions.create(work, new)
    return Made(user_views.user(work, id), f"/api/v1/users/{id}")


@users.get("/users/current", response_model=USER)
@may(ANYBODY_SIGNED_IN)
def read_profile(work: Work) -> UserView:
    """Read oneself."""
    return user_views.profile(work)


@users.patch("/users/current", response_model=USER)
@may(ANYBODY_SIGNED_IN)
def change_profile(
    work: Work, fields: Annotated[Changes, changes(ProfileChanges, {"theme": "dark"})], version: Version
) -> UserView:
    """Change one's own name, language and theme."""
    actions.edit_profile(work, fields, version=version)
    return user_views.profile(work)


@users.get("/users/{id}", response_model=USER)
@may("users:view")
def read_user(work: Work, id: Id) -> UserView:
    """Read a user, with what may be done with him."""
    return user_views.user(work, id)


@users.patch("/users/{id}", response_model=USER)
@may("users:edit")
def change_user(
    work: Work, id: Id, fields: Annotated[Changes, changes(UserChanges, {"name": "Ada Berg-Olsen"})], version: Version
) -> UserView:
    """Change a user's name, e-mail, language, theme, roles or groups."""
    actions.edit(work, id, fields, version=version)
    return user_views.user(work, id)


@users.put("/users/{id}/block", response_model=USER)
@may("users:edit")
def block_user(work: Work, id: Id) -> UserView:
    """Keep a user out from now on: his sessions end, his tokens are worth nothing."""
    actions.block(work, id)
    return user_views.user(work, id)


@users.delete("/users/{id}/block", response_model=USER)
@may("users:edit")
def unblock_user(work: Work, id: Id) -> UserView:
    """Let a blocked user sign in again."""
    actions.unblock(work, id)
    return user_views.user(work, id)


@users.post("/users/{id}/invitations", status_code=201, response_model=INVITATION)
@may("users:edit", secrets=("secret",))
def invite_user(work: Work, id: Id) -> Made:
    """Make the link by which a user who has no password yet sets his first; shown once, lasts three days."""
    return Made(actions.invite(work, id), f"/api/v1/users/{id}")


@users.post("/users/{id}/password-resets", status_code=201, response_model=INVITATION)
@may("users:edit", secrets=("secret",))
def reset_password(work: Work, id: Id) -> Made:
    """Take a user's password away, end his sessions, and make the link by which he sets a new one."""
    return Made(actions.reset_password(work, id), f"/api/v1/users/{id}")


@users.delete("/users/{id}/second-factor", response_model=USER)
@may("users:edit")
def reset_second_factor(work: Work, id: Id) -> UserView:
    """Turn a user's second factor off, because he lost it."""
    actions.reset_second_factor(work, id)
    return user_views.user(work, id)
