"""Roles, groups and permission rules (TEN-20, TEN-21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.database import Work
from tenantry.schema import tenant as t
from tenantry.tenancy import groups, permission_rules, roles
from tenantry.tenancy.groups import GroupView
from tenantry.tenancy.permission_rules import Grant, RuleView
from tenantry.tenancy.roles import RoleView
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import shown, taken
from tenantry.web.api.short_lists import one_of, whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

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
Ids = list[UUID]

rights = resource("Roles, groups, permission rules")


class Given(BaseModel):
    """What comes in; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


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


@rights.get("/roles", response_model=page_of("Role", ROLE))
@may("users:view")
def list_roles(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List roles by name."""
    return whole(request, wanted, roles.roles(work), ROLE)


@rights.post("/roles", status_code=201, response_model=ROLE)
@may("users:edit")
def make_role(
    work: Work, new: Annotated[NewRole, body(NewRole, {"name": "Support", "permissions": ["accounts:view"]})]
) -> Made:
    """Make a role of permissions that one has oneself."""
    id = roles.create(work, new.name, new.permissions)
    return Made(one_of(roles.roles(work), id, "role"), f"/api/v1/roles/{id}")


@rights.get("/roles/{id}", response_model=ROLE)
@may("users:view")
def read_role(work: Work, id: Id) -> RoleView:
    """Read a role."""
    return one_of(roles.roles(work), id, "role")


@rights.patch("/roles/{id}", response_model=ROLE)
@may("users:edit")
def change_role(
    work: Work, id: Id, fields: Annotated[Changes, changes(RoleChanges, {"name": "Help desk"})], version: Version
) -> RoleView:
    """Change a role's name or permissions; both the old and the new ones must be one's own."""
    roles.edit(work, id, fields, version=version)
    return one_of(roles.roles(work), id, "role")


@rights.delete("/roles/{id}", status_code=204)
@may("users:edit")
def remove_role(work: Work, id: Id) -> None:
    """Delete a role that nobody holds."""
    roles.delete(work, id)


@rights.get("/groups", response_model=page_of("Group", GROUP))
@may("users:view")
def list_groups(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List groups by name."""
    return whole(request, wanted, groups.groups(work), GROUP)


@rights.post("/groups", status_code=201, response_model=GROUP)
@may("users:edit")
def make_group(work: Work, new: Annotated[NewGroup, body(NewGroup, {"name": "Athens office"})]) -> Made:
    """Make a group."""
    id = groups.create(work, new.name, new.user_ids)
    return Made(one_of(groups.groups(work), id, "group"), f"/api/v1/groups/{id}")


@rights.get("/groups/{id}", response_model=GROUP)
@may("users:view")
def read_group(work: Work, id: Id) -> GroupView:
    """Read a group."""
    return one_of(groups.groups(work), id, "group")


@rights.patch("/groups/{id}", response_model=GROUP)
@may("users:edit")
def change_group(
    work: Work, id: Id, fields: Annotated[Changes, changes(GroupChanges, {"name": "Crete office"})], version: Version
) -> GroupView:
    """Change a group's name or members."""
    groups.edit(work, id, fields, version=version)
    return one_of(groups.groups(work), id, "group")


@rights.delete("/groups/{id}", status_code=204)
@may("users:edit")
def remove_group(work: Work, id: Id) -> None:
    """Delete a group."""
    groups.delete(work, id)


@rights.get("/permission-rules", response_model=page_of("PermissionRule", RULE))
@may("users:view")
def list_rules(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List permission rules by name."""
    return whole(request, wanted, permission_rules.permission_rules(work), RULE)


@rights.post("/permission-rules", status_code=201, response_model=RULE)
@may("users:edit")
def make_rule(
    work: Work,
    new: Annotated[NewRule, body(NEW_RULE, {"name": "Key accounts", "grants": [{"access": "read"}]})],
) -> Made:
    """Make a permission rule."""
    id = permission_rules.create(work, new.name, new.grants, default_for=new.default_for)
    return Made(_rule(work, id), f"/api/v1/permission-rules/{id}")


@rights.get("/permission-rules/{id}", response_model=RULE)
@may("users:view")
def read_rule(work: Work, id: Id) -> RuleView:
    """Read a permission rule."""
    return _rule(work, id)


@rights.patch("/permission-rules/{id}", response_model=RULE)
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


@rights.delete("/permission-rules/{id}", status_code=204)
@may("users:edit")
def remove_rule(work: Work, id: Id) -> None:
    """Delete a rule that no record carries and nothing takes as its default."""
    permission_rules.delete(work, id)


def _rule(work: Work, id: UUID) -> RuleView:
    return one_of(permission_rules.permission_rules(work), id, "permission rule")
