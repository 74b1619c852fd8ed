"""The row of a handover: locked to be acted on, and changed."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers.words import LOCKED_HANDOVER
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.schema.channel import handover


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
