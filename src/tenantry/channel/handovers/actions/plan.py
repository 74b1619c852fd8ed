"""Plan a handover: small plans at once, large ones by a worker."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.handovers import planning, tasks
from tenantry.channel.handovers.actions import choosing
from tenantry.channel.handovers.kinds import kind_named
from tenantry.channel.handovers.rows import new
from tenantry.channel.handovers.words import ARRANGEMENT
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.rules.activate_back_ordering import ACTIVATE_BACK_ORDERING
from tenantry.rules.activate_back_ordering.checks import accounts_left, left
from tenantry.rules.policy import TenantReseller
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema.crm import account
from tenantry.tenancy import audit, permissions


def plan(
    work: Work,
    kind: str,
    tenant_reseller_id: UUID,
    chosen: Sequence[UUID] | Literal["all"] = "all",
    *,
    rates: Mapping[str, Decimal] | None = None,
    reason: str = "",
) -> UUID:
    """Plan a handover of these accounts or subscriptions; small plans are complete on return,
    large ones are made by a worker (status `planning`).

    `rates` says at which rate what is in another currency is converted (DN-44). Going live copies the accounts that are
    left first: then the plan is that of their transfer, and going live follows it by itself (DN-45).
    """
    permissions.require(work, "handover:plan")
    which = kind_named(kind)
    reseller = _reseller(work, tenant_reseller_id)
    TenantReseller.require(which.name, SimpleNamespace(standing=reseller["state"], status=""))
    choices: dict[str, Any] = {}
    if which is ACTIVATE_BACK_ORDERING and _accounts_go_first(work, reseller):
        which, choices = TRANSFER_ACCOUNTS, {"then": which.name}
    of = choosing.within_reach(work, which, reseller) if chosen == "all" else choosing.checked(work, which, chosen)
    if which is not ACTIVATE_BACK_ORDERING:
        choices[which.subject.many] = of if of == "all" else sorted(str(one) for one in of)
    if rates:
        choices["rates"] = choosing.rates(work, which, reseller, rates)
    to = {"tenant_reseller_id": reseller["id"], "taker_id": reseller["reseller_tenant_id"]}
    row = new(work, which.name, to, choices, reason, work.actor.id, work.actor.name)
    if choosing.is_small(work, which, reseller, of):
        complete_plan(work, row)
    else:
        jobs.later(work.connection, tasks.PLAN, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"])
    audit.note(work, "handover.plan", f"Planned {which.title} to {reseller['name']}.", row["id"])
    return UUID(str(row["id"]))


def _accounts_go_first(work: Work, reseller: Mapping[str, Any]) -> bool:
    """Say whether accounts are left, and nothing else: what they have would have to go as well."""
    words = {"giver": work.tenant_id, "taker": reseller["reseller_tenant_id"], "reseller": reseller["id"]}
    asked = sa.select(sa.exists(accounts_left), sa.exists(left))
    has_accounts, has_more = work.connection.execute(asked, words).one()
    return bool(has_accounts and not has_more)


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
