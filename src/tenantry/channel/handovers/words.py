"""What the statements of one handover are told: who gives, who takes, which reseller, when."""

from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Row
from tenantry.schema.channel import handover, handover_tenant, tenant_reseller

PLAN, RUN, UNDO = "handover.plan", "handover.run", "handover.undo"
NOBODY, LAST = UUID(int=0), UUID(int=2**128 - 1)

_HANDOVER = sa.select(handover).where(
    handover.c.tenant_id == sa.bindparam("tenant"), handover.c.id == sa.bindparam("id")
)
HANDOVER = _HANDOVER
LOCKED_HANDOVER = _HANDOVER.with_for_update()

TENANTS = (
    sa.select(handover_tenant.c.tenant_id)
    .where(handover_tenant.c.handover_id == sa.bindparam("id"))
    .order_by(handover_tenant.c.tenant_id)
)

ARRANGEMENT = sa.select(tenant_reseller).where(
    tenant_reseller.c.tenant_id == sa.bindparam("tenant"), tenant_reseller.c.id == sa.bindparam("id")
)


def chosen_of(row: Row) -> Literal["all"] | list[str]:
    """Give which records a handover is of: the ids that were named, or all."""
    choices = row["choices"]
    found: Literal["all"] | list[str] = choices.get("subscriptions", choices.get("accounts", "all"))
    return found


def words_of(row: Row, **more: Any) -> dict[str, Any]:
    """Give the parameters that a handover's statements are told."""
    chosen = chosen_of(row)
    return {
        "giver": row["tenant_id"],
        "taker": row["taker_id"],
        "reseller": row["tenant_reseller_id"],
        "handover": row["id"],
        "chosen": [] if chosen == "all" else [UUID(one) for one in chosen],
        "rates": row["choices"].get("rates", {}),
        "after": NOBODY,
        **more,
    }
