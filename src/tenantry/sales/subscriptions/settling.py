"""Bring a subscription up to a day: what has fallen due by itself, each step once and in the order of the days.

Starts, planned changes, renewals with the charges of the next cycle, the end of trials and of what was cancelled.
Whoever changes a subscription brings it up to today first, so a worker that was late changes no figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging import charges, cycles
from tenantry.charging.proration import DAY
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.problems import Problem
from tenantry.provisioning import requests
from tenantry.provisioning.requests import Asked
from tenantry.sales import messages, upstream
from tenantry.sales.subscriptions import changing
from tenantry.sales.subscriptions.changing import Effect, Outcome, carry_out
from tenantry.sales.subscriptions.effects import EFFECTS
from tenantry.sales.subscriptions.records import PLANNED, Held, change
from tenantry.sales.subscriptions.term import first_term, next_term
from tenantry.schema.sales import PAYING
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy.records import write

ENDING = ("trial", "active", "suspended", "pending_cancellation")


@dataclass(frozen=True)
class Step:
    """Something that falls due on a day; of several on one day, the lowest rank comes first."""

    on: date
    rank: int
    take: Callable[[Work, Held], Held]


def settle(work: Work, held: Held) -> Held:
    """Take every step that is due today or was due before."""
    while step := _next(work, held):
        held = step.take(work, held)
    return held


def _next(work: Work, held: Held) -> Step | None:
    steps = [step for step in (*_own(held), *_planned(work, held)) if step.on <= held.today]
    return min(steps, key=lambda step: (step.on, step.rank), default=None)


def _own(held: Held) -> list[Step]:
    row, status = held.row, held.row["status"]
    steps = []
    if status == "starting_later":
        steps.append(Step(row["start_on"], 1, start))
    if status == "trial" and row["trial_until"]:
        steps.append(Step(row["trial_until"] + DAY, 0, _expire_trial))
    if status in ENDING and row["end_on"]:
        steps.append(Step(row["end_on"] + DAY, 0, _end))
    if status in PAYING and (first := first_to_charge(held)):
        steps.append(Step(first, 3, _charge_cycle))
    return steps


def first_to_charge(held: Held) -> date | None:
    """Give the first day that was not charged yet; none where it is not paid for, or nothing is left to charge."""
    row = held.row
    if row["paid_from"] is None:
        return None
    first: date = row["charged_until"] + DAY if row["charged_until"] else row["paid_from"]
    return None if row["end_on"] and first > row["end_on"] else first


def _planned(work: Work, held: Held) -> list[Step]:
    if held.row["status"] not in {"trial", *PAYING}:
        return []
    asked = {"tenant": work.tenant_id, "id": held.id, "until": held.today}
    rows = work.connection.execute(_PLANNED, asked).mappings()
    return [Step(row["effective_on"], 2, _carrying(row)) for row in rows]


def _carrying(row: Row) -> Callable[[Work, Held], Held]:
    def take(work: Work, held: Held) -> Held:
        on = row["effective_on"]
        try:
            with work.connection.begin_nested():
                effect = EFFECTS[row["kind"]](work, held, row["after"], on)
                changed, _ = carry_out(work, held, row["kind"], effect, on, planned=row["id"], order_id=row["order_id"])
        except Problem as problem:
            _failed(work, held, row["id"], problem)
            return held
        return changed

    return take


def _failed(work: Work, held: Held, change_id: UUID, problem: Problem) -> None:
    write(work, subscription_change, change_id, {"status": "failed", "problem": problem.message[:320]})
    history.write(work, "subscription", held.id, f"A planned change could not be made: {problem.message}")


def start(work: Work, held: Held) -> Held:
    """Begin on its day, as a trial or paid for; the line of it was written when it was sold (BO-12)."""
    row = held.row
    tried = row["trial_until"] is not None
    begun = {"status": "trial"} if tried else {"status": "active", "paid_from": row["start_on"]}
    held = change(work, held, **begun)
    history.write(work, "subscription", held.id, "Trial has started" if tried else "Subscription has started")
    system = held.product["provisioning_system_id"]
    if system:
        # It began by no change of its own, so what is asked for follows from the subscription itself.
        wanted = changing.desired(held)
        waits_for = None if tried else upstream.waits_with(work, held.row["order_id"])
        requests.ask(work, [Asked(held.account["id"], held.id, system, "create", wanted, held.id, waits_for)])
    return held


def _expire_trial(work: Work, held: Held) -> Held:
    return ended(work, held, "expiry", "expired", held.row["trial_until"], "Trial has expired")


def _end(work: Work, held: Held) -> Held:
    if held.row["status"] == "pending_cancellation":
        return ended(work, held, "cancellation", "cancelled", held.row["end_on"], "Subscription was cancelled")
    return ended(work, held, "expiry", "expired", held.row["end_on"], "Subscription has expired")


def ended(work: Work, held: Held, kind: str, status: str, last: date, sentence: str) -> Held:
    """End it with a last day; what was charged for the days after it is given back."""
    held, _ = end(work, held, kind, status, last, sentence)
    return held


def end(work: Work, held: Held, kind: str, status: str, last: date, sentence: str) -> tuple[Held, Outcome]:
    """End it, and tell what came of it."""
    until = held.row["charged_until"]
    effect = Effect(
        sentence,
        {"status": status, "end_on": last, "charged_until": min(until, last) if until else until},
        {"status": held.row["status"]},
        {"status": status, "end_on": last},
        stops_after=last,
        verb="cancel",
    )
    held, outcome = carry_out(work, held, kind, effect, last, planned=_planned_end(work, held))
    withdraw_planned(work, held, "The subscription has ended.")
    return held, outcome


def _planned_end(work: Work, held: Held) -> UUID | None:
    c = subscription_change.c
    query = sa.select(c.id).where(
        c.tenant_id == work.tenant_id,
        c.subscription_id == held.id,
        c.status == "scheduled",
        c.kind == "cancellation",
    )
    found: UUID | None = work.connection.scalar(query)
    return found


def withdraw_planned(work: Work, held: Held, why: str) -> None:
    """Withdraw what is still planned for a subscription that has ended."""
    c = subscription_change.c
    mine = (c.tenant_id == work.tenant_id, c.subscription_id == held.id, c.status == "scheduled")
    work.connection.execute(
        sa.update(subscription_change).where(*mine).values(status="withdrawn", problem=why, version=c.version + 1)
    )


def _charge_cycle(work: Work, held: Held) -> Held:
    """Charge the next cycle; where a term has ended it renews with it."""
    row = held.row
    first = first_to_charge(held)
    found = cycles.next_cycle(work, held.id)
    renews = row["charged_until"] is not None and row["term_until"] is not None and row["term_until"] < (first or DAY)
    values = dict(found.values)
    if row["term_until"] is None:
        values["term_until"] = first_term(work, held, values["charged_until"])
    elif renews:
        values["term_until"] = next_term(work, held, values["charged_until"])
    change_id = None
    if renews:
        effect = Effect(
            f"Subscription was renewed until {values['term_until']}",
            before={"term_until": row["term_until"]},
            after={"term_until": values["term_until"]},
            verb="",
        )
        change_id = changing.note(work, held, "renewal", effect, first or held.today)
        history.write(work, "subscription", held.id, effect.sentence)
    held = change(work, held, **values)
    cycles.count_add_ons(work, found.add_ons)
    charges.write(work, charges.made_by(found.charges, change_id=change_id))
    if change_id:
        messages.subscription_changes_done(work, [change_id])
    return held


_PLANNED = PLANNED.where(subscription_change.c.kind != "cancellation")
