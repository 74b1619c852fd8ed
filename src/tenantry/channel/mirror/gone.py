"""Who was deleted below and has nothing more on its way up: what was sold to him goes up first (UP-21, UP-41)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work, once, spelled
from tenantry.rules.binds import GIVER
from tenantry.rules.mirror_up import parting
from tenantry.rules.plan import PAGE
from tenantry.schema.message import message
from tenantry.tenancy.telling import GOES_DOWN


def gone_for_good(work: Work, words: dict[str, Any], ids: Sequence[UUID]) -> set[UUID]:
    """Name who of these may be parted with; whoever has a message left is, with the last of them.

    It reads what waits once for all of them, and only if somebody was deleted.
    """
    deleted = {row.id for row in spelled(parting.tombstones).rows(work.connection, {**words, "page": once(ids)})}
    if not deleted:
        return deleted
    waiting = spelled(_WAITING).rows(work.connection, {**words, "page": once(deleted)})
    return deleted.difference(row.account_id for row in waiting)


_WAITING = (
    sa.select(message.c.account_id)
    .where(message.c.tenant_id == GIVER, message.c.account_id == sa.any_(PAGE), message.c.kind.not_in(GOES_DOWN))
    .distinct()
)
