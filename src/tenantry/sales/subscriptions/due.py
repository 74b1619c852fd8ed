"""The work of the day: every subscription for which something has fallen due is brought up to today (SUB-03).

Each in a transaction of its own and under its own lock, so that it may be done twice, or by two at once, and one that
cannot be brought up to date holds up no other.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from tenantry.database import Database, Work
from tenantry.rules.policy import Subscription
from tenantry.sales.defaults import today
from tenantry.sales.subscriptions.records import held_subscription, of_held
from tenantry.sales.subscriptions.settling import settle
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy.due import NOBODY, PAGE, work_through

log = structlog.get_logger()


def bring_up_to_date(database: Database, tenant_id: UUID, *, between: Callable[[], None] = lambda: None) -> int:
    """Take every step that is due in a tenant; gives of how many subscriptions. `between` is called after each page."""
    return work_through(database, tenant_id, due, lambda id: _one(database, tenant_id, id), between)


def due(work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
    """Name the subscriptions for which something is due today, by id; those that a reseller manages are his."""
    asked = {"tenant": work.tenant_id, "today": today(work), "after": after, "limit": limit}
    return list(work.connection.scalars(_DUE, asked))


def _one(database: Database, tenant_id: UUID, id: UUID) -> bool:
    try:
        with database.work(tenant_id) as work:
            held = held_subscription(work, id)
            if Subscription.standing(of_held(held), live=held.live) == "own":
                settle(work, held)
    except OperationalError:
        # The database is away, or somebody was faster: the job is tried again within seconds, and finds the rest.
        raise
    except Exception:
        # One that cannot be brought up to date is said, and tried again the next time; the others go on.
        log.exception("subscription_not_brought_up_to_date", subscription_id=str(id))
        return False
    return True


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
