"""Who a user is to the rest of the program: his permissions, and the rules that open records (TEN-20, TEN-21)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import NotFound, NotSignedIn
from tenantry.schema.tenant import permission_grant, role, tenant, tenant_user, user_group_member, user_role
from tenantry.tenancy import place
from tenantry.tenancy.permissions import EVERYTHING, within


def actor_of(connection: sa.Connection, tenant_id: UUID, user_id: UUID, scopes: Iterable[str] | None = None) -> Actor:
    """Make the actor of an active user in one statement, limited to a token's scopes; else raises NotSignedIn, as in a
    tenant that is closed.
    """
    row = connection.execute(_USER, {"tenant": tenant_id, "user": user_id}).first()
    if row is None or row.status != "active":
        raise NotSignedIn("Nobody is signed in.", rule="TEN-20", remedy="Sign in.")
    return actor_from(row, scopes=scopes)


def rights_of(connection: sa.Connection, tenant_id: UUID, user_id: UUID) -> Actor:
    """Make the actor that a user is or would be, blocked or not, to compare rights with; raises NotFound."""
    row = connection.execute(_USER, {"tenant": tenant_id, "user": user_id}).first()
    if row is None:
        raise NotFound("user")
    return actor_from(row)


def rights(user: sa.Table) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Give the two columns that a statement over users needs for `actor_from`: `words` and `grants`."""
    words = (
        sa.select(sa.func.jsonb_agg(role.c.permissions))
        .select_from(
            user_role.join(role, sa.and_(role.c.tenant_id == user_role.c.tenant_id, role.c.id == user_role.c.role_id))
        )
        .where(user_role.c.tenant_id == user.c.tenant_id, user_role.c.user_id == user.c.id)
        .correlate(user)
        .scalar_subquery()
        .label("words")
    )
    g, m = permission_grant, user_group_member
    # A join instead of a sub-select: two deep, it would correlate to the wrong table.
    his_group = sa.and_(m.c.tenant_id == g.c.tenant_id, m.c.group_id == g.c.group_id, m.c.user_id == user.c.id)
    everyone = sa.and_(g.c.user_id.is_(None), g.c.group_id.is_(None))
    grants = (
        sa.select(sa.func.jsonb_agg(sa.func.jsonb_build_array(g.c.rule_id, g.c.access)))
        .select_from(g.outerjoin(m, his_group))
        .where(g.c.tenant_id == user.c.tenant_id, sa.or_(g.c.user_id == user.c.id, m.c.id.is_not(None), everyone))
        .correlate(user)
        .scalar_subquery()
        .label("grants")
    )
    return words, grants


def actor_from(row: Any, *, scopes: Iterable[str] | None = None, by: str = "") -> Actor:
    """Read the actor off a row with `user_id`, `user_name`, `rights` and where the tenant stands; `by` names the token
    he acts by.
    """
    permissions = frozenset(word for words in row.words or () for word in words)
    name = f"{row.user_name} (by {by})" if by else row.user_name
    allowed = permissions if scopes is None else within(permissions, scopes)
    held = place.looks_only_in(row)
    if EVERYTHING in permissions:
        return Actor(row.user_id, name, allowed, None, None, None, held)
    grants = [(UUID(rule), access) for rule, access in row.grants or ()]
    return Actor(
        row.user_id,
        name,
        allowed,
        frozenset(rule for rule, _ in grants),
        frozenset(rule for rule, access in grants if access in {"edit", "full"}),
        frozenset(rule for rule, access in grants if access == "full"),
        held,
    )


def covers(actor: Actor, other: Actor) -> bool:
    """Say whether one may do everything that the other may; only then may he touch the other's rights."""
    return (
        (EVERYTHING in actor.permissions or other.permissions <= actor.permissions)
        and _reaches(actor.readable, other.readable)
        and _reaches(actor.editable, other.editable)
        and _reaches(actor.owned, other.owned)
    )


def _reaches(rules: frozenset[UUID] | None, others: frozenset[UUID] | None) -> bool:
    return rules is None or (others is not None and others <= rules)


_USER = (
    sa.select(
        tenant_user.c.id.label("user_id"),
        tenant_user.c.name.label("user_name"),
        tenant_user.c.status,
        tenant.c.suspended_at,
        tenant.c.closed_at,
        *rights(tenant_user),
    )
    .join(tenant, tenant.c.id == tenant_user.c.tenant_id)
    .where(tenant_user.c.tenant_id == sa.bindparam("tenant"), tenant_user.c.id == sa.bindparam("user"))
)
