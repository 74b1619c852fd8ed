"""The work of the day: every subscription for which something has fallen due is brought up to today (SUB-03).

Each in a transaction of its own and under its own lock, so that it may be done twice, or by two at once, and one that
cannot be brought up to date holds up no other.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.rules.policy import Subscription
from tenantry.sales.defaults import today
from tenantry.sales.subscriptions.records import held_subscription, of_held
from tenantry.sales.subscriptions.settling import settle
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy.due import NOBODY, PAGE, work_through


def bring_up_to_date(database: Database, tenant_id: UUID, *, between: Callable[[], None] = lambda: None) -> int:
    """Take every step that is due in a tenant; gives of how many subscriptions. `between` is called after each page."""
    return work_through(database, tenant_id, due, bring_up, between, "subscription_not_brought_up_to_date")


def due(work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
    """Name the subscriptions for which something is due today, by id; those that a reseller manages are his."""
    asked = {"tenant": work.tenant_id, "today": today(work), "after": after, "limit": limit}
    return list(work.connection.scalars(_DUE, asked))


def bring_up(work: Work, id: UUID) -> None:
    """Take every step that is due for one; what a reseller manages is his to do."""
    held = held_subscription(work, id)
    if Subscription.standing(of_held(held), live=held.live) == "own":
        settle(work, held)


def _statement() -> sa.Select[tuple[UUID]]:
    s, c = subscription.c, subscription_change.c
    day: sa.BindParameter[date] = sa.bindparam("today", type_=sa.Date)
    planned = sa.exists().where(
        c.tenant_id == s.tenant_id,
        c.subscription_id == s.id,
        c.status == "scheduled",
        c.kind != "cancellation",
        c.effective_on <= day,
        s.status.in_(("trial", "active", "pending_cancellation")),
    )
    uncharged = sa.and_(
        s.status.in_(("active", "pending_cancellation")),
        s.paid_from.is_not(None),
        sa.func.coalesce(s.charged_until < day, s.paid_from <= day),
        sa.or_(s.end_on.is_(None), s.charged_until.is_(None), s.charged_until < s.end_on),
    )
    return (
        sa.select(s.id)
        .where(
            s.tenant_id == sa.bindparam("tenant"),
            s.id > sa.bindparam("after"),
            s.standing == "own",
            sa.or_(
                sa.and_(s.status == "starting_later", s.start_on <= day),
                sa.and_(s.status == "trial", s.trial_until < day),
                sa.and_(s.status.in_(("trial", "active", "suspended", "pending_cancellation")), s.end_on < day),
                uncharged,
                planned,
            ),
        )
        .order_by(s.id)
        .limit(sa.bindparam("limit"))
    )


_DUE = _statement()
