"""Going live and back: the two rows that say so, and the handover that is arranged once nothing is left (DN-45)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.handovers import planning
from tenantry.channel.handovers.claims import claim
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.rows import new, update
from tenantry.channel.handovers.words import RUN, words_of
from tenantry.channel.upstream_credit.checking import both, is_checked, tell_rule
from tenantry.crm import history
from tenantry.database import Work
from tenantry.rules.activate_back_ordering.checks import accounts_left, left
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant

NOTHING_LEFT = "Nothing was left to be transferred."


def begin(work: Work, row: Any) -> None:
    """Say, at both ends, that the reseller is live."""
    _write(work, row, "live", work.at, "Back ordering was activated: the tenant reseller is live")


def end(work: Work, row: Any) -> None:
    """Say, at both ends, that he is not live any more."""
    copied = sa.exists().where(account.c.tenant_id == row["tenant_id"], account.c.managed_by == row["taker_id"])
    state = sa.case((copied, "accounts_transferred"), else_="set_up")
    _write(work, row, state, None, "Going live was undone: back ordering is disabled")


def nothing_is_left(work: Work, row: Any) -> bool:
    """Say whether every customer of the reseller, and all that they have, has been copied."""
    words = words_of(row, at=work.at)
    either = sa.or_(sa.exists(left), sa.exists(accounts_left))
    return not work.connection.scalar(sa.select(either), words)


def arrange(work: Work, row: Any) -> UUID | None:
    """Plan and confirm going live in the name of him who confirmed what led to it; the plan alone where a check stops
    it, for somebody to look at.
    """
    kind = KINDS["activate_back_ordering"]
    who = (row["confirmed_by"], row["confirmed_by_name"])
    made = new(work, kind.name, row, {}, NOTHING_LEFT, *who)
    planned = planning.write(work.connection, made, work.at)
    planning.keep(work.connection, made, planned, work.at)
    if planning.why_not(kind, planned.findings, planned.counts):
        return None
    made["total"] = planning.total(planned.counts)
    claim(work, made, kind)
    update(work, made, status="running", confirmed_at=work.at, confirmed_by=who[0], confirmed_by_name=who[1])
    jobs.later(work.connection, RUN, lock=f"handover:{made['id']}", tenant=work.tenant_id, handover=made["id"])
    found: UUID = made["id"]
    return found


def _write(work: Work, row: Any, state: Any, live_at: Any, sentence: str) -> None:
    mine = (tenant_reseller.c.tenant_id == row["tenant_id"], tenant_reseller.c.id == row["tenant_reseller_id"])
    # Whoever was suspended meanwhile stays so; resuming him finds what he is by then.
    kept = sa.case((tenant_reseller.c.state == "suspended", "suspended"), else_=state)
    work.connection.execute(
        sa.update(tenant_reseller).where(*mine).values(state=kept, version=tenant_reseller.c.version + 1)
    )
    checked = bool(live_at and work.connection.scalar(sa.select(is_checked).select_from(both).where(*mine)))
    below = sa.update(tenant).where(tenant.c.id == row["taker_id"])
    work.connection.execute(below.values(live_at=live_at, credit_checked_above=checked))
    # His own tenant resellers hear of it, should he have any.
    tell_rule(work, row["taker_id"])
    history.write(work, "tenant_reseller", row["tenant_reseller_id"], sentence, handover_id=row["id"])
