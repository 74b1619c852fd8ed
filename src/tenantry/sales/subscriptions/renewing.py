"""Say whether a subscription renews by itself when its term ends (SUB-02)."""

from datetime import date
from uuid import UUID

from tenantry.database import Work
from tenantry.sales.subscriptions.changing import Effect, Outcome, carry_out
from tenantry.sales.subscriptions.opening import opened
from tenantry.sales.subscriptions.records import Held


def set_renewal(work: Work, id: UUID, renew: bool, *, version: int | None = None) -> Outcome:  # noqa: FBT001 - the word
    """Let it renew, or let it end with its term; nothing is charged or given back for that."""
    held = opened(work, id, "set_renewal", version)
    last = None if renew else last_day(held)
    said = "Subscription renews by itself" if renew else f"Subscription does not renew: it ends on {last}"
    effect = Effect(
        said,
        {"renew": renew, "end_on": last},
        {"renew": held.row["renew"]},
        {"renew": renew},
        verb="",
    )
    _, outcome = carry_out(work, held, "renew_flag", effect, held.today)
    return outcome


def last_day(held: Held) -> date:
    """Give the day it ends on when it does not renew: the end of its term, and of what was charged."""
    days = [day for day in (held.row["term_until"], held.row["charged_until"]) if day]
    return max(*days, held.today) if days else held.today
