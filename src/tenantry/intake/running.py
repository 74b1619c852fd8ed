"""Bring the rows of a confirmed import in, batch by batch; each batch is whole or not there (CAT-04)."""

from collections.abc import Callable
from uuid import UUID

from tenantry.database import Database, Work
from tenantry.intake.kinds import kind_of
from tenantry.intake.stored import CHOSEN, change, counts, held
from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.problems import NotSignedIn
from tenantry.tenancy import place
from tenantry.tenancy.actor import actor_of

Told = Callable[[int, int], None]


def run(database: Database, tenant_id: UUID, id: UUID, pause: Callable[[], None], told: Told | None = None) -> None:
    """Run an import to its end; `pause` is called between two committed batches, `told` with rows done and in all."""
    while True:
        with database.work(tenant_id) as work:
            actor = _actor(work, id)
        with database.work(tenant_id, actor) as work:
            done, total, more = bring_in(work, id)
        if told:
            told(done, total)
        if not more:
            return
        pause()


def bring_in(work: Work, id: UUID) -> tuple[int, int, bool]:
    """Bring in the next batch; gives the rows done, the rows in all, and whether there is more to do."""
    run = held(work, id)
    if run["status"] != "running":
        return run["done"], run["total"], False
    # Before any row goes back to a savepoint, which would let go of it.
    place.stay_open(work)
    asked = {"tenant": work.tenant_id, "import": id, "after": run["position"]}
    rows = work.connection.execute(CHOSEN, asked).all()
    if rows:
        done = run["done"] + len(rows)
        kind_of(run["kind"]).write(work, run, rows)
        change(work, id, done=done, position=rows[-1].line)
        return done, run["total"], True
    if finish := kind_of(run["kind"]).finish:
        finish(work, run)
    change(work, id, status="completed", completed_at=work.at, counts=counts(work, id))
    return run["done"], run["total"], False


def _actor(work: Work, id: UUID) -> Actor:
    """Give the one who confirmed, with the rights that he has now; who is blocked by now brings nothing in."""
    row = held(work, id)
    if row["confirmed_by"] is None or row["status"] != "running":
        return SYSTEM
    problem = f"{row['confirmed_by_name']} confirmed it and may no longer sign in."
    try:
        actor = actor_of(work.connection, work.tenant_id, row["confirmed_by"])
        if actor.looks_only is None:
            return actor
        problem = actor.looks_only.why
    except NotSignedIn:
        pass
    change(work, id, status="failed", problem=problem, counts=counts(work, id))
    return SYSTEM
