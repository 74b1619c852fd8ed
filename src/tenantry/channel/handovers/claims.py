"""Claims: the accounts that a handover has in hand, so that no other touches them (HND-03)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel.problems import Conflict
from tenantry.rules.handover import Kind
from tenantry.rules.plan import GOING
from tenantry.schema.channel import handover_claim, handover_record


def claim(work: Work, row: dict[str, Any], kind: Kind) -> None:
    """Take the accounts of the plan in hand, in every tenant at once, since their ids are the same everywhere."""
    of = kind.subject
    whose = (
        sa.select(of.account.label("id"))
        .join(
            handover_record,
            sa.and_(handover_record.c.tenant_id == of.given.c.tenant_id, handover_record.c.id == of.given.c.id),
        )
        .where(
            of.given.c.tenant_id == row["tenant_id"],
            handover_record.c.handover_id == row["id"],
            handover_record.c.verdict.in_(GOING),
        )
        .distinct()
        .cte("whose")
    )
    going = sa.select(whose.c.id, sa.literal(row["tenant_id"]), sa.literal(row["id"])).order_by(whose.c.id)
    taking = insert(handover_claim).from_select(["subject_id", "tenant_id", "handover_id"], going)
    taken = (
        taking.on_conflict_do_nothing(index_elements=["subject_id"]).returning(handover_claim.c.subject_id).cte("taken")
    )
    counted = sa.select(sa.select(sa.func.count()).select_from(whose).scalar_subquery(), sa.func.count())
    wanted, claimed = work.connection.execute(counted.select_from(taken)).one()
    if claimed != wanted:
        message = f"{wanted - claimed} of its accounts are in the hands of another handover."
        raise Conflict(
            message, code="being-handed-over", rule="HND-03", remedy="Wait until that one has ended, then plan again."
        )
