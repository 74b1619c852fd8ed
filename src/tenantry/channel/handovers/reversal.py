"""Undo a handover in chunks: what stands in the way is said per account,
the rest goes back to where it was (HND-05, DN-34).
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.channel.handovers import taking_back
from tenantry.channel.handovers.follow_ups import taken_back
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.obstacles import blocked, reversal_words
from tenantry.channel.handovers.words import LOCKED_HANDOVER, NOBODY, TENANTS
from tenantry.database import Database, Work
from tenantry.rules.binds import AFTER, GIVER, HANDOVER, MOMENT, RESELLER, TAKER, UNDOING, UPTO
from tenantry.rules.chosen import undone
from tenantry.rules.derived import derived_id
from tenantry.rules.handover import Kind, seller
from tenantry.schema.base import ID
from tenantry.schema.channel import handover, handover_claim, handover_record
from tenantry.schema.crm import account, history_line

CHUNK = 2_000
FEW = 100


def run(
    database: Database,
    tenant_id: UUID,
    handover_id: UUID,
    should_stop: Callable[[], bool] = lambda: False,
    chunk: int = CHUNK,
) -> bool:
    """Undo to the end; False when it was asked to stop before, after a committed chunk."""
    with database.installation() as connection:
        tenants = list(connection.scalars(TENANTS, {"id": handover_id}))
    while True:
        with database.channel(tenant_id, tenants) as work:
            finished = _chunk(work, handover_id, chunk)
        if finished:
            return True
        if should_stop():
            return False


def _chunk(work: Work, handover_id: UUID, size: int) -> bool:
    row = work.connection.execute(LOCKED_HANDOVER, {"tenant": work.tenant_id, "id": handover_id}).mappings().first()
    if row is None or row["status"] != "undoing":
        return True
    kind, words = KINDS[row["kind"]], {**reversal_words(row, work.at), "after": row["position"] or NOBODY}
    ids = list(work.connection.scalars(_NEXT, {**words, "size": row["total"] if kind.at_once else size}))
    if not ids:
        return _end(work, row, stopped=kind.at_once and stops(work, kind, words))
    words |= {"upto": ids[-1], "undoing": ids}
    if len(ids) > FEW:
        # Of a tenant that has just begun to grow the planner expects one row, and would read all for each record.
        work.connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    _decide(work, row, kind, words)
    _give_back(work, kind, words)
    work.connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(position=ids[-1], done=handover.c.done + len(ids), version=handover.c.version + 1)
    )
    return _end(work, row) if kind.at_once else False


def _decide(work: Work, row: Any, kind: Kind, words: dict[str, Any]) -> None:
    """Lock the chunk's accounts on both sides, then give each its outcome:
    undone, or kept with what stands in its way.
    """
    work.connection.execute(_lock(kind), words)
    wanted = row["choices"].get("undo", "all")
    of_these = [
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id == sa.any_(UNDOING),
        handover_record.c.outcome.in_(["copied", "kept"]),
    ]
    if wanted != "all":
        of_these.append(handover_record.c.id == sa.any_(sa.literal([UUID(one) for one in wanted], sa.ARRAY(ID))))
    work.connection.execute(sa.update(handover_record).values(outcome="undone", why=None).where(*of_these), words)
    for check in kind.obstacles:
        if check.whole:
            if work.connection.execute(check.offenders, words).first():
                kept = sa.update(handover_record).values(outcome="kept", why=check.code)
                work.connection.execute(kept.where(*_in_chunk()), words)
        else:
            stands = blocked(check, "undone").scalar_subquery()
            kept = (
                sa.update(handover_record)
                .values(outcome="kept", why=check.code)
                .where(*_in_chunk(), handover_record.c.id.in_(stands))
            )
            work.connection.execute(kept, words)


def _give_back(work: Work, kind: Kind, words: dict[str, Any]) -> None:
    execute = work.connection.execute
    for copy in reversed([one for one in kind.copies if one.id is None]):
        execute(taking_back.delete(copy), words)
    # A restored billing address must find no other, in whatever order the rows come back.
    for lapse in kind.lapses:
        if not lapse.only_gone:
            execute(lapse.release, words)
    for copy in [one for one in kind.copies if one.wakes]:
        execute(taking_back.restore(copy), words)
    for lapse in kind.lapses:
        if lapse.gives_way:
            execute(taking_back.put_back(lapse.copy), words)
    for mark in reversed(kind.marks):
        execute(mark.lift, words)
    execute(_history(kind), words)


def stops(work: Work, kind: Kind, words: dict[str, Any]) -> bool:
    """Say whether something stands in the way of undoing any of it."""
    return any(check.whole and work.connection.execute(check.offenders, words).first() for check in kind.obstacles)


def _end(work: Work, row: Any, *, stopped: bool = False) -> bool:
    mine = (handover_record.c.tenant_id == row["tenant_id"], handover_record.c.handover_id == row["id"])
    figures = sa.select(handover_record.c.outcome, sa.func.count()).where(*mine, handover_record.c.outcome.is_not(None))
    outcomes: dict[str, int] = dict(work.connection.execute(figures.group_by(handover_record.c.outcome)).all())
    left = outcomes.get("copied", 0) + outcomes.get("kept", 0) + stopped
    planned = {key: count for key, count in row["counts"].items() if key in {"new", "wake", "held", "clash", "here"}}
    work.connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(
            status="completed_with_failures" if left else "undone",
            undone_at=work.at,
            counts={**planned, **outcomes},
            version=handover.c.version + 1,
        )
    )
    work.connection.execute(sa.delete(handover_claim).where(handover_claim.c.handover_id == row["id"]))
    taken_back(work, row, left=left)
    return True


def _in_chunk() -> list[sa.ColumnElement[bool]]:
    return [
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id == sa.any_(UNDOING),
        handover_record.c.outcome == "undone",
    ]


_NEXT = (
    sa.select(handover_record.c.id)
    .where(
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id > AFTER,
        handover_record.c.outcome.in_(["copied", "kept"]),
    )
    .order_by(handover_record.c.id)
    .limit(sa.bindparam("size"))
)


@cache
def _lock(kind: Kind) -> sa.Select[Any]:
    """Lock the accounts of a chunk on both sides."""
    of = kind.subject
    whose = (
        sa.select(of.account)
        .join(handover_record, handover_record.c.id == of.given.c.id)
        .where(
            of.given.c.tenant_id == GIVER,
            handover_record.c.tenant_id == GIVER,
            handover_record.c.handover_id == HANDOVER,
            handover_record.c.id > AFTER,
            handover_record.c.id <= UPTO,
        )
    )
    locking = (
        sa.select(account.c.id)
        .where(account.c.tenant_id.in_([GIVER, TAKER]), account.c.id.in_(whose))
        .order_by(account.c.id, account.c.tenant_id)
        .with_for_update()
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(locking)


@cache
def _history(kind: Kind) -> Any:
    """Write above what was taken back."""
    given = kind.subject.given
    line = sa.select(
        GIVER.label("tenant_id"),
        derived_id(HANDOVER, undone.c.id, "undone"),
        kind.subject.entity,
        undone.c.id,
        MOMENT,
        sa.literal("Tenantry"),
        kind.undone_says,
        HANDOVER,
    ).select_from(
        undone.join(given, sa.and_(given.c.tenant_id == GIVER, given.c.id == undone.c.id)).join(
            seller, sa.and_(seller.c.tenant_id == GIVER, seller.c.id == RESELLER)
        )
    )
    return (
        insert(history_line)
        .from_select(["tenant_id", "id", "entity", "subject_id", "at", "actor", "sentence", "handover_id"], line)
        .on_conflict_do_nothing()
    )
