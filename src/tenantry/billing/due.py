"""Which charges are yet to be invoiced, and on which documents they belong together (BIL-02, BIL-03).

One document for each payer and currency; a customer with Separate Invoices has his own, and so has one that was chosen
without who pays for him. Preview, run and list read the same statement.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Row, Work
from tenantry.rules.policy import Account
from tenantry.schema.base import ID
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.tenancy import queries

CUSTOMER, PAYER, ABOUT = account.alias("customer"), account.alias("payer"), account.alias("about")
KEY = ("bill_to_id", "account_id", "currency")
NAMED = 10


@dataclass(frozen=True)
class Scope:
    """What is to be invoiced: what falls due until a day, of some accounts or of all, as far as it was charged then."""

    up_to: date | None = None
    accounts: tuple[UUID, ...] | None = None
    made_until: datetime | None = None


def documents(work: Work, scope: Scope, *, payers: Collection[UUID] | None = None, hold: bool = False) -> list[Row]:
    """Give the documents that the charges come to, in the order in which they are numbered.

    With `hold` the charges are locked, and each document names its own.
    """
    due = charges(work, scope, payers)
    if hold:
        due = due.with_for_update(of=charge)
    return list(work.connection.execute(_grouped(work.tenant_id, due, ids=hold)).mappings())


def by_day(work: Work, scope: Scope, today: date, *, skip: int = 0, limit: int = 50) -> tuple[list[Row], int]:
    """Give some of the documents to come, the next first, with the day of each; and how many there are in all."""
    planned = sa.func.greatest(charge.c.due_on, today).label("planned_on")
    grouped = _grouped(work.tenant_id, charges(work, scope).add_columns(planned), "planned_on").order_by(None)
    counted = grouped.add_columns(sa.func.count().over().label("in_all")).subquery("counted")
    order = (
        counted.c.planned_on,
        counted.c.bill_to_sort,
        counted.c.bill_to_id,
        counted.c.account_id,
        counted.c.currency,
    )
    rows = work.connection.execute(sa.select(counted).order_by(*order).offset(skip).limit(limit)).mappings().all()
    return list(rows), rows[0]["in_all"] if rows else 0


def payers(work: Work, scope: Scope, after: UUID | None, limit: int) -> list[tuple[UUID, int]]:
    """Give the payers behind one, by id, each with how many charges he has."""
    c = charge.c
    query = _scoped(work, scope, sa.select(c.bill_to_id, sa.func.count())).group_by(c.bill_to_id).order_by(c.bill_to_id)
    if after is not None:
        query = query.where(c.bill_to_id > after)
    return [(id, count) for id, count in work.connection.execute(query.limit(limit))]


def counted(work: Work, scope: Scope) -> tuple[int, int]:
    """Count the payers and their charges."""
    c = charge.c
    query = _scoped(work, scope, sa.select(sa.func.count(c.bill_to_id.distinct()), sa.func.count()))
    found = work.connection.execute(query).one()
    return int(found[0]), int(found[1])


def sums(work: Work, scope: Scope, today: date) -> list[Row]:
    """Add up by currency what is due by now, and what later."""
    c = charge.c
    due, later = c.due_on <= today, c.due_on > today
    nothing = sa.literal(0)
    query = sa.select(
        c.currency,
        sa.func.coalesce(sa.func.sum(c.amount).filter(due), nothing).label("due"),
        sa.func.coalesce(sa.func.sum(c.amount).filter(later), nothing).label("later"),
    )
    return list(
        work.connection.execute(_scoped(work, scope, query).group_by(c.currency).order_by(c.currency)).mappings()
    )


def charges(work: Work, scope: Scope, payers: Collection[UUID] | None = None) -> sa.Select[Any]:
    """Select the charges, each with the account that its document is about."""
    c = charge.c
    columns = (c.id, c.bill_to_id, about(scope), c.currency, c.amount, c.period_from, c.period_until, c.subscription_id)
    its = sa.and_(CUSTOMER.c.tenant_id == c.tenant_id, CUSTOMER.c.id == c.account_id)
    query = _scoped(work, scope, sa.select(*columns)).join(CUSTOMER, its)
    return query if payers is None else query.where(c.bill_to_id.in_(payers))


def about(scope: Scope) -> sa.Label[UUID]:
    """Give the account that the document of a charge is about: who pays, unless its customer is invoiced by himself."""
    alone: sa.ColumnElement[bool] = CUSTOMER.c.separate_invoices
    if scope.accounts is not None:
        alone = sa.or_(alone, charge.c.bill_to_id.not_in(scope.accounts))
    return sa.case((alone, charge.c.account_id), else_=charge.c.bill_to_id).label("account_id")


def _scoped(work: Work, scope: Scope, wanted: sa.Select[*tuple[Any, ...]]) -> sa.Select[Any]:
    c = charge.c
    query: sa.Select[Any] = (
        wanted.select_from(charge)
        .join(PAYER, sa.and_(PAYER.c.tenant_id == c.tenant_id, PAYER.c.id == c.bill_to_id))
        .where(
            c.tenant_id == work.tenant_id,
            c.invoice_id.is_(None),
            Account.allowed_for("generate_invoices", PAYER.c.standing, live=queries.is_live(work)),
        )
    )
    if scope.up_to is not None:
        query = query.where(c.due_on <= scope.up_to)
    if scope.made_until is not None:
        query = query.where(c.created_at <= scope.made_until)
    if scope.accounts is not None:
        query = query.where(sa.or_(c.bill_to_id.in_(scope.accounts), c.account_id.in_(scope.accounts)))
    if work.actor.readable is not None:
        query = query.where(PAYER.c.permission_rule_id.in_(sorted(work.actor.readable)))
    return query


def _grouped(tenant: UUID, due: sa.Select[Any], *besides: str, ids: bool = False) -> sa.Select[Any]:
    d = due.subquery("due")
    subscriptions = sa.func.array_agg(d.c.subscription_id.distinct(), type_=sa.ARRAY(ID))
    figures = [
        sa.func.count().label("charges"),
        sa.func.sum(d.c.amount).label("net"),
        sa.func.min(d.c.period_from).label("period_from"),
        sa.func.max(d.c.period_until).label("period_until"),
        sa.func.count(d.c.subscription_id.distinct()).label("subscriptions"),
        subscriptions[1:NAMED].label("subscription_ids"),
        *([sa.func.array_agg(d.c.id, type_=sa.ARRAY(ID)).label("charge_ids")] if ids else []),
    ]
    keys = [d.c[name] for name in (*KEY, *besides)]
    g = sa.select(*keys, *figures).group_by(*keys).subquery("grouped")
    return (
        sa.select(
            g, PAYER.c.name.label("bill_to"), PAYER.c.sort_name.label("bill_to_sort"), ABOUT.c.name.label("account")
        )
        .join(PAYER, sa.and_(PAYER.c.tenant_id == tenant, PAYER.c.id == g.c.bill_to_id))
        .join(ABOUT, sa.and_(ABOUT.c.tenant_id == tenant, ABOUT.c.id == g.c.account_id))
        .order_by(g.c.bill_to_id, g.c.account_id != g.c.bill_to_id, ABOUT.c.sort_name, g.c.account_id, g.c.currency)
    )
