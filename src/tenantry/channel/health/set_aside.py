"""Messages that could not be applied: read by customer with the reason, tried again, or resolved (UP-43)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.counting import counted
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.rules.reconcile.causes import CAUSES, UNEXPECTED, WAITS
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.message import message_set_aside
from tenantry.tenancy import audit, permissions

RULE = "UP-43"
AT_MOST = 1_000

Row = Any


@dataclass(frozen=True)
class SetAside:
    """What is set aside of one customer; `id` is the customer's, `since` when the first of it was set aside."""

    id: UUID
    account_name: str
    tenant_reseller_id: UUID
    reseller_name: str
    reason: str
    says: str
    rule: str
    remedy: str
    messages: int
    attempts: int
    since: datetime
    is_here: bool


def listed(work: Work, tenant_reseller_id: UUID | None = None) -> list[SetAside]:
    """Give what is set aside, customer by customer, what has waited longest first; at most a thousand customers."""
    permissions.require(work, "reconcile:view")
    resellers = {row.reseller_tenant_id: row for row in _resellers(work, tenant_reseller_id)}
    if not resellers:
        return []
    words = {"tenant": work.tenant_id, "those": list(resellers)}
    rows = work.connection.execute(_LISTED, words).all()
    # Who is not here yet is named as the reseller names him.
    strangers = {"those": list(resellers), "ids": [row.account_id for row in rows if row.account_name is None]}
    with work.across([work.tenant_id, *resellers]) as connection:
        names = {(row.tenant_id, row.id): row.name for row in connection.execute(_NAMES, strangers)}
    return [
        _view(row, resellers[row.tenant_id], row.account_name or names.get((row.tenant_id, row.account_id), ""))
        for row in rows
    ]


def retry(work: Work, tenant_reseller_id: UUID, account_id: UUID | None = None) -> int:
    """Try again what is set aside of a customer, or of all customers of a tenant reseller; gives of how many."""
    permissions.require(work, "reconcile:repair")
    tenant_id = _tenant(work, tenant_reseller_id)
    accounts = _accounts(work, tenant_id, account_id)
    if account_id is not None and not accounts:
        raise NotFound("set-aside message")
    jobs.put_back_all(work.connection, tenant_id, accounts)
    if accounts:
        sentence = f"Tried again what was set aside of {counted(len(accounts), 'customer')}."
        audit.note(work, "messages.retry", sentence, account_id or tenant_reseller_id)
    return len(accounts)


def resolve(work: Work, tenant_reseller_id: UUID, account_id: UUID, reason: str) -> int:
    """Give up what is set aside of a customer, for a reason that stands in his history; gives how many messages.

    What differs then, reconcile shows and repairs.
    """
    permissions.require(work, "reconcile:repair")
    said = reason.strip()
    if not said:
        raise Invalid(Fault("reason", "Giving up messages needs a reason.", RULE, "Say why they are not needed."))
    tenant_id = _tenant(work, tenant_reseller_id)
    gone = work.connection.execute(
        sa.delete(message_set_aside).where(
            message_set_aside.c.tenant_id == tenant_id, message_set_aside.c.account_id == account_id
        )
    ).rowcount
    if not gone:
        raise NotFound("set-aside message")
    here = sa.select(account.c.id).where(account.c.tenant_id == work.tenant_id, account.c.id == account_id)
    if work.connection.scalar(here):
        line = f"What the tenant reseller told was given up ({counted(gone, 'message')}): {said}"
        history.write(work, "account", account_id, line)
    audit.note(work, "messages.resolve", f"Gave up {counted(gone, 'message')}: {said}", account_id)
    return gone


def _view(row: Row, reseller: Row, name: str) -> SetAside:
    cause = CAUSES.get(row.reason or WAITS, CAUSES[UNEXPECTED])
    return SetAside(
        row.account_id,
        name,
        reseller.id,
        reseller.name,
        cause.code,
        cause.says,
        cause.rule,
        cause.remedy,
        row.messages,
        row.attempts,
        row.since,
        row.account_name is not None,
    )


def _resellers(work: Work, tenant_reseller_id: UUID | None) -> list[Row]:
    query = _RESELLERS if tenant_reseller_id is None else _RESELLERS.where(tenant_reseller.c.id == tenant_reseller_id)
    return list(work.connection.execute(query, {"tenant": work.tenant_id}))


def _tenant(work: Work, tenant_reseller_id: UUID) -> UUID:
    found = _resellers(work, tenant_reseller_id)
    if not found:
        raise NotFound("tenant reseller")
    tenant_id: UUID = found[0].reseller_tenant_id
    return tenant_id


def _accounts(work: Work, tenant_id: UUID, account_id: UUID | None) -> list[UUID]:
    aside = message_set_aside.c
    query = sa.select(aside.account_id).where(aside.tenant_id == tenant_id).distinct()
    return list(work.connection.scalars(query if account_id is None else query.where(aside.account_id == account_id)))


_here, _there, _aside = account.alias("here"), account.alias("there"), message_set_aside.c
_RESELLERS = (
    sa.select(tenant_reseller.c.id, tenant_reseller.c.reseller_tenant_id, account.c.name)
    .join(account, sa.and_(account.c.tenant_id == tenant_reseller.c.tenant_id, account.c.id == tenant_reseller.c.id))
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"))
)
_grouped = (
    sa.select(
        _aside.tenant_id,
        _aside.account_id,
        sa.func.min(sa.case((_aside.reason != WAITS, _aside.reason))).label("reason"),
        sa.func.count().label("messages"),
        sa.func.max(_aside.attempts).label("attempts"),
        sa.func.min(_aside.at).label("since"),
    )
    .where(_aside.tenant_id == sa.any_(sa.bindparam("those", type_=sa.ARRAY(sa.Uuid))))
    .group_by(_aside.tenant_id, _aside.account_id)
    .order_by(sa.func.min(_aside.at), _aside.account_id)
    .limit(AT_MOST)
    .subquery("grouped")
)
_LISTED = (
    sa.select(_grouped, _here.c.name.label("account_name"))
    .outerjoin(_here, sa.and_(_here.c.tenant_id == sa.bindparam("tenant"), _here.c.id == _grouped.c.account_id))
    .order_by(_grouped.c.since, _grouped.c.account_id)
)
_NAMES = sa.select(_there.c.tenant_id, _there.c.id, _there.c.name).where(
    _there.c.tenant_id == sa.any_(sa.bindparam("those", type_=sa.ARRAY(sa.Uuid))),
    _there.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))),
)
