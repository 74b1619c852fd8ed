"""What a handover brings about beside its rows: the state of the tenant reseller, and the handover that follows it
(TEN-06, DN-45).
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers import going_live
from tenantry.database import Work
from tenantry.rules.handover import Kind
from tenantry.rules.transfer_subscriptions import keeping
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account


def prepare(work: Work, kind: Kind, words: dict[str, Any]) -> None:
    """Do what has to be done to a locked chunk before it is copied and marked."""
    if kind.name == "activate_back_ordering":
        # From now on the copies count, so each has to be what the distributor's is at this moment.
        for statement in keeping.CHUNK:
            work.connection.execute(statement, words)


def ended(work: Work, row: Any, status: str, outcomes: dict[str, int]) -> UUID | None:
    """Bring about what follows from a run that has ended; gives the handover that is to run next, if one is."""
    if row["kind"] == "activate_back_ordering":
        if status == "completed":
            going_live.begin(work, row)
        return None
    if outcomes.get("copied"):
        _state(work, row, "set_up", "accounts_transferred")
    if status != "completed" or not _leads_to_live(row) or not going_live.nothing_is_left(work, row):
        return None
    return going_live.arrange(work, row)


def taken_back(work: Work, row: Any, *, left: int) -> None:
    """Bring about what follows from an undo that has ended; `left` records stayed below."""
    if row["kind"] == "activate_back_ordering":
        if not left:
            going_live.end(work, row)
        return
    still = sa.exists().where(account.c.tenant_id == row["tenant_id"], account.c.managed_by == row["taker_id"])
    _state(work, row, "accounts_transferred", "set_up", ~still)


def _leads_to_live(row: Any) -> bool:
    return bool(row["kind"] == "transfer_subscriptions" or row["choices"].get("then") == "activate_back_ordering")


def _state(work: Work, row: Any, was: str, becomes: str, *where: sa.ColumnElement[bool]) -> None:
    work.connection.execute(
        sa.update(tenant_reseller)
        .where(
            tenant_reseller.c.tenant_id == row["tenant_id"],
            tenant_reseller.c.id == row["tenant_reseller_id"],
            tenant_reseller.c.state == was,
            *where,
        )
        .values(state=becomes, version=tenant_reseller.c.version + 1)
    )
