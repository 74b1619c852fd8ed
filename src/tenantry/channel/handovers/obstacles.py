"""What stands in the way of undoing a handover (HND-05, DN-34)."""

from typing import Any

import sqlalchemy as sa

from tenantry.channel.handovers.planning import Finding
from tenantry.channel.handovers.words import LAST, NOBODY, words_of
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.rules.binds import AFTER, GIVER, HANDOVER, TAKER, UPTO
from tenantry.rules.check import Check
from tenantry.rules.handover import Kind
from tenantry.rules.policy import no
from tenantry.schema.channel import handover_record


def require_none_for_all(work: Work, row: dict[str, Any], kind: Kind) -> None:
    """Raise Refused when something stands in the way of undoing any of it."""
    words = reversal_words(row, work.at)
    with work.across([row["tenant_id"], row["taker_id"]]) as connection:
        for check in kind.obstacles:
            if check.whole and connection.execute(check.offenders, words).first():
                raise Refused(no(check.rule, check.says), remedy=check.remedy)


def obstacles_of(connection: sa.Connection, row: dict[str, Any], kind: Kind, at: Any) -> tuple[Finding, ...]:
    """Say what stands in the way of undoing which accounts; `connection` reads both tenants."""
    words = {**reversal_words(row, at), "after": NOBODY, "upto": LAST}
    found: list[Finding] = []
    for check in kind.obstacles:
        query = check.offenders if check.whole else blocked(check)
        ids = [str(one) for one in connection.scalars(query, words)]
        if ids:
            named = () if check.whole else tuple(ids[:1000])
            found.append(
                Finding(
                    check.code,
                    check.rule,
                    check.severity,
                    check.says,
                    check.remedy,
                    0 if check.whole else len(ids),
                    named,
                )
            )
    return tuple(found)


def reversal_words(row: Any, at: Any) -> dict[str, Any]:
    return words_of(row, at=at, since=row["started_at"] or at)


def blocked(check: Check, outcome: str = "copied") -> sa.Select[Any]:
    copied = check.offenders.get_final_froms()[0]
    outcomes = [outcome] if outcome == "undone" else ["copied", "kept"]
    record = sa.and_(
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id == copied.c.id,
        handover_record.c.id > AFTER,
        handover_record.c.id <= UPTO,
        handover_record.c.outcome.in_(outcomes),
    )
    joined = sa.join(handover_record, copied, sa.and_(record, copied.c.tenant_id == TAKER))
    return sa.select(copied.c.id).select_from(joined).where(check.breaks).order_by(copied.c.id)
