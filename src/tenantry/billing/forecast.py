"""What stands behind an account's documents to come: its charges, and the next cycles of what runs (BIL-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing.choosing import scope_of
from tenantry.charging.charges import Charge
from tenantry.charging.cycles import next_cycles
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.sales.defaults import today
from tenantry.sales.queries import Named
from tenantry.schema.catalog import product
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.sales import PAYING, subscription
from tenantry.tenancy import permissions

MOST = 300


@dataclass(frozen=True)
class PendingLine:
    """A charge that is to be invoiced; one of a cycle that lies ahead is planned, and was not made yet."""

    planned_on: date
    customer: Named
    subscription: Named | None
    product: Named
    explains: str
    period_from: date | None
    period_until: date | None
    net: Money
    planned: bool


def lines_of(work: Work, account_id: UUID) -> Sequence[PendingLine]:
    """Give what is charged and not invoiced of an account, and its next cycles; the next first, 300 of each at most."""
    permissions.require(work, "invoices:view")
    now = today(work)
    scope_of(work, None, [account_id], "view_pending_invoices", now)
    made = [_made(row, now) for row in work.connection.execute(_charges(work, account_id)).mappings()]
    ahead = _ahead(work, account_id, now)
    return sorted([*made, *ahead], key=lambda one: (one.planned_on, one.planned, one.customer.name))


def _charges(work: Work, account_id: UUID) -> sa.Select[Any]:
    c = charge.c
    query = (
        sa.select(
            *(c.due_on, c.account_id, c.subscription_id, c.product_id, c.explains, c.period_from, c.period_until),
            *(c.amount, c.currency),
            account.c.name.label("customer"),
            subscription.c.name.label("subscription"),
            product.c.name.label("product"),
        )
        .join(account, sa.and_(account.c.tenant_id == c.tenant_id, account.c.id == c.account_id))
        .join(product, sa.and_(product.c.tenant_id == c.tenant_id, product.c.id == c.product_id))
        .outerjoin(
            subscription, sa.and_(subscription.c.tenant_id == c.tenant_id, subscription.c.id == c.subscription_id)
        )
        .where(
            c.tenant_id == work.tenant_id,
            c.invoice_id.is_(None),
            sa.or_(c.bill_to_id == account_id, c.account_id == account_id),
        )
    )
    if work.actor.readable is not None:
        rule = sa.func.coalesce(subscription.c.permission_rule_id, account.c.permission_rule_id)
        query = query.where(rule.in_(sorted(work.actor.readable)))
    return query.order_by(c.due_on, c.id).limit(MOST)


def _made(row: Row, now: date) -> PendingLine:
    return PendingLine(
        planned_on=max(row["due_on"], now),
        customer=Named(row["account_id"], row["customer"]),
        subscription=Named(row["subscription_id"], row["subscription"]) if row["subscription"] is not None else None,
        product=Named(row["product_id"], row["product"]),
        explains=row["explains"],
        period_from=row["period_from"],
        period_until=row["period_until"],
        net=Money(row["amount"], row["currency"]),
        planned=False,
    )


def _ahead(work: Work, account_id: UUID, now: date) -> list[PendingLine]:
    """Say what the next cycle of each running subscription will charge, as if it were charged now."""
    s = subscription.c
    query = (
        sa.select(s.id, s.name, account.c.name.label("customer"))
        .join(account, sa.and_(account.c.tenant_id == s.tenant_id, account.c.id == s.account_id))
        .where(
            s.tenant_id == work.tenant_id,
            sa.or_(s.account_id == account_id, s.bill_to_id == account_id),
            s.status.in_(PAYING),
            s.standing.in_(("own", "mirrored")),
            s.paid_from.is_not(None),
        )
        .order_by(sa.func.coalesce(s.charged_until + 1, s.paid_from), s.id)
        .limit(MOST)
    )
    if work.actor.readable is not None:
        query = query.where(s.permission_rule_id.in_(sorted(work.actor.readable)))
    known: dict[UUID, Row] = {row["id"]: row for row in work.connection.execute(query).mappings()}
    cycles = next_cycles(work, list(known)) if known else {}
    charges = [one for cycle in cycles.values() for one in cycle.charges]
    names = _products(work, {one.product_id for one in charges})
    return [_planned(one, known, names, now) for one in charges]


def _planned(one: Charge, known: dict[UUID, Row], names: dict[UUID, str], now: date) -> PendingLine:
    of = known[one.subscription_id] if one.subscription_id else {}
    return PendingLine(
        # What was due to be charged by now is charged with the work of the day.
        planned_on=max(one.due_on, now),
        customer=Named(one.account_id, of["customer"]),
        subscription=Named(of["id"], of["name"]),
        product=Named(one.product_id, names[one.product_id]),
        explains=one.explains,
        period_from=one.period_from,
        period_until=one.period_until,
        net=Money(one.amount, one.currency),
        planned=True,
    )


def _products(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    query = sa.select(product.c.id, product.c.name).where(product.c.tenant_id == work.tenant_id, product.c.id.in_(ids))
    return dict(work.connection.execute(query).all()) if ids else {}
