"""Undo a handover."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.handovers import seeing, tasks
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.obstacles import require_none_for_all
from tenantry.channel.handovers.rows import locked, update
from tenantry.channel.handovers.taker import require_gives_back
from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.base import ID
from tenantry.schema.channel import handover_record
from tenantry.tenancy import audit, permissions

NAMED = 100


def reverse(work: Work, handover_id: UUID, accounts: Sequence[UUID] | None = None) -> None:
    """Undo a handover, whole or for some accounts;
    what stands in the way stays where it is, each with its reason (HND-05, DN-34).
    """
    permissions.require(work, "handover:confirm")
    row = locked(work, handover_id)
    if row["status"] not in {"completed", "completed_with_failures", "cancelled", "failed"}:
        message = f"This handover is {row['status'].replace('_', ' ')}; only one that has run can be undone."
        raise Conflict(message, code="not-undoable", rule="HND-05", remedy="Wait until it has ended.")
    require_gives_back(work, row)
    _require_of_it(work, row, accounts or ())
    kind = KINDS[row["kind"]]
    if kind.at_once and accounts is not None:
        message = f"{kind.title} happened as a whole, so it is undone as a whole."
        raise Conflict(message, code="only-whole", rule=kind.rule, remedy="Undo all of it.")
    left = _copied(work, row, accounts)
    if not left and not (kind.at_once and row["status"] == "completed"):
        message = "Nothing of this handover is left to be undone."
        raise Conflict(message, code="nothing-to-undo", rule="HND-05")
    require_none_for_all(work, row, kind)
    update(
        work,
        row,
        status="undoing",
        choices={**row["choices"], "undo": "all" if accounts is None else [str(one) for one in accounts]},
        position=None,
        done=0,
        total=left,
        cancel_asked=False,
        undone_by=work.actor.id,
        undone_by_name=work.actor.name,
    )
    jobs.later(work.connection, tasks.UNDO, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"])
    audit.note(work, "handover.undo", f"Undoes handover {row['number']}.", row["id"])


def _require_of_it(work: Work, row: dict[str, Any], accounts: Sequence[UUID]) -> None:
    """Raise Invalid for ids that the handover does not have, or that he who asks may not see; those that it took back
    already are left out in peace.
    """
    its = sa.select(handover_record.c.id).where(
        handover_record.c.tenant_id == row["tenant_id"],
        handover_record.c.handover_id == row["id"],
        handover_record.c.id == sa.any_(sa.literal(list(accounts), sa.ARRAY(ID))),
        seeing.seen(work),
    )
    found = set(work.connection.scalars(its)) if accounts else set()
    unknown = [(place, id_) for place, id_ in enumerate(accounts) if id_ not in found]
    if unknown:
        remedy = "Take ids from the results of the handover."
        raise Invalid(
            *(
                Fault(f"accounts[{place}]", f"There is no account {id_} in this handover.", "HND-05", remedy)
                for place, id_ in unknown[:NAMED]
            )
        )


def _copied(work: Work, row: dict[str, Any], accounts: Sequence[UUID] | None) -> int:
    where = [
        handover_record.c.tenant_id == row["tenant_id"],
        handover_record.c.handover_id == row["id"],
        handover_record.c.outcome.in_(["copied", "kept"]),
    ]
    if accounts is not None:
        where.append(handover_record.c.id.in_(list(accounts)))
    return work.connection.scalar(sa.select(sa.func.count()).select_from(handover_record).where(*where)) or 0
