"""Run a handover in chunks: each locks its accounts, looks again, copies what is still as it was confirmed,
and commits with its own progress.

Whatever kills the process, the next run goes on after the last committed chunk;
two runners take turns at the handover's row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.channel.handovers.follow_ups import ended, prepare
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.words import LAST, LOCKED_HANDOVER, NOBODY, TENANTS, words_of
from tenantry.database import Database, Work
from tenantry.kernel.actor import SYSTEM
from tenantry.rules import plan
from tenantry.rules.binds import GIVER
from tenantry.rules.chosen import chunk
from tenantry.rules.handover import Kind
from tenantry.schema.channel import handover, handover_before, handover_claim, handover_record
from tenantry.schema.crm import account
from tenantry.schema.tenant import counter

CHUNK = 5_000


@dataclass(frozen=True)
class Step:
    """What one chunk did."""

    finished: bool
    done: int = 0
    then: UUID | None = None


def run(
    database: Database,
    tenant_id: UUID,
    handover_id: UUID,
    should_stop: Callable[[], bool] = lambda: False,
    size: int = CHUNK,
) -> bool:
    """Run a confirmed handover to its end; False when it was asked to stop before, after a committed chunk."""
    with database.installation() as connection:
        tenants = list(connection.scalars(TENANTS, {"id": handover_id}))
    plainly = True
    while True:
        try:
            with database.channel(tenant_id, tenants, SYSTEM) as work:
                step = _chunk(work, handover_id, size, plainly=plainly)
        except _Changed:
            with database.channel(tenant_id, tenants, SYSTEM) as work:
                _give_up(work, handover_id)
            return True
        except sa.exc.IntegrityError:
            # A row with that id stands below already; the careful form goes round it.
            if not plainly:
                raise
            plainly = False
            continue
        plainly = True
        if step.finished:
            return run(database, tenant_id, step.then, should_stop, size) if step.then else True
        if should_stop():
            return False


class _Changed(Exception):
    """Something of a handover that is all or nothing has changed since it was confirmed."""


def _give_up(work: Work, handover_id: UUID) -> None:
    row = work.connection.execute(LOCKED_HANDOVER, {"tenant": work.tenant_id, "id": handover_id}).mappings().first()
    if row is not None and row["status"] in {"scheduled", "running"}:
        problem = "Something of it has changed since it was confirmed, and it happens as a whole or not; plan it again."
        _end(work, row, "failed", problem=problem)


def _chunk(work: Work, handover_id: UUID, size: int, *, plainly: bool) -> Step:
    row = work.connection.execute(LOCKED_HANDOVER, {"tenant": work.tenant_id, "id": handover_id}).mappings().first()
    if row is None or row["status"] not in {"scheduled", "running"}:
        return Step(finished=True)
    kind = KINDS[row["kind"]]
    if row["rules"] != kind.fingerprint:
        return _end(
            work, row, "failed", problem="The rules have changed since it was planned; plan it again for what is left."
        )
    if row["cancel_asked"]:
        return _end(work, row, "cancelled", problem="Cancelled during the run; what had been committed stays.")
    words = words_of(row, at=work.at, actor_id=row["confirmed_by"], actor=row["confirmed_by_name"])
    words["after"] = row["position"] or NOBODY
    upto, number = _reach(work, words, row["total"] if kind.at_once else size)
    if upto is None and not kind.at_once:
        return _end(work, row, "completed")
    words["upto"] = upto or LAST
    stopped = work.connection.scalar(plan.stops(kind), words)
    if stopped is not None:
        check = plan.all_checks(kind)[stopped]
        return _end(work, row, "failed", problem=f"{check.says} {check.remedy}")
    copied = _copy(work, kind, words, plainly=plainly) if upto else 0
    if kind.at_once and copied != number:
        raise _Changed
    _progress(work, row, upto, number)
    return _end(work, row, "completed") if kind.at_once else Step(finished=False, done=copied)


def _reach(work: Work, words: dict[str, Any], size: int) -> tuple[UUID | None, int]:
    """Say how far this chunk goes, and how many records it has."""
    ids = list(work.connection.scalars(_NEXT, {**words, "size": size}))
    return (ids[-1], len(ids)) if ids else (None, 0)


def _copy(work: Work, kind: Kind, words: dict[str, Any], *, plainly: bool) -> int:
    """Copy one chunk: lock, look again, keep what is written over, copy, mark."""
    execute = work.connection.execute
    execute(lock(kind), words)
    outcomes = execute(plan.outcome(kind), words).all()
    copied = [verdict for outcome, verdict, _ in outcomes if outcome == "copied"]
    keeps = any(keeps for _, _, keeps in outcomes)
    if not copied:
        return 0
    if "wake" in copied:
        _keep_what_wakes(work, kind, words)
    for mark in kind.marks:
        if keeps and mark.restores:
            _keep(work, mark.old_rows(chunk), mark.table.name, words["giver"], words)
    prepare(work, kind, words)
    made = sum(verdict != "live" for verdict in copied)
    words["first_number"] = execute(_NUMBERS, {**words, "count": made}).scalar_one()
    # Looking for a conflict costs a quarter of an insert, and new accounts have nothing below to be in conflict with.
    plainly = plainly and "wake" not in copied
    for copy in kind.copies:
        execute(copy.insert_plainly if plainly else copy.insert, words)
    for mark in kind.marks:
        if keeps or not mark.only_keeping:
            execute(mark.mark, words)
    return len(copied)


def _keep_what_wakes(work: Work, kind: Kind, words: dict[str, Any]) -> None:
    # Of a tenant that has just begun to grow the planner expects one row, and would read all of them for each record.
    work.connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    for lapse in kind.lapses:
        _keep(work, lapse.old_rows, lapse.copy.into.name, words["taker"], words)
    for copy in kind.copies:
        if copy.wakes:
            _keep(work, copy.old_rows(), copy.into.name, words["taker"], words)
    for lapse in kind.lapses:
        work.connection.execute(lapse.lapse, words)
    work.connection.exec_driver_sql("SET LOCAL enable_nestloop TO DEFAULT")


def _keep(work: Work, rows: sa.Select[Any], table: str, whose: UUID, words: dict[str, Any]) -> None:
    found = rows.subquery("found")
    columns = [
        "tenant_id",
        "handover_id",
        "row_tenant_id",
        "table_name",
        "id",
        "account_id",
        "old_row",
        "version_written",
    ]
    kept = sa.select(
        sa.literal(words["giver"]),
        sa.literal(words["handover"]),
        sa.literal(whose),
        sa.literal(table),
        found.c.id,
        found.c.account_id,
        found.c.old_row,
        found.c.version_written,
    )
    work.connection.execute(insert(handover_before).from_select(columns, kept).on_conflict_do_nothing(), words)


def _progress(work: Work, row: Any, upto: UUID | None, number: int) -> None:
    work.connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(
            status="running",
            started_at=row["started_at"] or work.at,
            position=upto,
            done=handover.c.done + number,
            version=handover.c.version + 1,
        )
    )


def _end(work: Work, row: Any, status: str, problem: str = "") -> Step:
    """Write the end: figures per outcome, the state of the reseller, and what was in hand is free again."""
    mine = (handover_record.c.tenant_id == row["tenant_id"], handover_record.c.handover_id == row["id"])
    figures = sa.select(handover_record.c.outcome, sa.func.count()).where(*mine, handover_record.c.outcome.is_not(None))
    outcomes: dict[str, int] = dict(work.connection.execute(figures.group_by(handover_record.c.outcome)).all())
    if status == "completed" and outcomes.get("changed"):
        status = "completed_with_failures"
    work.connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(
            status=status,
            completed_at=work.at,
            problem=problem,
            counts={**row["counts"], **outcomes},
            version=handover.c.version + 1,
        )
    )
    work.connection.execute(sa.delete(handover_claim).where(handover_claim.c.handover_id == row["id"]))
    return Step(finished=True, then=ended(work, row, status, outcomes))


_NEXT = (
    sa.select(handover_record.c.id)
    .where(
        handover_record.c.tenant_id == sa.bindparam("giver"),
        handover_record.c.handover_id == sa.bindparam("handover"),
        handover_record.c.id > sa.bindparam("after"),
        handover_record.c.verdict.in_(plan.GOING),
        handover_record.c.outcome.is_(None),
    )
    .order_by(handover_record.c.id)
    .limit(sa.bindparam("size"))
)


@cache
def lock(kind: Kind) -> sa.Select[Any]:
    """Lock the accounts of a chunk at the giver, in the order of their ids,
    so that two who want the same wait and never block each other for good.
    """
    of = kind.subject
    whose = (
        sa.select(of.account)
        .join(plan.waiting, plan.waiting.c.id == of.given.c.id)
        .where(of.given.c.tenant_id == GIVER)
    )
    locking = (
        sa.select(account.c.id)
        .where(account.c.tenant_id == GIVER, account.c.id.in_(whose))
        .order_by(account.c.id)
        .with_for_update(key_share=True)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(locking)


_NUMBERS = (
    sa.update(counter)
    .where(counter.c.tenant_id == sa.bindparam("taker"), counter.c.name == "account")
    .values(next=counter.c.next + sa.bindparam("count"))
    .returning(counter.c.next - sa.bindparam("count"))
)
