"""Tell of a change in its own transaction; claim, set aside and put back what was told."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenantry.database.ready import spelled
from tenantry.schema.message import message, message_set_aside

CHANNEL = "tenantry_message"


@dataclass(frozen=True)
class Message:
    """One thing told: a state (`fact_id` is None, load the subject as it is now) or a fact (one immutable row)."""

    id: int
    tenant_id: UUID
    account_id: UUID
    kind: str
    subject_id: UUID
    fact_id: UUID | None
    attempts: int
    told_at: datetime


_COLUMNS = [message.c[name] for name in Message.__dataclass_fields__]
_TOLD = ["account_id", "subject_id", "fact_id", "tenant_id", "kind", "told_at"]

# PostgreSQL delivers equal notifications of one transaction once: a thousand tells of a tenant wake its drainer once.
_NOTIFY = sa.select(sa.func.pg_notify(CHANNEL, sa.bindparam("woken", type_=sa.Text)))

_TELL = _NOTIFY.add_cte(
    message.insert()
    .values({name: sa.bindparam(name) for name in _TOLD if name != "told_at"} | {"told_at": sa.func.clock_timestamp()})
    .cte("told")
)


def tell(
    connection: sa.Connection,
    tenant_id: UUID,
    kind: str,
    subject_id: UUID,
    *,
    account_id: UUID | None = None,
    fact: UUID | None = None,
) -> None:
    """Tell, in the transaction of the change, that a record of this tenant changed (UP-40).

    With `fact`, the id of an immutable row, it tells that this row came to be, and is never coalesced. `account_id` is
    the customer whose changes stay in order; without one the subject is the account itself.
    """
    told = {"tenant_id": tenant_id, "kind": kind, "subject_id": subject_id, "fact_id": fact}
    connection.execute(_TELL, told | {"account_id": account_id or subject_id, "woken": str(tenant_id)})


def tell_all(
    connection: sa.Connection, tenant_id: UUID, kind: str, chosen: sa.Select[tuple[UUID, UUID, UUID | None]]
) -> None:
    """Tell of everything that a query chooses, as (account, subject, fact or null), in one statement."""
    rows = chosen.subquery("chosen")
    account, subject, fact = rows.c
    source = sa.select(
        account, subject, sa.cast(fact, sa.Uuid), sa.literal(tenant_id), sa.literal(kind), sa.func.clock_timestamp()
    )
    told = message.insert().from_select(_TOLD, source).cte("told")
    connection.execute(_NOTIFY.add_cte(told), {"woken": str(tenant_id)})


def claim(connection: sa.Connection, tenant_id: UUID, limit: int) -> list[Message]:
    """Take up to `limit` of a tenant's messages, oldest first, for good if the caller commits.

    Nothing left gives an empty list. States of one subject come as one message, with the time of the oldest; facts are
    never coalesced. Meant as the first statement of a REPEATABLE READ transaction: a snapshot that others have
    overtaken then fails and is tried again.
    """
    rows = spelled(_CLAIM).rows(connection, {"tenant": tenant_id, "at_most": limit})
    return [Message(*row) for row in rows]


def _claim_statement() -> sa.Select[Any]:
    tenant = sa.bindparam("tenant", type_=message.c.tenant_id.type)
    present = (
        sa.select(message.c.id)
        .where(message.c.tenant_id == tenant)
        .order_by(message.c.id)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
    )
    claimed = (
        message.delete()
        .where(message.c.tenant_id == tenant, message.c.id == sa.any_(sa.func.array(present.scalar_subquery())))
        .returning(*_COLUMNS)
        .cte("claimed")
    )
    alike = (claimed.c.kind, claimed.c.subject_id, sa.case((claimed.c.fact_id.is_(None), 0), else_=claimed.c.id))
    coalesced = sa.select(claimed).ext(distinct_on(*alike)).order_by(*alike, claimed.c.id).subquery("coalesced")
    return sa.select(coalesced).order_by(coalesced.c.id)


_CLAIM = _claim_statement()

_SET_ASIDE = message_set_aside.insert()


def set_aside(connection: sa.Connection, messages: Iterable[Message], reason: str) -> None:
    """Park what cannot be applied, in the transaction that claimed it, with a code of what stood in the way (UP-43)."""
    rows = [asdict(each) | {"attempts": each.attempts + 1, "reason": reason} for each in messages]
    if rows:
        connection.execute(_SET_ASIDE, rows)


_BACK = (
    message_set_aside.delete()
    .where(
        message_set_aside.c.tenant_id == sa.bindparam("tenant"),
        message_set_aside.c.account_id == sa.any_(sa.bindparam("accounts", type_=sa.ARRAY(sa.Uuid))),
    )
    .returning(*[message_set_aside.c[column.name] for column in _COLUMNS])
    .cte("back")
)
_PUT_BACK = _NOTIFY.add_cte(
    message.insert().from_select([column.name for column in _COLUMNS], sa.select(_BACK)).cte("told")
)


def put_back(connection: sa.Connection, tenant_id: UUID, account_id: UUID) -> None:
    """Give a customer's parked messages another try, in their old order: they keep their ids."""
    put_back_all(connection, tenant_id, [account_id])


def put_back_all(connection: sa.Connection, tenant_id: UUID, account_ids: Sequence[UUID]) -> None:
    """Give the parked messages of several customers another try, in their old order."""
    words = {"tenant": tenant_id, "accounts": list(account_ids), "woken": str(tenant_id)}
    connection.execute(_PUT_BACK, words)
