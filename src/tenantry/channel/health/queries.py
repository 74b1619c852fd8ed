"""How far each mirror is in step: lag, throughput, what waits and what is set aside, with its alerts (UP-43, UP-45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.health.thresholds import Thresholds, thresholds
from tenantry.channel.reconcile import queries as reconciled
from tenantry.channel.reconcile.queries import ReconciliationView
from tenantry.database import Work
from tenantry.kernel.counting import counted
from tenantry.kernel.problems import NotFound
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.message import message, message_set_aside, mirror_progress, mirror_sample
from tenantry.tenancy import permissions

STATES = ("accounts_transferred", "live", "suspended")
DAY = timedelta(days=1)

Row = Any


@dataclass(frozen=True)
class HealthView:
    """A mirror: `lag_seconds` is the age of the oldest message that waits, `last_lag_ms` what the last batch had."""

    id: UUID
    name: str
    state: str
    waiting: int
    lag_seconds: float
    last_lag_ms: int | None
    applied: int
    applied_at: datetime | None
    applied_last_hour: int
    set_aside: int
    set_aside_accounts: int
    compared_at: datetime | None
    differences: int | None
    certificate: str
    alerts: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """What a mirror was like in one minute; `applied` is how many were applied since the sample before."""

    at: datetime
    waiting: int
    set_aside: int
    lag_ms: int
    applied: int


def mirrors(work: Work) -> list[HealthView]:
    """Give the mirrors of all tenant resellers, by name."""
    permissions.require(work, "reconcile:view")
    limits, last = thresholds(work), reconciled.latest(work)
    words = {"tenant": work.tenant_id, "hour": work.at - timedelta(hours=1)}
    rows = work.connection.execute(_MIRRORS, words)
    return [_view(work, row, limits, last.get(row.id)) for row in rows]


def mirror_(work: Work, id: UUID) -> HealthView:
    """Give the mirror of one tenant reseller."""
    for one in mirrors(work):
        if one.id == id:
            return one
    raise NotFound("mirror")


def samples(work: Work, id: UUID, since: timedelta = DAY) -> Sequence[Sample]:
    """Give the samples of a mirror, the oldest first."""
    permissions.require(work, "reconcile:view")
    found = work.connection.execute(_SAMPLES, {"tenant": work.tenant_id, "id": id, "since": work.at - since})
    return [Sample(*row) for row in found]


def alerts(work: Work) -> list[tuple[HealthView, str]]:
    """Give every alert of every mirror."""
    return [(one, text) for one in mirrors(work) for text in one.alerts]


def _view(work: Work, row: Row, limits: Thresholds, last: ReconciliationView | None) -> HealthView:
    lag = max(0.0, (work.at - row.oldest).total_seconds()) if row.oldest else 0.0
    return HealthView(
        row.id,
        row.name,
        row.state,
        row.waiting,
        lag,
        row.lag_ms,
        row.applied or 0,
        row.at,
        max(0, (row.applied or 0) - (row.applied_before or 0)),
        row.set_aside,
        row.set_aside_accounts,
        last.completed_at if last else None,
        last.differences if last else None,
        last.certificate if last else "",
        tuple(_alerts(work, row, lag, limits, last)),
    )


def _alerts(work: Work, row: Row, lag: float, limits: Thresholds, last: ReconciliationView | None) -> list[str]:
    found = []
    if lag >= limits.lag_seconds:
        found.append(f"What is seen here is {lag:,.0f} seconds behind.")
    if row.waiting >= limits.waiting:
        found.append(f"{row.waiting:,} messages wait.")
    if row.set_aside >= limits.set_aside:
        many, whose = counted(row.set_aside, "message"), counted(row.set_aside_accounts, "customer")
        found.append(f"Set aside: {many} of {whose}.")
    if last and last.differences:
        found.append(f"The last comparison left {counted(last.differences, 'difference')}.")
    if last and last.completed_at and work.at - last.completed_at >= timedelta(days=limits.compared_days):
        found.append(f"Both tiers were last compared on {last.completed_at:%Y-%m-%d}.")
    return found


_theirs = tenant_reseller.c.reseller_tenant_id
_before = (
    sa.select(mirror_sample.c.applied)
    .where(mirror_sample.c.tenant_id == _theirs, mirror_sample.c.at <= sa.bindparam("hour"))
    .order_by(mirror_sample.c.at.desc())
    .limit(1)
    .correlate(tenant_reseller)
    .scalar_subquery()
)
_waiting = (
    sa.select(sa.func.count().label("many"), sa.func.min(message.c.told_at).label("oldest"))
    .where(message.c.tenant_id == _theirs)
    .correlate(tenant_reseller)
    .lateral("waits")
)
_aside = (
    sa.select(
        sa.func.count().label("many"), sa.func.count(sa.distinct(message_set_aside.c.account_id)).label("accounts")
    )
    .where(message_set_aside.c.tenant_id == _theirs)
    .correlate(tenant_reseller)
    .lateral("aside")
)
_MIRRORS = (
    sa.select(
        tenant_reseller.c.id,
        account.c.name,
        tenant_reseller.c.state,
        _waiting.c.many.label("waiting"),
        _waiting.c.oldest,
        mirror_progress.c.lag_ms,
        mirror_progress.c.applied,
        mirror_progress.c.at,
        _before.label("applied_before"),
        _aside.c.many.label("set_aside"),
        _aside.c.accounts.label("set_aside_accounts"),
    )
    .join(account, sa.and_(account.c.tenant_id == tenant_reseller.c.tenant_id, account.c.id == tenant_reseller.c.id))
    .outerjoin(mirror_progress, mirror_progress.c.tenant_id == _theirs)
    .join(_waiting, sa.true())
    .join(_aside, sa.true())
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"), tenant_reseller.c.state.in_(STATES))
    .order_by(account.c.name, tenant_reseller.c.id)
)
_SAMPLES = (
    sa.select(
        mirror_sample.c.at,
        mirror_sample.c.waiting,
        mirror_sample.c.set_aside,
        mirror_sample.c.lag_ms,
        sa.func.greatest(
            0, mirror_sample.c.applied - sa.func.lag(mirror_sample.c.applied).over(order_by=mirror_sample.c.at)
        ),
    )
    .join(tenant_reseller, _theirs == mirror_sample.c.tenant_id)
    .where(
        tenant_reseller.c.tenant_id == sa.bindparam("tenant"),
        tenant_reseller.c.id == sa.bindparam("id"),
        mirror_sample.c.at > sa.bindparam("since"),
    )
    .order_by(mirror_sample.c.at)
)
