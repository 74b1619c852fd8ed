"""Users as lists and pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.schema.tenant import role, tenant_user, user_group, user_group_member, user_role
from tenantry.tenancy import records
from tenantry.tenancy.permissions import require
from tenantry.tenancy.queries import Choice
from tenantry.tenancy.user_policy import verdicts


@dataclass(frozen=True)
class UserView:
    """A user, without anything secret; `actions` only on his own page."""

    id: UUID
    email: str
    name: str
    status: str
    language: str
    theme: str
    has_password: bool
    has_second_factor: bool
    roles: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    created_at: datetime
    version: int
    actions: Mapping[str, Verdict] = field(default_factory=dict)


def users(work: Work) -> tuple[UserView, ...]:
    """List the users of the tenant by name."""
    require(work, "users:view")
    query = _USERS.order_by(tenant_user.c.name, tenant_user.c.id)
    return tuple(_view(row) for row in work.connection.execute(query, {"tenant": work.tenant_id}))


def user(work: Work, user_id: UUID) -> UserView:
    """Give one user, with what may be done with him; raises NotFound."""
    require(work, "users:view")
    query = sa.select(tenant_user).where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == user_id)
    whole = work.connection.execute(query).first()
    if whole is None:
        raise NotFound("user")
    return _one(work, user_id, verdicts(work, whole))


def profile(work: Work) -> UserView:
    """Give oneself, which needs no permission."""
    if work.actor.id is None:
        raise NotFound("user")
    return _one(work, work.actor.id, {})


def _one(work: Work, user_id: UUID, actions: Mapping[str, Verdict]) -> UserView:
    row = work.connection.execute(_USERS.where(tenant_user.c.id == user_id), {"tenant": work.tenant_id}).first()
    if row is None:
        raise NotFound("user")
    return _view(row, actions)


def _view(row: records.Row, actions: Mapping[str, Verdict] | None = None) -> UserView:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    for name in ("roles", "groups"):
        values[name] = tuple(Choice(UUID(id), called) for id, called in sorted(values[name] or (), key=lambda c: c[1]))
    return UserView(**values, actions=actions or {})


def _names(link: sa.Table, named: sa.Table, column: str) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.jsonb_agg(sa.func.jsonb_build_array(named.c.id, named.c.name)))
        .select_from(link.join(named, sa.and_(named.c.tenant_id == link.c.tenant_id, named.c.id == link.c[column])))
        .where(link.c.tenant_id == tenant_user.c.tenant_id, link.c.user_id == tenant_user.c.id)
        .correlate(tenant_user)
        .scalar_subquery()
    )


_USERS = sa.select(
    tenant_user.c.id,
    tenant_user.c.email,
    tenant_user.c.name,
    tenant_user.c.status,
    tenant_user.c.language,
    tenant_user.c.theme,
    (tenant_user.c.password_hash != "").label("has_password"),
    tenant_user.c.second_factor.is_not(None).label("has_second_factor"),
    _names(user_role, role, "role_id").label("roles"),
    _names(user_group_member, user_group, "group_id").label("groups"),
    tenant_user.c.created_at,
    tenant_user.c.version,
).where(tenant_user.c.tenant_id == sa.bindparam("tenant"))
