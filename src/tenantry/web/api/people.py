"""Users, roles, groups and permission rules (TEN-20, TEN-21), and what everybody may change of himself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.schema import tenant as t
from tenantry.tenancy import groups, permission_rules, roles, user_views, users
from tenantry.tenancy.groups import GroupView
from tenantry.tenancy.invitations import Invitation
from tenantry.tenancy.permission_rules import Grant, RuleView
from tenantry.tenancy.roles import RoleView
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
ROLE = shown(RoleView, t.role, users="How many users hold it.")
GROUP = shown(GroupView, t.user_group, members="Who is in it.")
GRANTS = "Whom it names, and how much each gets."
RULE = shown(
    RuleView,
    t.permission_rule,
    t.permission_grant,
    grants=GRANTS,
    default_for="Kinds of record that get it unless another is chosen.",
)
INVITATION = shown(Invitation)
NEW_USER = taken(
    NewUser,
    t.tenant_user,
    role_ids="Roles he is to hold.",
    group_ids="Groups he is to be in.",
)
Ids = list[UUID]

people = resource("Users, roles, groups, permission rules")

View = TypeVar("View", RoleView, GroupView, RuleView)


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


class NewRole(Given):
    """A role to be made."""

    name: Words = Field(description="Name of the role.")
    permissions: list[Words] = Field(description="area:verb words; * for all.")


class RoleChanges(Given):
    """The fields to change of a role."""

    name: Words = Field(default="", description="Name of the role.")
    permissions: list[Words] = Field(default=[], description="area:verb words, all of them; * for all.")


class NewGroup(Given):
    """A group to be made."""

    name: Words = Field(description="Name of the group.")
    user_ids: Ids = Field(default=[], description="Who is in it.")


class GroupChanges(Given):
    """The fields to change of a group."""

    name: Words = Field(default="", description="Name of the group.")
    user_ids: Ids = Field(default=[], description="Who is in it, all of them.")


GrantGiven = taken(Grant, t.permission_grant)


@dataclass(frozen=True)
class NewRule:
    """A permission rule to be made."""

    name: str
    grants: Sequence[Grant] = ()
    default_for: Sequence[str] = ()


NEW_RULE = taken(NewRule, t.permission_rule, t.permission_grant, grants=GRANTS, default_for="Its kinds of record.")


class RuleChanges(Given):
    """The fields to change of a permission rule."""

    name: Words = Field(default="", description="Name of the rule.")
    grants: list[GrantGiven] = Field(default=[], description=f"{GRANTS} All of them.")  # type: ignore[valid-type]
    default_for: list[Words] = Field(default=[], description="Kinds of record that are to get it from now on.")


@people.get("/users", response_model=page_of("User", USER))
@may("users:view")
def list_users(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List users by name; what may be done with one stands on his own page."""
    return whole(request, wanted, user_views.users(work), USER)


@people.post("/users", status_code=201, response_model=USER)
@may("users:edit")
def make_user(
    work: Work, new: Annotated[NewUser, body(NEW_USER, {"email": "ada@northwind.example", "name": "Ada Berg"})]
) -> Made:
    """Make a user; he sets his password by the link of his invitation."""
    id = users.create(work, new)
    return Made(user_views.user(work, id), f"/api/v1/users/{id}")


@people.get("/users/current", response_model=USER)
@may(ANYBODY_SIGNED_IN)
def read_profile(work: Work) -> UserView:
    """Read oneself."""
    return user_views.profile(work)


@people.patch("/users/current", response_model=USER)
@may(ANYBODY_SIGNED_IN)
def change_profile(
    work: Work, fields: Annotated[Changes, changes(ProfileChanges, {"theme": "dark"})], version: Version
) -> UserView:
    """Change one's own name, language and theme."""
    users.edit_profile(work, fields, version=version)
    return user_views.profile(work)


@people.get("/users/{id}", response_model=USER)
@may("users:view")
def read_user(work: Work, id: Id) -> UserView:
    """Read a user, with what may be done with him."""
    return user_views.user(work, id)


@people.patch("/users/{id}", response_model=USER)
@may("users:edit")
def change_user(
    work: Work, id: Id, fields: Annotated[Changes, changes(UserChanges, {"name": "Ada Berg-Olsen"})], version: Version
) -> UserView:
    """Change a user's name, e-mail, language, theme, roles or groups."""
    users.edit(work, id, fields, version=version)
    return user_views.user(work, id)


@people.put("/users/{id}/block", response_model=USER)
@may("users:edit")
def block_user(work: Work, id: Id) -> UserView:
    """Keep a user out from now on: his sessions end, his tokens are worth nothing."""
    users.block(work, id)
    return user_views.user(work, id)


@people.delete("/users/{id}/block", response_model=USER)
@may("users:edit")
def unblock_user(work: Work, id: Id) -> UserView:
    """Let a blocked user sign in again."""
    users.unblock(work, id)
    return user_views.user(work, id)


@people.post("/users/{id}/invitations", status_code=201, response_model=INVITATION)
@may("users:edit", secrets=("secret",))
def invite_user(work: Work, id: Id) -> Made:
    """Make the link by which a user who has no password yet sets his first; shown once, lasts three days."""
    return Made(users.invite(work, id), f"/api/v1/users/{id}")


@people.post("/users/{id}/password-resets", status_code=201, response_model=INVITATION)
@may("users:edit", secrets=("secret",))
def reset_password(work: Work, id: Id) -> Made:
    """Take a user's password away, end his sessions, and make the link by which he sets a new one."""
    return Made(users.reset_password(work, id), f"/api/v1/users/{id}")


@people.delete("/users/{id}/second-factor", response_model=USER)
@may("users:edit")
def reset_second_factor(work: Work, id: Id) -> UserView:
    """Turn a user's second factor off, because he lost it."""
    users.reset_second_factor(work, id)
    return user_views.user(work, id)


@people.get("/roles", response_model=page_of("Role", ROLE))
@may("users:view")
def list_roles(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List roles by name."""
    return whole(request, wanted, roles.roles(work), ROLE)


@people.post("/roles", status_code=201, response_model=ROLE)
@may("users:edit")
def make_role(
    work: Work, new: Annotated[NewRole, body(NewRole, {"name": "Support", "permissions": ["accounts:view"]})]
) -> Made:
    """Make a role of permissions that one has oneself."""
    id = roles.create(work, new.name, new.permissions)
    return Made(_one(roles.roles(work), id, "role"), f"/api/v1/roles/{id}")


@people.get("/roles/{id}", response_model=ROLE)
@may("users:view")
def read_role(work: Work, id: Id) -> RoleView:
    """Read a role."""
    return _one(roles.roles(work), id, "role")


@people.patch("/roles/{id}", response_model=ROLE)
@may("users:edit")
def change_role(
    work: Work, id: Id, fields: Annotated[Changes, changes(RoleChanges, {"name": "Help desk"})], version: Version
) -> RoleView:
    """Change a role's name or permissions; both the old and the new ones must be one's own."""
    roles.edit(work, id, fields, version=version)
    return _one(roles.roles(work), id, "role")


@people.delete("/roles/{id}", status_code=204)
@may("users:edit")
def remove_role(work: Work, id: Id) -> None:
    """Delete a role that nobody holds."""
    roles.delete(work, id)


@people.get("/groups", response_model=page_of("Group", GROUP))
@may("users:view")
def list_groups(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List groups by name."""
    return whole(request, wanted, groups.groups(work), GROUP)


@people.post("/groups", status_code=201, response_model=GROUP)
@may("users:edit")
def make_group(work: Work, new: Annotated[NewGroup, body(NewGroup, {"name": "Athens office"})]) -> Made:
    """Make a group."""
    id = groups.create(work, new.name, new.user_ids)
    return Made(_one(groups.groups(work), id, "group"), f"/api/v1/groups/{id}")


@people.get("/groups/{id}", response_model=GROUP)
@may("users:view")
def read_group(work: Work, id: Id) -> GroupView:
    """Read a group."""
    return _one(groups.groups(work), id, "group")


@people.patch("/groups/{id}", response_model=GROUP)
@may("users:edit")
def change_group(
    work: Work, id: Id, fields: Annotated[Changes, changes(GroupChanges, {"name": "Crete office"})], version: Version
) -> GroupView:
    """Change a group's name or members."""
    groups.edit(work, id, fields, version=version)
    return _one(groups.groups(work), id, "group")


@people.delete("/groups/{id}", status_code=204)
@may("users:edit")
def remove_group(work: Work, id: Id) -> None:
    """Delete a group."""
    groups.delete(work, id)


@people.get("/permission-rules", response_model=page_of("PermissionRule", RULE))
@may("users:view")
def list_rules(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List permission rules by name."""
    return whole(request, wanted, permission_rules.permission_rules(work), RULE)


@people.post("/permission-rules", status_code=201, response_model=RULE)
@may("users:edit")
def make_rule(
    work: Work,
    new: Annotated[NewRule, body(NEW_RULE, {"name": "Key accounts", "grants": [{"access": "read"}]})],
) -> Made:
    """Make a permission rule."""
    id = permission_rules.create(work, new.name, new.grants, default_for=new.default_for)
    return Made(_rule(work, id), f"/api/v1/permission-rules/{id}")


@people.get("/permission-rules/{id}", response_model=RULE)
@may("users:view")
def read_rule(work: Work, id: Id) -> RuleView:
    """Read a permission rule."""
    return _rule(work, id)


@people.patch("/permission-rules/{id}", response_model=RULE)
@may("users:edit")
def change_rule(
    work: Work, id: Id, fields: Annotated[Changes, changes(RuleChanges, {"name": "Partners"})], version: Version
) -> RuleView:
    """Change a rule's name, whom it names, or for which kinds of record it is the default."""
    default_for = fields.get("default_for")
    rest = {name: value for name, value in fields.items() if name != "default_for"}
    if rest or default_for is None:
        permission_rules.edit(work, id, rest, version=version)
    if default_for is not None:
        permission_rules.make_default(work, id, default_for)
    return _rule(work, id)


@people.delete("/permission-rules/{id}", status_code=204)
@may("users:edit")
def remove_rule(work: Work, id: Id) -> None:
    """Delete a rule that no record carries and nothing takes as its default."""
    permission_rules.delete(work, id)


def _rule(work: Work, id: UUID) -> RuleView:
    return _one(permission_rules.permission_rules(work), id, "permission rule")


def _one(views: Sequence[View], id: UUID, what: str) -> View:
    for view in views:
        if view.id == id:
            return view
    raise NotFound(what)
