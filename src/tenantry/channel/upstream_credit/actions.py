"""What is done about credit that is waited for: exceed the limit once above, and look again on either side (UP-47)."""

from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.mirror import tasks
from tenantry.channel.upstream_credit.reviewing import costs_of, review, tell_decided
from tenantry.crm import history
from tenantry.database import Work
from tenantry.rules.policy import Order, Subscription
from tenantry.sales import credit
from tenantry.sales.records import change_order, held_order, with_upstream
from tenantry.sales.subscriptions.records import held_subscription, of_held
from tenantry.schema.upstream_credit import upstream_credit
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.telling import CREDIT_ASKED


def exceed_limit(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Give a back order credit beyond the reseller's limit, this once; what it asks for below runs."""
    permissions.require(work, "orders:approve")
    held = held_order(work, id, version)
    row = held.order
    Order.require("exceed_limit", with_upstream(work, row, held.account), live=queries.is_live(work))
    payer = credit.measured_payer(work, row["bill_to_id"])
    costs = costs_of(work, row["bill_to_id"], id)
    reason = because.strip()[:1_000]
    view = replace(payer.with_(row["currency"], costs), decided_by=work.actor.name[:320], because=reason)
    reserved = None if view.prepaid else costs
    change_order(work, id, approval="approved", credit_figures=credit.kept(view), reserved=reserved)
    said = f": {reason}" if reason else ""
    history.write(work, "order", id, f"Order was allowed to exceed the credit limit, {view.sentence}{said}")
    tell_decided(work, [id])
    tasks.ask_soon(work, work.tenant_id)


def check_credit(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Look again whether there is credit: here, for an order that tracks a reseller's sale, and further up."""
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    Order.require("check_credit", with_upstream(work, held.order, held.account), live=queries.is_live(work))
    if held.order["standing"] == "back_order" and held.order["approval"] == "waiting":
        review(work, held.order["bill_to_id"])
    _ask_above(work, upstream_credit.c.order_id == id)
    history.write(work, "order", id, "Credit was checked again")


def check_subscription_credit(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Ask above again whether there is credit for what of a subscription waits for it."""
    permissions.require(work, "subscriptions:edit")
    held = held_subscription(work, id, version)
    u = upstream_credit.c
    mine = sa.or_(u.subscription_id == id, u.order_id == held.row["order_id"])
    waits = sa.exists().where(u.tenant_id == work.tenant_id, u.status == "refused", mine)
    row = {**held.row, "upstream": "refused" if work.connection.scalar(sa.select(waits)) else ""}
    Subscription.require("check_credit", of_held(replace(held, row=row)), live=held.live)
    _ask_above(work, mine)
    history.write(work, "subscription", id, "Credit was checked again")


def _ask_above(work: Work, *mine: sa.ColumnElement[bool]) -> None:
    u = upstream_credit.c
    again = sa.update(upstream_credit).where(u.tenant_id == work.tenant_id, u.status == "refused", *mine)
    asked = again.values(status="asked", version=u.version + 1).returning(u.id, u.account_id)
    for row in work.connection.execute(asked).all():
        jobs.tell(work.connection, work.tenant_id, CREDIT_ASKED, row.id, account_id=row.account_id)
