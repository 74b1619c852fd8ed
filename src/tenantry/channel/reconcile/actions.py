"""Ask for a comparison of a tenant reseller with what is here of him, or for the repair of what one found (UP-44)."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenantry import jobs
from tenantry.channel.reconcile import tasks
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound
from tenantry.rules.policy import TenantReseller
from tenantry.rules.reconcile.causes import CAUSES
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.reconcile import reconcile_difference, reconcile_run
from tenantry.tenancy import audit, permissions

RULE = "UP-44"
GOING_ON = ("waiting", "running")
NIGHTLY = "Nightly"
# What is older goes, but for the last of each tenant reseller.
KEPT = timedelta(days=90)
NIGHT = timedelta(hours=20)


def start(work: Work, tenant_reseller_id: UUID) -> UUID:
    """Ask for a comparison; a worker makes it. Gives its id, that of the one in hand where one is."""
    permissions.require(work, "reconcile:run")
    row = _arrangement(work, tenant_reseller_id)
    TenantReseller.require("reconcile", SimpleNamespace(standing=row.state, status=""))
    found = _going_on(work, tenant_reseller_id, "comparison")
    if found:
        return found
    id = _make(work, tenant_reseller_id, "comparison")
    audit.note(work, "reconcile.run", "Asked for a comparison with a tenant reseller.", tenant_reseller_id)
    return id


def start_all(work: Work) -> list[UUID]:
    """Ask for a comparison of every tenant reseller to whom something was transferred."""
    permissions.require(work, "reconcile:run")
    return [start(work, id) for id in to_compare(work)]


def to_compare(work: Work) -> Sequence[UUID]:
    """Give the tenant resellers to whom something was transferred."""
    compared, names = TenantReseller.acts["reconcile"], ("accounts_transferred", "live", "suspended")
    states = [name for name in names if compared.verdict(name)]
    query = (
        sa.select(tenant_reseller.c.id)
        .where(tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.state.in_(states))
        .order_by(tenant_reseller.c.id)
    )
    return list(work.connection.scalars(query))


def start_nightly(work: Work) -> list[UUID]:
    """Ask for the comparisons of the night: of every tenant reseller who had none since yesterday; forget old ones."""
    _forget(work)
    recent = sa.select(reconcile_run.c.tenant_reseller_id).where(
        reconcile_run.c.tenant_id == work.tenant_id,
        reconcile_run.c.kind == "comparison",
        sa.or_(reconcile_run.c.created_at > work.at - NIGHT, reconcile_run.c.status.in_(GOING_ON)),
    )
    had = set(work.connection.scalars(recent))
    return [_make(work, id, "comparison", by=NIGHTLY) for id in to_compare(work) if id not in had]


def repair(work: Work, run_id: UUID, reason: str) -> UUID:
    """Ask for the repair of what a comparison found; a worker makes it. Gives the id of the repair."""
    permissions.require(work, "reconcile:repair")
    if not reason.strip():
        raise Invalid(Fault("reason", "A repair needs a reason.", RULE, "Say in a few words why it is repaired."))
    row = work.connection.execute(_RUN, {"tenant": work.tenant_id, "id": run_id}).first()
    if row is None:
        raise NotFound("comparison")
    arrangement = _arrangement(work, row.tenant_reseller_id)
    TenantReseller.require("reconcile", SimpleNamespace(standing=arrangement.state, status=""))
    if row.kind != "comparison" or row.status != "completed":
        raise Conflict(
            "Only what a completed comparison found can be repaired.",
            code="not-a-comparison",
            rule=RULE,
            remedy="Wait for the comparison, or make one.",
        )
    mending = [code for code, one in CAUSES.items() if one.repairable]
    query = _ACCOUNTS.where(reconcile_difference.c.cause.in_(mending))
    total = work.connection.scalar(query, {"tenant": work.tenant_id, "id": run_id}) or 0
    if not total:
        raise Conflict(
            "This comparison found nothing that a repair can put right.",
            code="nothing-to-repair",
            rule=RULE,
            remedy="See to what its causes name, or make another comparison.",
        )
    found = _going_on(work, row.tenant_reseller_id, "repair")
    if found:
        raise Conflict("A repair is going on.", code="repair-going-on", rule=RULE, remedy="Wait for it.")
    id = _make(work, row.tenant_reseller_id, "repair", repairs_id=run_id, reason=reason.strip(), total=total)
    audit.note(
        work, "reconcile.repair", "Asked for the repair of differences.", row.tenant_reseller_id, reason=reason.strip()
    )
    return id


def _make(work: Work, tenant_reseller_id: UUID, kind: str, *, by: str = "", **more: object) -> UUID:
    id = new_id()
    work.connection.execute(
        sa.insert(reconcile_run).values(
            tenant_id=work.tenant_id,
            id=id,
            tenant_reseller_id=tenant_reseller_id,
            kind=kind,
            asked_by=None if by else work.actor.id,
            asked_by_name=(by or work.actor.name)[:320],
            created_at=work.at,
            **more,
        )
    )
    jobs.later(work.connection, tasks.RUN, lock=f"reconcile:{tenant_reseller_id}", tenant=work.tenant_id, run=id)
    return id


def _arrangement(work: Work, id: UUID) -> sa.Row[tuple[str]]:
    query = sa.select(tenant_reseller.c.state).where(
        tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == id
    )
    row = work.connection.execute(query.with_for_update(key_share=True)).first()
    if row is None:
        raise NotFound("tenant reseller")
    return row


def _going_on(work: Work, tenant_reseller_id: UUID, kind: str) -> UUID | None:
    query = sa.select(reconcile_run.c.id).where(
        reconcile_run.c.tenant_id == work.tenant_id,
        reconcile_run.c.tenant_reseller_id == tenant_reseller_id,
        reconcile_run.c.kind == kind,
        reconcile_run.c.status.in_(GOING_ON),
    )
    found: UUID | None = work.connection.scalar(query.order_by(reconcile_run.c.created_at).limit(1))
    return found


def _forget(work: Work) -> None:
    """Delete old runs with what they found; the last comparison of each tenant reseller stays, however old it is."""
    mine = reconcile_run.c.tenant_id == work.tenant_id
    last = (
        sa.select(reconcile_run.c.id)
        .where(mine, reconcile_run.c.kind == "comparison")
        .ext(distinct_on(reconcile_run.c.tenant_reseller_id))
        .order_by(reconcile_run.c.tenant_reseller_id, reconcile_run.c.created_at.desc())
    )
    old = list(
        work.connection.scalars(
            sa.select(reconcile_run.c.id).where(
                mine, reconcile_run.c.created_at < work.at - KEPT, reconcile_run.c.id.not_in(last)
            )
        )
    )
    if not old:
        return
    found = reconcile_difference.c
    work.connection.execute(
        sa.delete(reconcile_difference).where(found.tenant_id == work.tenant_id, found.run_id.in_(old))
    )
    # A repair names what it repairs, so it goes first.
    for which in (reconcile_run.c.kind == "repair", ~_is_repaired()):
        work.connection.execute(sa.delete(reconcile_run).where(mine, reconcile_run.c.id.in_(old), which))


def _is_repaired() -> sa.ColumnElement[bool]:
    by = reconcile_run.alias("by")
    return sa.exists().where(by.c.tenant_id == reconcile_run.c.tenant_id, by.c.repairs_id == reconcile_run.c.id)


_RUN = sa.select(reconcile_run).where(
    reconcile_run.c.tenant_id == sa.bindparam("tenant"), reconcile_run.c.id == sa.bindparam("id")
)
_ACCOUNTS = sa.select(sa.func.count(sa.distinct(reconcile_difference.c.account_id))).where(
    reconcile_difference.c.tenant_id == sa.bindparam("tenant"), reconcile_difference.c.run_id == sa.bindparam("id")
)
