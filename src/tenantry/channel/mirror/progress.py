"""How far a tenant's messages were applied, and how long they took to be seen above (UP-45)."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.jobs import Message
from tenantry.kernel import clock
from tenantry.schema.message import mirror_progress


def note_progress(work: Work, told: Sequence[Message], applied: Sequence[Message]) -> None:
    """Note, in the transaction of a batch, its last message, how many were applied, and the age of the oldest of those.

    What was set aside and is tried again is late for a reason of its own, which stands beside it: that is no lag.
    """
    now = clock.now()
    ages = [now - one.told_at for one in applied if not one.attempts]
    values = {
        "tenant_id": work.tenant_id,
        "last_message": max(one.id for one in told),
        "applied": len(applied),
        "lag_ms": max(0, round(max(ages, default=timedelta()).total_seconds() * 1_000)),
        "at": now,
    }
    work.connection.execute(_NOTED, values)


_made = insert(mirror_progress)
_NOTED = _made.values(
    {name: sa.bindparam(name) for name in ("tenant_id", "last_message", "applied", "lag_ms", "at")}
).on_conflict_do_update(
    index_elements=["tenant_id"],
    set_={
        "last_message": sa.func.greatest(mirror_progress.c.last_message, _made.excluded.last_message),
        "applied": mirror_progress.c.applied + _made.excluded.applied,
        "lag_ms": _made.excluded.lag_ms,
        "at": _made.excluded.at,
    },
)
