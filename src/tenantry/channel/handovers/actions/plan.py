"""Plan a handover: small plans at once, large ones by a worker."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry import jobs
from tenantry.channel.handovers import planning, tasks
from tenantry.channel.handovers.actions import choosing
from tenantry.channel.handovers.kinds import kind_named
from tenantry.channel.handovers.words import ARRANGEMENT
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import NotFound
from tenantry.rules.policy import TenantReseller
from tenantry.schema.channel import handover, handover_tenant
from tenantry.schema.crm import account
from tenantry.tenancy import audit, numbers, permissions


def plan(
    work: Work, kind: str, tenant_reseller_id: UUID, accounts: Sequence[UUID] | Literal["all"], *, reason: str = ""
) -> UUID:
    """Plan a handover of these accounts; small plans are complete on return,
    large ones are made by a worker (status `planning`).
    """
    permissions.require(work, "handover:plan")
    which = kind_named(kind)
    reseller = _reseller(work, tenant_reseller_id)
    TenantReseller.require("transfer_accounts", SimpleNamespace(standing=reseller["state"], status=""))
    chosen = choosing.within_reach(work, which, reseller) if accounts == "all" else choosing.checked(work, accounts)
    row = _new(work, which.name, reseller, chosen, reason)
    if choosing.is_small(work, reseller["id"], chosen):
        complete_plan(work, row)
    else:
        jobs.later(work.connection, tasks.PLAN, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"])
    audit.note(work, "handover.plan", f"Planned {which.title} to {reseller['name']}.", row["id"])
    return UUID(str(row["id"]))


def complete_plan(work: Work, row: Any) -> planning.Plan:
    """Make the plan of a handover and keep it with the handover."""
    planning.forget(work.connection, row)
    with work.across([row["tenant_id"], row["taker_id"]]) as connection:
        made = planning.write(connection, row, work.at)
    planning.keep(work.connection, row, made, work.at)
    return made


def _reseller(work: Work, id_: UUID) -> dict[str, Any]:
    found = work.connection.execute(ARRANGEMENT, {"tenant": work.tenant_id, "id": id_}).mappings().first()
    if found is None:
        what = "tenant reseller"
        raise NotFound(what)
    name = sa.select(account.c.name).where(account.c.tenant_id == work.tenant_id, account.c.id == id_)
    return {**found, "name": work.connection.scalar(name)}


def _new(
    work: Work, kind: str, reseller: dict[str, Any], accounts: list[UUID] | Literal["all"], reason: str
) -> dict[str, Any]:
    values = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "number": numbers.reserve(work, "handover"),
        "kind": kind,
        "tenant_reseller_id": reseller["id"],
        "taker_id": reseller["reseller_tenant_id"],
        "choices": {"accounts": accounts if accounts == "all" else sorted(str(one) for one in accounts)},
        "reason": reason,
        "planned_by": work.actor.id,
        "planned_by_name": work.actor.name,
        "created_at": work.at,
    }
    row = work.connection.execute(sa.insert(handover).values(values).returning(handover)).mappings().one()
    # Giver, taker and every tenant on both paths up to their common ancestor: here the taker's parent is the giver.
    touched = [{"handover_id": row["id"], "tenant_id": one} for one in (work.tenant_id, reseller["reseller_tenant_id"])]
    work.connection.execute(insert(handover_tenant).values(touched).on_conflict_do_nothing())
    return dict(row)
