"""The row of a handover: made, locked to be acted on, and changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.channel.handovers.words import LOCKED_HANDOVER
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import NotFound
from tenantry.schema.channel import handover, handover_tenant
from tenantry.tenancy import numbers


def new(
    work: Work, kind: str, to: Mapping[str, Any], choices: Mapping[str, Any], reason: str, who: UUID | None, name: str
) -> dict[str, Any]:
    """Make a handover; `to` names tenant reseller and taker, as the row of another handover does."""
    values = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "number": numbers.reserve(work, "handover"),
        "kind": kind,
        "tenant_reseller_id": to["tenant_reseller_id"],
        "taker_id": to["taker_id"],
        "choices": dict(choices),
        "reason": reason,
        "planned_by": who,
        "planned_by_name": name,
        "created_at": work.at,
    }
    row = work.connection.execute(sa.insert(handover).values(values).returning(handover)).mappings().one()
    # Giver, taker and every tenant on both paths up to their common ancestor: here the taker's parent is the giver.
    touched = [{"handover_id": row["id"], "tenant_id": one} for one in (work.tenant_id, to["taker_id"])]
    work.connection.execute(insert(handover_tenant).values(touched).on_conflict_do_nothing())
    return dict(row)


def locked(work: Work, id_: UUID) -> dict[str, Any]:
    row = work.connection.execute(LOCKED_HANDOVER, {"tenant": work.tenant_id, "id": id_}).mappings().first()
    if row is None:
        what = "handover"
        raise NotFound(what)
    return dict(row)


def update(work: Work, row: dict[str, Any], **values: Any) -> None:
    work.connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(**values, version=handover.c.version + 1)
    )
