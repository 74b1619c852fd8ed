"""Which records of a handover a person sees: those whose account his permission rules let him read (TEN-21)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.channel import handover_record
from tenantry.schema.crm import account
from tenantry.tenancy.listing import search

its = account.alias("its")


def seen(work: Work) -> sa.ColumnElement[bool]:
    """Say which records the one who asks may see; who confirms or undoes a handover does so with the whole."""
    rules = work.actor.readable
    return sa.true() if rules is None else _its_account(its.c.permission_rule_id.in_(sorted(rules)))


def matching(text: str) -> sa.ColumnElement[bool]:
    """Say which records' accounts have all these words. The records of one handover are few enough to be looked at one
    by one, which, unlike a search by index, misses none of them.
    """
    wanted = search.words(text)
    return _its_account(*(search.has(its, word) for word in wanted)) if wanted else sa.true()


def not_shown(work: Work, handover_id: UUID) -> int:
    """Count the records that the one who asks may not see."""
    if work.actor.readable is None:
        return 0
    hidden = sa.select(sa.func.count()).where(
        handover_record.c.tenant_id == work.tenant_id, handover_record.c.handover_id == handover_id, ~seen(work)
    )
    return work.connection.scalar(hidden) or 0


def _its_account(*conditions: Any) -> sa.ColumnElement[bool]:
    same = (its.c.tenant_id == handover_record.c.tenant_id, its.c.id == handover_record.c.id)
    return sa.exists().where(*same, *conditions).correlate(handover_record)
