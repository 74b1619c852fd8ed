"""What is held back until credit was given for it at the seller above (UP-47)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.provisioning.asking import Asked
from tenantry.schema.charging import service_request
from tenantry.schema.upstream_credit import upstream_credit

_r, _u = service_request.c, upstream_credit.c
OPEN = ("asked", "refused")


def settled(work: Work, asked: Sequence[Asked], ids: Collection[UUID]) -> tuple[list[Asked], set[UUID]]:
    """Give what is left to ask for of subscriptions for which something may be held, and those never set up at all.

    What is cancelled takes with it what is held; of what was never set up nothing has to be removed. Anything else
    waits for that as well.
    """
    held = _held(work, ids)
    left: list[Asked] = []
    undone: set[UUID] = set()
    for one in asked:
        waiting = held.get(one.subscription_id, {})
        if one.verb != "cancel":
            behind = waiting.get("create")
            waits = one.waits_for or (behind if behind and still_waits(work, behind) else None)
            left.append(replace(one, waits_for=waits))
            continue
        if waiting:
            withdrawn = (_r.tenant_id == work.tenant_id, _r.subscription_id == one.subscription_id, _r.status == "held")
            _becomes(work, "withdrawn", *withdrawn)
        if "create" in waiting:
            undone.add(one.subscription_id)
        else:
            left.append(one)
    return left, undone


def still_waits(work: Work, id: UUID) -> bool:
    """Say whether credit was not given yet; if so, whoever gives it sees what this transaction lets wait for it."""
    touched = sa.update(upstream_credit).where(_u.tenant_id == work.tenant_id, _u.id == id, _u.status.in_(OPEN))
    return work.connection.scalar(touched.values(version=_u.version + 1).returning(_u.id)) is not None


def released(work: Work, waits_for: Collection[UUID]) -> set[UUID]:
    """Let what waits for these orders above be carried out; gives the subscriptions."""
    mine = (_r.tenant_id == work.tenant_id, _r.waits_for.in_(waits_for), _r.status == "held")
    return _becomes(work, "pending", *mine)


def _becomes(work: Work, status: str, *mine: sa.ColumnElement[bool]) -> set[UUID]:
    done = None if status == "pending" else work.at
    changed = sa.update(service_request).where(*mine).values(status=status, done_at=done, version=_r.version + 1)
    return set(work.connection.scalars(changed.returning(_r.subscription_id)))


def _held(work: Work, ids: Collection[UUID]) -> dict[UUID, dict[str, UUID]]:
    """Give by subscription and verb what the held ones wait for."""
    found: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    query = sa.select(_r.subscription_id, _r.verb, _r.waits_for).where(
        _r.tenant_id == work.tenant_id, _r.subscription_id.in_(ids), _r.status == "held"
    )
    for subscription_id, verb, waits_for in work.connection.execute(query):
        found[subscription_id][verb] = waits_for
    return found
