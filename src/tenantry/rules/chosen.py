"""Which records a statement is about: the chunk that a run or an undo is at, or a page of a preview."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import AFTER, GIVER, HANDOVER, UNDOING, UPTO
from tenantry.schema.channel import handover_record

WAKING = ("moved_out", "transferred_out")
# What goes by these names lies between two ids: the chunk that a run looks at, what it copies, a page of a preview.
RANGES = {"waiting", "chunk", "page"}
# The chunk that a run is at: the records of the handover between two ids that were found equal to the plan.
chunk = (
    sa.select(handover_record.c.id, handover_record.c.verdict)
    .where(
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id > AFTER,
        handover_record.c.id <= UPTO,
        handover_record.c.outcome == "copied",
    )
    .subquery("chunk")
)

# The chunk that an undo is at: the records that it found free to go back, without those that went back before.
undone = (
    sa.select(handover_record.c.id, handover_record.c.verdict)
    .where(
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id == sa.any_(UNDOING),
        handover_record.c.outcome == "undone",
    )
    .subquery("undone")
)


def of_chosen(table: Any, owner: sa.ColumnElement[Any], chosen: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that the giver's row belongs to a chosen record.

    A chunk or page lies between two ids, and that is said of the row too:
    so an index leads to it, however many others the tenant has.
    """
    between = (owner > AFTER, owner <= UPTO) if getattr(chosen, "name", "") in RANGES else ()
    return sa.and_(table.c.tenant_id == GIVER, owner == chosen.c.id, *between)
