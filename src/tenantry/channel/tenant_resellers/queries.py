"""What screens and API show of tenant resellers: the list, one with its counts, and who could be transferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.tenant_resellers.candidates import Candidate, CandidatePage, candidates
from tenantry.channel.tenant_resellers.counting import (
    ITS_CUSTOMERS,
    candidates_of_each,
    copied,
    customer,
    set_aside,
)
from tenantry.channel.tenant_resellers.creating import STEPS
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import TenantReseller
from tenantry.schema.catalog import price_list
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.message import message
from tenantry.schema.sales import LASTING, subscription
from tenantry.schema.tenant import tenant
from tenantry.tenancy import permissions


@dataclass(frozen=True)
class Step:
    """A step of a creation: its name, how many records it made, when; None while it is not done."""

    name: str
    made: int | None
    at: str | None


@dataclass(frozen=True)
class TenantResellerView:
    """A tenant reseller as its page shows it;
    `lag_seconds` is the age of the oldest message that waits, None when none does.
    """

    id: UUID
    name: str
    number: int
    reseller_tenant_id: UUID
    code: str
    edition: str
    language: str
    time_zone: str
    default_currency: str
    state: str
    price_list_id: UUID
    price_list_name: str
    separate_invoices: bool
    credit_checked: bool
    admin_name: str
    admin_email: str
    steps: tuple[Step, ...]
    problem: str
    created_at: datetime
    set_up_at: datetime | None
    live_at: datetime | None
    suspended_at: datetime | None
    closed_at: datetime | None
    version: int
    accounts_copied: int
    accounts_not_copied: int
    accounts_held_back: int
    subscriptions_copied: int
    subscriptions_not_copied: int
    lag_seconds: float | None
    failures: int
    actions: Mapping[str, Verdict]


def tenant_reseller_(work: Work, id_: UUID) -> TenantResellerView:
    """Give one tenant reseller with its counts; NotFound for an unknown one or another tenant's."""
    permissions.require(work, "tenant_resellers:view")
    row = (
        work.connection.execute(_VIEW.where(tenant_reseller.c.id == id_), {"tenant": work.tenant_id}).mappings().first()
    )
    if row is None:
        what = "tenant reseller"
        raise NotFound(what)
    return _view(work, row)


def all_(work: Work) -> tuple[TenantResellerView, ...]:
    """Give every tenant reseller, by name; the counts of all come from one statement."""
    permissions.require(work, "tenant_resellers:view")
    rows = work.connection.execute(_VIEW.order_by(account.c.name, account.c.id), {"tenant": work.tenant_id}).mappings()
    return tuple(_view(work, row) for row in rows)


def _view(work: Work, row: Any) -> TenantResellerView:
    settings = row["settings"]
    done = {one["name"]: one for one in row["steps"]}
    steps = tuple(
        Step(name, done[name]["made"], done[name]["at"]) if name in done else Step(name, None, None) for name in STEPS
    )
    values = {name: row[name] for name in TenantResellerView.__dataclass_fields__ if name in row}
    values.update(
        code=row["code"] or "",
        edition=row["edition"] or settings.get("edition", "basic"),
        language=row["language"] or settings.get("language", ""),
        time_zone=row["time_zone"] or settings.get("time_zone", ""),
        default_currency=row["default_currency"] or "",
        admin_name=settings.get("admin_name", ""),
        admin_email=settings.get("admin_email", ""),
        steps=steps,
        credit_checked=bool(row["credit_checked"]),
        lag_seconds=(work.at - row["oldest"]).total_seconds() if row["oldest"] else None,
        actions=TenantReseller.offers(SimpleNamespace(standing=row["state"], status="")),
    )
    return TenantResellerView(**values)


def _subscriptions(*, copied: bool) -> Any:
    """Count what lasts and has a copy below, or has none: its manager, or who has the copy, stands on the row."""
    has_copy = subscription.c.managed_by == tenant_reseller.c.reseller_tenant_id
    has_none = sa.and_(subscription.c.standing == "own", subscription.c.managed_by.is_(None))
    query = (
        sa.select(sa.func.count())
        .select_from(
            customer.join(
                subscription,
                sa.and_(subscription.c.tenant_id == customer.c.tenant_id, subscription.c.account_id == customer.c.id),
            )
        )
        .where(
            ITS_CUSTOMERS,
            customer.c.bill_to_id != customer.c.id,
            subscription.c.status.in_(LASTING),
            has_copy if copied else has_none,
        )
    )
    return query.correlate(tenant_reseller).scalar_subquery()


_VIEW = (
    sa.select(
        tenant_reseller,
        account.c.name,
        account.c.number,
        tenant.c.code,
        tenant.c.edition,
        tenant.c.language,
        tenant.c.time_zone,
        tenant.c.default_currency,
        tenant.c.live_at,
        tenant.c.suspended_at,
        tenant.c.closed_at,
        price_list.c.name.label("price_list_name"),
        copied().label("accounts_copied"),
        candidates_of_each(can_go=True).label("accounts_not_copied"),
        candidates_of_each(can_go=False).label("accounts_held_back"),
        _subscriptions(copied=True).label("subscriptions_copied"),
        _subscriptions(copied=False).label("subscriptions_not_copied"),
        sa.select(sa.func.min(message.c.told_at))
        .where(message.c.tenant_id == tenant_reseller.c.reseller_tenant_id)
        .correlate(tenant_reseller)
        .scalar_subquery()
        .label("oldest"),
        set_aside().label("failures"),
    )
    .join(account, sa.and_(account.c.tenant_id == tenant_reseller.c.tenant_id, account.c.id == tenant_reseller.c.id))
    .join(
        price_list,
        sa.and_(
            price_list.c.tenant_id == tenant_reseller.c.tenant_id, price_list.c.id == tenant_reseller.c.price_list_id
        ),
    )
    .outerjoin(tenant, tenant.c.id == tenant_reseller.c.reseller_tenant_id)
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"))
)

__all__ = ["Candidate", "CandidatePage", "Step", "TenantResellerView", "all_", "candidates", "tenant_reseller_"]
