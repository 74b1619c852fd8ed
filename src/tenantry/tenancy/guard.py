"""Nobody gives or takes more than he has: the guard of every act on users, roles, groups, rules (TEN-20, TEN-21)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import Forbidden, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.tenant import permission_grant, role, tenant, tenant_user, user_role
from tenantry.tenancy.actor import covers, rights_of
from tenantry.tenancy.permissions import EVERYTHING, lacking

last_administrator = no("TEN-20", "Nobody could administer the organisation any more.")


@contextmanager
def one_at_a_time(work: Work) -> Iterator[None]:
    """Let no other act on people run beside this one, undo it when it is refused, and keep an administrator.

    Two administrators who take each other's role at once would else both find the other one left.
    """
    work.connection.execute(sa.select(tenant.c.id).where(tenant.c.id == work.tenant_id).with_for_update(key_share=True))
    with work.connection.begin_nested():
        yield
        if not administrators(work):
            raise Refused(last_administrator, "Make somebody else an administrator first.")


def administrators(work: Work) -> frozenset[UUID]:
    """Name the users who may do everything and may sign in."""
    query = (
        sa.select(user_role.c.user_id)
        .join(role, sa.and_(role.c.tenant_id == user_role.c.tenant_id, role.c.id == user_role.c.role_id))
        .join(
            tenant_user,
            sa.and_(tenant_user.c.tenant_id == user_role.c.tenant_id, tenant_user.c.id == user_role.c.user_id),
        )
        .where(
            user_role.c.tenant_id == work.tenant_id,
            tenant_user.c.status == "active",
            role.c.permissions.contains([EVERYTHING]),
        )
    )
    return frozenset(work.connection.scalars(query))


def within_reach(work: Work, user_id: UUID) -> None:
    """Raise Forbidden when a user may more than the one who asks; after a change: when he now would."""
    if not covers(work.actor, rights_of(work.connection, work.tenant_id, user_id)):
        raise Forbidden(
            "This user may, or would, do more than you may.",
            rule="TEN-20",
            remedy="Ask somebody who may do as much, such as an administrator.",
        )


def words_within_reach(work: Work, words: Iterable[str]) -> None:
    """Raise Forbidden when one of the permissions is one that the one who asks lacks."""
    beyond = lacking(work.actor, words)
    if beyond:
        raise Forbidden(
            f"You lack {', '.join(beyond)} yourself, so you can neither give nor take it.",
            rule="TEN-20",
            remedy="Ask an administrator.",
        )


def rules_within_reach(work: Work, *, group_id: UUID | None = None, rule_id: UUID | None = None) -> None:
    """Raise Forbidden when a group opens, or a rule governs, records that the one who asks does not own."""
    owned = work.actor.owned
    if owned is None:
        return
    g = permission_grant.c
    if group_id is None:
        governed = {rule_id} if rule_id else set()
    else:
        query = sa.select(g.rule_id).where(g.tenant_id == work.tenant_id, g.group_id == group_id)
        governed = set(work.connection.scalars(query))
    if not governed <= owned:
        raise Forbidden(
            "This opens records that you do not have full access to yourself.",
            rule="TEN-21",
            remedy="Ask an administrator, or somebody with full access by this permission rule.",
        )
