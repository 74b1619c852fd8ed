"""Withdraw an executed order that waits for credit above: what it sold from there ends before it began (UP-47)."""

from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.charging.proration import DAY
from tenantry.crm import history
from tenantry.database import Work
from tenantry.rules.mirror_up.batch import FROM_ABOVE
from tenantry.rules.policy import Order
from tenantry.sales.assets.actions import take_back
from tenantry.sales.items import items_of
from tenantry.sales.records import change_order, held_order, with_upstream
from tenantry.sales.subscriptions.records import held_subscription
from tenantry.sales.subscriptions.settling import end
from tenantry.schema.upstream_credit import upstream_credit
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.telling import CREDIT_ASKED

ENDED = ("cancelled", "expired")


def withdraw_order(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Take back what an order sold that waits for credit above: all that was charged for it is given back.

    What else it sold stays; an order that sold nothing else is cancelled.
    """
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    Order.require("withdraw", with_upstream(work, held.order, held.account), live=queries.is_live(work))
    items = items_of(work, held.order)
    from_above = [one for one in items if one["product_standing"] in FROM_ABOVE and not one["trial"]]
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    for subscription_id in sorted({one["subscription_id"] for one in from_above if one["subscription_id"]}):
        _undo(work, subscription_id, f"Subscription was withdrawn, since it waited for credit{reason}")
    for asset_id in sorted({one["asset_id"] for one in from_above if one["asset_id"]}):
        take_back(work, asset_id, because="It waited for credit")
    if len(from_above) == len(items):
        change_order(work, id, status="cancelled", cancelled_at=work.at)
    history.write(work, "order", id, f"Order was withdrawn{reason}")
    _say_above(work, id)


def _undo(work: Work, subscription_id: UUID, sentence: str) -> None:
    held = held_subscription(work, subscription_id)
    if held.row["status"] not in ENDED:
        end(work, held, "cancellation", "cancelled", held.row["start_on"] - DAY, sentence)


def _say_above(work: Work, id: UUID) -> None:
    u = upstream_credit.c
    mine = (u.tenant_id == work.tenant_id, u.order_id == id, u.status.in_(("asked", "refused")))
    gone = sa.update(upstream_credit).where(*mine).values(status="withdrawn", version=u.version + 1)
    for row in work.connection.execute(gone.returning(u.id, u.account_id)).all():
        jobs.tell(work.connection, work.tenant_id, CREDIT_ASKED, row.id, account_id=row.account_id)
