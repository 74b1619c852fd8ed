"""Roles: named sets of permissions (TEN-20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.tenant import role, user_role
from tenantry.tenancy import audit, guard, records
from tenantry.tenancy.permissions import require, unknown_words

EDITABLE = frozenset({"name", "permissions"})


@dataclass(frozen=True)
class RoleView:
    """A role, and how many users hold it."""

    id: UUID
    name: str
    permissions: tuple[str, ...]
    users: int
    version: int


def roles(work: Work) -> tuple[RoleView, ...]:
    """List the roles of the tenant by name."""
    require(work, "users:view")
    held = (
        sa.select(sa.func.count())
        .where(user_role.c.tenant_id == role.c.tenant_id, user_role.c.role_id == role.c.id)
        .correlate(role)
        .scalar_subquery()
    )
    query = (
        sa.select(role.c.id, role.c.name, role.c.permissions, held, role.c.version)
        .where(role.c.tenant_id == work.tenant_id)
        .order_by(role.c.name)
    )
    return tuple(
        RoleView(id, name, tuple(permissions), users, version)
        for id, name, permissions, users, version in work.connection.execute(query)
    )


def create(work: Work, name: str, permissions: Sequence[str]) -> UUID:
    """Make a role of permissions that one has oneself."""
    require(work, "users:edit")
    words = sorted(set(permissions))
    _check({"name": name, "permissions": words})
    guard.words_within_reach(work, words)
    role_id = new_id()
    with records.unique(work, records.taken("name", name, "TEN-20")):
        work.connection.execute(
            sa.insert(role).values(tenant_id=work.tenant_id, id=role_id, name=name.strip(), permissions=words)
        )
    audit.note(work, "roles.create", f"Made the role {name.strip()!r}.", role_id, permissions=words)
    return role_id


def edit(work: Work, role_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a role's name or permissions; both the old and the new ones must be one's own."""
    require(work, "users:edit")
    changes = records.trimmed(changes)
    _check(changes)
    with guard.one_at_a_time(work):
        row = records.locked(work, role, role_id, version=version)
        if "permissions" in changes:
            changes["permissions"] = sorted(set(changes["permissions"]))
        guard.words_within_reach(work, {*row.permissions, *changes.get("permissions", ())})
        with records.unique(work, records.taken("name", changes.get("name", ""), "TEN-20")):
            records.write(work, role, role_id, changes)
        before = {"name": row.name, "permissions": row.permissions}
        audit.note(
            work, "roles.edit", f"Changed the role {row.name!r}.", role_id, changes=audit.changed(before, changes)
        )


def delete(work: Work, role_id: UUID) -> None:
    """Delete a role that nobody holds."""
    require(work, "users:edit")
    row = records.locked(work, role, role_id)
    guard.words_within_reach(work, row.permissions)
    records.refuse_while_used(work, role, role_id, "TEN-20")
    records.remove(work, role, role.c.id == role_id)
    audit.note(work, "roles.delete", f"Deleted the role {row.name!r}.", role_id, permissions=row.permissions)


def _check(values: Mapping[str, Any]) -> None:
    faults = records.unknown_fields(values, EDITABLE, "TEN-20")
    if "name" in values:
        faults += records.text_fault("name", values["name"], "TEN-20")
    if "permissions" in values:
        words = values["permissions"]
        if isinstance(words, str) or not all(isinstance(word, str) for word in words):
            faults.append(Fault("permissions", "This is not a list of words.", "TEN-20", "Give a list."))
        else:
            faults += unknown_words(words, field="permissions")
    if faults:
        raise Invalid(*faults)
