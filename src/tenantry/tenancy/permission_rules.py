"""Permission rules: which users and groups may read, edit or own the records that carry them (TEN-21)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.tenant import (
    permission_default,
    permission_grant,
    permission_rule,
    tenant,
    tenant_user,
    user_group,
)
from tenantry.tenancy import audit, guard, records
from tenantry.tenancy.permissions import require

EDITABLE = frozenset({"name", "grants"})
ENTITIES: tuple[str, ...] = tuple(permission_default.c.entity.info["values"])
ACCESS = ("read", "edit", "full")


@dataclass(frozen=True)
class Grant:
    """How much of a record a user or a group gets; everyone when it names neither."""

    access: Literal["read", "edit", "full"]
    user_id: UUID | None = None
    group_id: UUID | None = None


@dataclass(frozen=True)
class RuleView:
    """A permission rule, whom it names, and for which kinds of record it is the default."""

    id: UUID
    name: str
    grants: tuple[Grant, ...]
    default_for: tuple[str, ...]
    version: int


def permission_rules(work: Work) -> tuple[RuleView, ...]:
    """List the permission rules of the tenant by name, in three statements."""
    require(work, "users:view")
    r, g, d = permission_rule.c, permission_grant.c, permission_default.c
    grants: dict[UUID, list[Grant]] = {}
    named = sa.select(g.rule_id, g.access, g.user_id, g.group_id).where(g.tenant_id == work.tenant_id).order_by(g.id)
    for rule_id, *grant in work.connection.execute(named):
        grants.setdefault(rule_id, []).append(Grant(*grant))
    defaults: dict[UUID, list[str]] = {}
    chosen = sa.select(d.rule_id, d.entity).where(d.tenant_id == work.tenant_id).order_by(d.entity)
    for rule_id, entity in work.connection.execute(chosen):
        defaults.setdefault(rule_id, []).append(entity)
    query = sa.select(r.id, r.name, r.version).where(r.tenant_id == work.tenant_id).order_by(r.name)
    return tuple(
        RuleView(id, name, tuple(grants.get(id, ())), tuple(defaults.get(id, ())), version)
        for id, name, version in work.connection.execute(query)
    )


def create(work: Work, name: str, grants: Sequence[Grant], *, default_for: Sequence[str] = ()) -> UUID:
    """Make a permission rule; no record carries it yet, so it may name anybody."""
    require(work, "users:edit")
    _check(work, {"name": name, "grants": grants})
    rule_id = new_id()
    with records.unique(work, records.taken("name", name, "TEN-21")):
        work.connection.execute(
            sa.insert(permission_rule).values(tenant_id=work.tenant_id, id=rule_id, name=name.strip())
        )
    _grant(work, rule_id, grants)
    audit.note(
        work,
        "permission_rules.create",
        f"Made the permission rule {name.strip()!r}.",
        rule_id,
        grants=[asdict(grant) for grant in grants],
    )
    if default_for:
        make_default(work, rule_id, default_for)
    return rule_id


def edit(work: Work, rule_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a rule's name or whom it names; only who owns the records it governs may open them to others."""
    require(work, "users:edit")
    changes = records.trimmed(changes)
    _check(work, changes)
    row = records.locked(work, permission_rule, rule_id, version=version)
    guard.rules_within_reach(work, rule_id=rule_id)
    before: dict[str, Any] = {"name": row.name}
    grants = changes.pop("grants", None)
    with records.unique(work, records.taken("name", changes.get("name", ""), "TEN-21")):
        records.write(work, permission_rule, rule_id, changes)
    if grants is not None:
        g = permission_grant.c
        query = sa.select(g.access, g.user_id, g.group_id).where(g.tenant_id == work.tenant_id, g.rule_id == rule_id)
        before["grants"] = [asdict(Grant(*grant)) for grant in work.connection.execute(query.order_by(g.id))]
        changes["grants"] = [asdict(grant) for grant in grants]
        records.remove(work, permission_grant, g.rule_id == rule_id)
        _grant(work, rule_id, grants)
    audit.note(
        work,
        "permission_rules.edit",
        f"Changed the permission rule {row.name!r}.",
        rule_id,
        changes=audit.changed(before, changes),
    )


def make_default(work: Work, rule_id: UUID, entities: Sequence[str]) -> None:
    """Make it the default rule of these kinds of record; the one that was it before is so no more."""
    require(work, "users:edit")
    unknown = [entity for entity in entities if entity not in ENTITIES]
    if unknown or isinstance(entities, str):
        remedy = f"These are: {', '.join(ENTITIES)}."
        raise Invalid(Fault("default_for", "There is no such kind of record.", "TEN-21", remedy))
    row = records.locked(work, permission_rule, rule_id)
    for entity in dict.fromkeys(entities):
        write = insert(permission_default).values(tenant_id=work.tenant_id, id=new_id(), entity=entity, rule_id=rule_id)
        one_each = [permission_default.c.tenant_id, permission_default.c.entity]
        work.connection.execute(
            write.on_conflict_do_update(index_elements=one_each, set_={"rule_id": write.excluded.rule_id})
        )
    sentence = f"Made {row.name!r} the default permission rule of: {', '.join(dict.fromkeys(entities))}."
    audit.note(work, "permission_rules.make_default", sentence, rule_id)


def delete(work: Work, rule_id: UUID) -> None:
    """Delete a rule that no record carries and nothing takes as its default."""
    require(work, "users:edit")
    row = records.locked(work, permission_rule, rule_id)
    guard.rules_within_reach(work, rule_id=rule_id)
    records.refuse_while_used(work, permission_rule, rule_id, "TEN-21", but=(permission_grant,))
    if rule_id == work.connection.scalar(sa.select(tenant.c.common_rule_id).where(tenant.c.id == work.tenant_id)):
        raise Refused(no("TEN-21", "This is the organisation's common rule."), "Change whom it names instead.")
    records.remove(work, permission_grant, permission_grant.c.rule_id == rule_id)
    records.remove(work, permission_rule, permission_rule.c.id == rule_id)
    audit.note(work, "permission_rules.delete", f"Deleted the permission rule {row.name!r}.", rule_id)


def _grant(work: Work, rule_id: UUID, grants: Sequence[Grant]) -> None:
    rows = [
        {"tenant_id": work.tenant_id, "id": new_id(), "rule_id": rule_id, **asdict(grant)}
        for grant in dict.fromkeys(grants)
    ]
    if rows:
        work.connection.execute(sa.insert(permission_grant), rows)


def _check(work: Work, values: Mapping[str, Any]) -> None:
    faults = records.unknown_fields(values, EDITABLE, "TEN-21")
    if "name" in values:
        faults += records.text_fault("name", values["name"], "TEN-21")
    grants: Sequence[Grant] = values.get("grants", ())
    if any(grant.access not in ACCESS for grant in grants):
        faults.append(Fault("grants", "There is no such access.", "TEN-21", "One of read, edit and full."))
    if any(grant.user_id and grant.group_id for grant in grants):
        faults.append(Fault("grants", "A line names a user or a group.", "TEN-21", "Make two lines of it."))
    users = {grant.user_id for grant in grants if grant.user_id}
    groups = {grant.group_id for grant in grants if grant.group_id}
    if records.missing(work, tenant_user, users) or records.missing(work, user_group, groups):
        faults.append(Fault("grants", "There is no such user or group here.", "TEN-21", "Choose from the list."))
    if faults:
        raise Invalid(*faults)
