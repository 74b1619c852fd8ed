"""Cancel a handover."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers.rows import locked, update
from tenantry.database import Work
from tenantry.kernel.problems import Conflict
from tenantry.schema.channel import handover_claim
from tenantry.tenancy import audit, permissions


def cancel(work: Work, handover_id: UUID) -> None:
    """Cancel a handover: a plan at once, a run after the chunk in hand;
    committed chunks stay and are recorded (HND-03).
    """
    permissions.require(work, "handover:confirm")
    row = locked(work, handover_id)
    if row["status"] in {"planning", "planned", "awaiting_approval", "scheduled"}:
        update(work, row, status="cancelled", problem=f"Cancelled by {work.actor.name}.", completed_at=work.at)
        work.connection.execute(sa.delete(handover_claim).where(handover_claim.c.handover_id == row["id"]))
    elif row["status"] == "running":
        update(work, row, cancel_asked=True)
    else:
        message = f"This handover is {row['status'].replace('_', ' ')}; there is nothing to cancel."
        raise Conflict(message, code="ended", rule="HND-03", remedy="Undo it, where the rules allow it.")
    audit.note(work, "handover.cancel", f"Cancelled handover {row['number']}.", row["id"])
