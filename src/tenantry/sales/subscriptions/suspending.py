"""Suspend and resume a subscription: nothing is charged for the days in between (SUB-02)."""

from dataclasses import replace
from uuid import UUID

from tenantry.charging.proration import DAY, period_of
from tenantry.database import Work
from tenantry.sales.subscriptions.changing import Effect, Outcome, carry_out, cycle_total, terms, total
from tenantry.sales.subscriptions.charged import charges_from
from tenantry.sales.subscriptions.opening import opened
from tenantry.sales.subscriptions.records import Held, count_add_ons_once_more, once_more


def suspend(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> Outcome:
    """Stop delivering it from today on; what was charged for today and the days after is given back."""
    held = opened(work, id, "suspend", version)
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    last = held.today - DAY
    effect = Effect(
        f"Subscription was suspended{reason}",
        {"status": "suspended", "suspended_on": held.today, "charged_until": last},
        {"status": "active"},
        {"status": "suspended"},
        stops_after=last,
        verb="suspend",
    )
    _, outcome = carry_out(work, held, "suspension", effect, held.today)
    return outcome


def resume(work: Work, id: UUID, *, version: int | None = None) -> Outcome:
    """Deliver it again from today on; the rest of the cycle is charged."""
    held = opened(work, id, "resume", version)
    same = _same_cycle(held)
    effect = Effect(
        "Subscription was resumed",
        {
            "status": "active",
            "suspended_on": None,
            "charged_until": held.today - DAY,
            "promotion_cycles_left": once_more(held.row["promotion_cycles_left"], same),
        },
        {"status": "suspended"},
        {"status": "active"},
        verb="resume",
    )
    held, outcome = carry_out(work, held, "resumption", effect, held.today)
    if same:
        count_add_ons_once_more(work, held)
    held, made = charges_from(work, held, outcome.change_id)
    currency = held.row["currency"]
    return replace(
        outcome,
        charges=made,
        net=total(made, currency),
        cycle_after=cycle_total(terms(work, held), currency),
    )


def _same_cycle(held: Held) -> bool:
    """Say whether it is resumed in the cycle that it was suspended in, which a promotion counts once only."""
    row = held.row
    first, since = row["anchor_on"] or row["paid_from"], row["suspended_on"]
    if first is None or since is None:
        return False
    return period_of(row["cycle"], first, since) == period_of(row["cycle"], first, held.today)
