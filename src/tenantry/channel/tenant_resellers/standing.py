"""Suspend, resume and close a tenant reseller (TEN-07): what he may do changes at once, in this transaction, and the
message about it tells his own tenant.
"""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.tenant_resellers.effects import Effect, effects
from tenantry.crm import history
from tenantry.crm.actions.status import reason
from tenantry.database import Work
from tenantry.kernel.problems import Conflict
from tenantry.rules.policy import TenantReseller
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant
from tenantry.tenancy import audit, permissions, records
from tenantry.tenancy.telling import STANDING

RULE = "TEN-07"


def suspend(work: Work, tenant_reseller_id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Suspend a tenant reseller: his users look, and neither sell nor change anything; what runs goes on."""
    row = _held(work, tenant_reseller_id, "suspend", version)
    _become(work, row, "suspended", "The tenant reseller was suspended", because, suspended_at=work.at)


def resume(work: Work, tenant_reseller_id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Resume a suspended tenant reseller: he is again what he was before."""
    row = _held(work, tenant_reseller_id, "resume", version)
    _become(work, row, _as_before(work, row), "The tenant reseller was resumed", because, suspended_at=None)


def close(work: Work, tenant_reseller_id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Close a tenant reseller for good; raises Conflict with counts and the way out while something of his lives on,
    so that nothing is orphaned.
    """
    row = _held(work, tenant_reseller_id, "close", version)
    with work.governing() as connection:
        # What is on its way in his tenant is waited for, and counted; what begins now finds it closed.
        connection.execute(_ALONE, {"below": row.reseller_tenant_id})
    left = [one for one in effects(work, tenant_reseller_id, "close") if one.stops]
    if left:
        raise _still_lives(left)
    _become(work, row, "closed", "The tenant reseller was closed", because, closed_at=work.at)


def tell(work: Work, tenant_reseller_id: UUID) -> None:
    """Tell his own tenant how he stands, to be read as it is when it is applied."""
    jobs.tell(work.connection, work.tenant_id, STANDING, tenant_reseller_id)


def _held(work: Work, id: UUID, act: str, version: int | None) -> records.Row:
    permissions.require(work, "tenant_resellers:edit")
    row = records.locked(work, tenant_reseller, id, version=version, what="tenant reseller")
    TenantReseller.require(act, SimpleNamespace(standing=row.state, status=""))
    return row


def _become(work: Work, row: records.Row, state: str, sentence: str, because: str, **moments: datetime | None) -> None:
    line = sentence + reason(because)
    records.write(work, tenant_reseller, row.id, {"state": state})
    below = (tenant.c.id == row.reseller_tenant_id, tenant.c.parent_id == work.tenant_id)
    with work.governing() as connection:
        connection.execute(sa.update(tenant).where(*below).values(**moments))
    history.write(work, "tenant_reseller", row.id, line, changes={"state": {"before": row.state, "after": state}})
    audit.note(work, f"tenant_resellers.{state}", line + ".", row.id)
    tell(work, row.id)


def _as_before(work: Work, row: records.Row) -> str:
    """Say what he was, by what is there: a handover that was undone meanwhile counts."""
    copied = sa.exists().where(account.c.tenant_id == work.tenant_id, account.c.managed_by == row.reseller_tenant_id)
    state = sa.case((tenant.c.live_at.is_not(None), "live"), (copied, "accounts_transferred"), else_="set_up")
    return str(work.connection.execute(sa.select(state).where(tenant.c.id == row.reseller_tenant_id)).scalar_one())


def _still_lives(left: Sequence[Effect]) -> Conflict:
    counts: dict[str, Any] = {one.code: one.count for one in left}
    named = " ".join(f"{one.count:,} {one.things} {one.says}" for one in left)
    remedy = " ".join(dict.fromkeys(one.remedy for one in left))
    return Conflict(f"He cannot be closed yet. {named}", code="still-in-use", rule=RULE, remedy=remedy, counts=counts)


_ALONE = sa.select(tenant.c.id).where(tenant.c.id == sa.bindparam("below")).with_for_update()
