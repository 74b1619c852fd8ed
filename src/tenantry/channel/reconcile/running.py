"""Run a comparison or a repair in chunks of accounts, each one snapshot of both tenants that commits its own progress.

Whatever kills the process, the next run goes on after the last committed chunk.
"""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tenantry.channel.mirror.applying import OVERTAKEN
from tenantry.channel.reconcile import chunks, repairing
from tenantry.channel.reconcile.chunks import Tally
from tenantry.database import Database, Work
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.message import mirror_progress
from tenantry.schema.reconcile import reconcile_difference, reconcile_run

CHUNK = 500
TRIES = 20
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)

Row = sa.RowMapping


def run(
    database: Database,
    tenant_id: UUID,
    run_id: UUID,
    should_stop: Callable[[], bool] = lambda: False,
    size: int = CHUNK,
) -> bool:
    """Run it to its end; False when it was asked to stop before, after a committed chunk."""
    reseller_id = _reseller_of(database, tenant_id, run_id)
    while reseller_id and not _chunk(database, tenant_id, reseller_id, run_id, size):
        if should_stop():
            return False
    return True


def _reseller_of(database: Database, tenant_id: UUID, run_id: UUID) -> UUID | None:
    with database.work(tenant_id) as work:
        found: UUID | None = work.connection.scalar(_RESELLER, {"tenant": tenant_id, "id": run_id})
    return found


def _chunk(database: Database, tenant_id: UUID, reseller_id: UUID, run_id: UUID, size: int) -> bool:
    """Take the next chunk; one that changes overtook is taken anew. Says whether that was the last."""
    for left in reversed(range(TRIES)):
        try:
            return _next(database, tenant_id, reseller_id, run_id, size)
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) not in OVERTAKEN or not left:
                raise
    return False


def _next(database: Database, tenant_id: UUID, reseller_id: UUID, run_id: UUID, size: int) -> bool:
    both = [reseller_id, tenant_id]
    with database.channel(reseller_id, both, snapshot=True) as work:
        row = work.connection.execute(_LOCKED, {"tenant": tenant_id, "id": run_id}).mappings().first()
        if row is None or row["status"] in {"completed", "failed"}:
            return True
        words = chunks.words_for(work, tenant_id, run_id) | {"after": row["position"] or FIRST}
        if row["started_at"] is None:
            _begin(work, row, words)
        if row["kind"] == "comparison":
            return _look(work, row, words, size)
        accounts = list(work.connection.scalars(_FOUND, {**words, "repairs": row["repairs_id"], "size": size}))
    # The repair and the look at what it left are two transactions: the second sees what the first has written.
    repairing.repair(database, both, accounts, words)
    with database.channel(reseller_id, both, snapshot=True) as work:
        words["at"] = work.at
        tally = chunks.compare(work, words, chunks.present(work, accounts, words))
        is_last = len(accounts) < size
        _note(work, row, tally, None if is_last else accounts[-1], len(accounts))
    return is_last


def _look(work: Work, row: Row, words: chunks.Words, size: int) -> bool:
    upto = chunks.reach(work, words, size)
    found = chunks.members(work, {**words, "upto": upto or LAST})
    _note(work, row, chunks.compare(work, words, found), upto, size)
    return upto is None


def _begin(work: Work, row: Row, words: chunks.Words) -> None:
    last = work.connection.scalar(_APPLIED, {"giver": words["giver"]}) or 0
    total = chunks.how_many(work, words) if row["kind"] == "comparison" else row["total"]
    work.connection.execute(_one(row).values(status="running", started_at=work.at, last_message=last, total=total))


def _note(work: Work, row: Row, tally: Tally, position: UUID | None, done: int) -> None:
    """Note how far it has come, and when it has come to the end."""
    counted = {name: reconcile_run.c[name] + value for name, value in vars(tally).items() if value}
    ended = {} if position else {"status": "completed", "completed_at": work.at}
    reached = sa.func.least(reconcile_run.c.done + done, reconcile_run.c.total)
    done_ = {"done": reached if position else reconcile_run.c.total, "position": position or row["position"]}
    work.connection.execute(_one(row).values(**counted, **done_, **ended))


def _one(row: Row) -> sa.Update:
    return (
        sa.update(reconcile_run)
        .where(reconcile_run.c.tenant_id == row["tenant_id"], reconcile_run.c.id == row["id"])
        .values(version=reconcile_run.c.version + 1)
    )


_LOCKED = (
    sa.select(reconcile_run)
    .where(reconcile_run.c.tenant_id == sa.bindparam("tenant"), reconcile_run.c.id == sa.bindparam("id"))
    .with_for_update()
)
_RESELLER = (
    sa.select(tenant_reseller.c.reseller_tenant_id)
    .join(
        reconcile_run,
        sa.and_(
            reconcile_run.c.tenant_id == tenant_reseller.c.tenant_id,
            reconcile_run.c.tenant_reseller_id == tenant_reseller.c.id,
        ),
    )
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"), reconcile_run.c.id == sa.bindparam("id"))
)
_APPLIED = sa.select(mirror_progress.c.last_message).where(mirror_progress.c.tenant_id == sa.bindparam("giver"))
_FOUND = (
    sa.select(reconcile_difference.c.account_id)
    .where(
        reconcile_difference.c.tenant_id == sa.bindparam("taker"),
        reconcile_difference.c.run_id == sa.bindparam("repairs"),
        reconcile_difference.c.account_id > sa.bindparam("after"),
    )
    .distinct()
    .order_by(reconcile_difference.c.account_id)
    .limit(sa.bindparam("size"))
)
