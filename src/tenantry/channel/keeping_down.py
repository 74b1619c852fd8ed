"""Keep the copies at tenant resellers that are not live in step with what the distributor changes (DN-40), and tell
tenant resellers how they stand (TEN-07).

What is told of them goes down: `tenancy.telling` tells it in the transaction of the change, and the drain of the
distributor's messages applies it here, in the transaction that claims it.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.tenant_resellers.telling_below import tell_below
from tenantry.database import Work
from tenantry.jobs import Message
from tenantry.rules.plan import PAGE
from tenantry.rules.transfer_subscriptions import keeping
from tenantry.rules.transfer_subscriptions.sources import things
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.message import message_set_aside
from tenantry.tenancy.telling import COPIES_BELOW, STANDING

NOT_SOLD = "not-sold-below"


def is_for_below(message: Message) -> bool:
    """Say whether a message is for a tenant below: about what it has a copy of, or about itself."""
    return message.kind == STANDING or message.kind in COPIES_BELOW


def apply_down(work: Work, told: Sequence[Message]) -> set[UUID]:
    """Bring the copies below of what these messages are about up to date, tenant by tenant; what a reseller does not
    sell is set aside, and forgotten as soon as it can follow again. Gives the tenants in which something was written.
    """
    standing = [one.subject_id for one in told if one.kind == STANDING]
    heard = set(tell_below(work, standing)) if standing else set()
    told = [one for one in told if one.kind != STANDING]
    ids = sorted({one.subject_id for one in told})
    copied = work.connection.execute(_COPIED, {"giver": work.tenant_id, "page": ids}).all()
    for (taker, reseller), rows in groupby(copied, key=lambda row: (row.taker, row.reseller)):
        words = {
            "giver": work.tenant_id,
            "taker": taker,
            "reseller": reseller,
            "at": work.at,
            "page": [row.id for row in rows],
        }
        with work.reaching([work.tenant_id, taker]):
            _apply(work, words, told)
        heard.add(taker)
    return heard


def _apply(work: Work, words: dict[str, Any], told: Sequence[Message]) -> None:
    behind: set[UUID] = set(work.connection.scalars(keeping.BEHIND, words))
    words["page"] = [one for one in words["page"] if one not in behind]
    for statement in keeping.BATCH:
        work.connection.execute(statement, words)
    work.connection.execute(_FORGOTTEN, words)
    jobs.set_aside(work.connection, [one for one in told if one.subject_id in behind], NOT_SOLD)


_thing = things("thing")
_GIVER = sa.bindparam("giver", type_=tenant_reseller.c.tenant_id.type)
_COPIED = (
    sa.select(_thing.c.managed_by.label("taker"), tenant_reseller.c.id.label("reseller"), _thing.c.id)
    .join(
        tenant_reseller,
        sa.and_(tenant_reseller.c.tenant_id == _GIVER, tenant_reseller.c.reseller_tenant_id == _thing.c.managed_by),
    )
    .where(_thing.c.tenant_id == _GIVER, _thing.c.id == sa.any_(PAGE), _thing.c.standing == "own")
    .order_by(_thing.c.managed_by, _thing.c.id)
)
_FORGOTTEN = sa.delete(message_set_aside).where(
    message_set_aside.c.tenant_id == _GIVER,
    message_set_aside.c.subject_id == sa.any_(PAGE),
    message_set_aside.c.kind.in_(COPIES_BELOW),
)
