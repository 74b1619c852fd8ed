"""Which records of a handover a person sees: those that his permission rules let him read (TEN-21)."""

from collections.abc import Iterator, Sequence, Set as AbstractSet
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers.planning import Finding
from tenantry.channel.handovers.subjects import subjects
from tenantry.channel.handovers.views import FindingView
from tenantry.database import Work
from tenantry.schema.base import ID
from tenantry.schema.channel import handover_record
from tenantry.tenancy.listing import search

its = subjects("its")


def seen(work: Work) -> sa.ColumnElement[bool]:
    """Say which records the one who asks may see; who confirms or undoes a handover does so with the whole."""
    rules = work.actor.readable
    return sa.true() if rules is None else _its_account(its.c.permission_rule_id.in_(sorted(rules)))


def matching(text: str) -> sa.ColumnElement[bool]:
    """Say which records have all these words. The records of one handover are few enough to be looked at one
    by one, which, unlike a search by index, misses none of them.
    """
    wanted = search.words(text)
    return _its_account(*(search.has(its.c.search, word) for word in wanted)) if wanted else sa.true()


def not_shown(work: Work, handover_id: UUID) -> int:
    """Count the records that the one who asks may not see."""
    if work.actor.readable is None:
        return 0
    hidden = sa.select(sa.func.count()).where(
        handover_record.c.tenant_id == work.tenant_id, handover_record.c.handover_id == handover_id, ~seen(work)
    )
    return work.connection.scalar(hidden) or 0


def findings(work: Work, *plans: Sequence[Finding]) -> Iterator[tuple[FindingView, ...]]:
    """Leave out of the findings of each plan the accounts that the one who asks may not see, and say how many."""
    named = {id_ for plan in plans for one in plan for id_ in one.records}
    rules, readable = work.actor.readable, named
    if rules is not None and named:
        mine = (its.c.tenant_id == work.tenant_id, its.c.permission_rule_id.in_(sorted(rules)))
        wanted = sa.select(its.c.id).where(
            *mine, its.c.id == sa.any_(sa.literal(sorted(map(UUID, named)), sa.ARRAY(ID)))
        )
        readable = {str(id_) for id_ in work.connection.scalars(wanted)}
    for plan in plans:
        yield tuple(_narrowed(one, readable) for one in plan)


def _narrowed(one: Finding, readable: AbstractSet[str]) -> FindingView:
    kept = tuple(id_ for id_ in one.records if id_ in readable)
    said = {field.name: getattr(one, field.name) for field in fields(Finding)}
    return FindingView(**{**said, "records": kept}, not_shown=len(one.records) - len(kept))


def _its_account(*conditions: Any) -> sa.ColumnElement[bool]:
    same = (its.c.tenant_id == handover_record.c.tenant_id, its.c.id == handover_record.c.id)
    return sa.exists().where(*same, *conditions).correlate(handover_record)
