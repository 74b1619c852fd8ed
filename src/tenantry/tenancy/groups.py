"""Groups of users, which permission rules may name instead of each of them (TEN-21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.tenant import tenant_user, user_group, user_group_member
from tenantry.tenancy import audit, guard, records
from tenantry.tenancy.permissions import require
from tenantry.tenancy.queries import Choice

EDITABLE = frozenset({"name", "user_ids"})


@dataclass(frozen=True)
class GroupView:
    """A group and who is in it."""

    id: UUID
    name: str
    members: tuple[Choice, ...]
    version: int


def groups(work: Work) -> tuple[GroupView, ...]:
    """List the groups of the tenant by name."""
    require(work, "users:view")
    g, m, u = user_group, user_group_member, tenant_user
    query = (
        sa.select(g.c.id, g.c.name, g.c.version, u.c.id.label("user_id"), u.c.name.label("user_name"))
        .select_from(
            g.outerjoin(m, sa.and_(m.c.tenant_id == g.c.tenant_id, m.c.group_id == g.c.id)).outerjoin(
                u, sa.and_(u.c.tenant_id == m.c.tenant_id, u.c.id == m.c.user_id)
            )
        )
        .where(g.c.tenant_id == work.tenant_id)
        .order_by(g.c.name, u.c.name, u.c.id)
    )
    found: dict[UUID, GroupView] = {}
    for id, name, version, user_id, user_name in work.connection.execute(query):
        members = found[id].members if id in found else ()
        found[id] = GroupView(id, name, (*members, Choice(user_id, user_name)) if user_id else members, version)
    return tuple(found.values())


def create(work: Work, name: str, user_ids: Sequence[UUID] = ()) -> UUID:
    """Make a group."""
    require(work, "users:edit")
    _check(work, {"name": name, "user_ids": user_ids})
    group_id = new_id()
    with records.unique(work, records.taken("name", name, "TEN-21")):
        work.connection.execute(sa.insert(user_group).values(tenant_id=work.tenant_id, id=group_id, name=name.strip()))
    _fill(work, group_id, user_ids)
    audit.note(work, "groups.create", f"Made the group {name.strip()!r}.", group_id, user_ids=user_ids)
    return group_id


def edit(work: Work, group_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a group's name or members; new members get what the group opens, so one must have that oneself."""
    require(work, "users:edit")
    changes = records.trimmed(changes)
    _check(work, changes)
    row = records.locked(work, user_group, group_id, version=version, what="group")
    before: dict[str, Any] = {"name": row.name}
    members = changes.pop("user_ids", None)
    if members is not None:
        guard.rules_within_reach(work, group_id=group_id)
    with records.unique(work, records.taken("name", changes.get("name", ""), "TEN-21")):
        records.write(work, user_group, group_id, changes)
    if members is not None:
        m = user_group_member.c
        query = sa.select(m.user_id).where(m.tenant_id == work.tenant_id, m.group_id == group_id)
        before["user_ids"] = sorted(work.connection.scalars(query), key=str)
        changes["user_ids"] = sorted(set(members), key=str)
        records.remove(work, user_group_member, m.group_id == group_id)
        _fill(work, group_id, members)
    audit.note(
        work, "groups.edit", f"Changed the group {row.name!r}.", group_id, changes=audit.changed(before, changes)
    )


def delete(work: Work, group_id: UUID) -> None:
    """Delete a group that no permission rule names."""
    require(work, "users:edit")
    row = records.locked(work, user_group, group_id, what="group")
    records.refuse_while_used(work, user_group, group_id, "TEN-21", but=(user_group_member,))
    records.remove(work, user_group_member, user_group_member.c.group_id == group_id)
    records.remove(work, user_group, user_group.c.id == group_id)
    audit.note(work, "groups.delete", f"Deleted the group {row.name!r}.", group_id)


def _fill(work: Work, group_id: UUID, user_ids: Sequence[UUID]) -> None:
    rows = [
        {"tenant_id": work.tenant_id, "id": new_id(), "group_id": group_id, "user_id": user_id}
        for user_id in set(user_ids)
    ]
    if rows:
        work.connection.execute(sa.insert(user_group_member), rows)


def _check(work: Work, values: Mapping[str, Any]) -> None:
    faults = records.unknown_fields(values, EDITABLE, "TEN-21")
    if "name" in values:
        faults += records.text_fault("name", values["name"], "TEN-21")
    wanted = set(values.get("user_ids", ()))
    if records.missing(work, tenant_user, wanted):
        faults.append(Fault("user_ids", "There is no such user here.", "TEN-21", "Choose from the list."))
    if faults:
        raise Invalid(*faults)
