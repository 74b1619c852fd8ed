"""Cancel a subscription: now, at a date, or at the end of the period; and let a cancellation be (SUB-02)."""

from dataclasses import replace
from datetime import date
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.charging.proration import period_of
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.starting import too_far_ahead
from tenantry.sales.subscriptions.changing import Effect, Outcome, note
from tenantry.sales.subscriptions.opening import as_if, effective, opened
from tenantry.sales.subscriptions.records import Held, change, count_add_ons_once_more, once_more
from tenantry.sales.subscriptions.settling import end
from tenantry.schema.subscription import subscription_change

Mode = Literal["now", "at", "end_of_period"]
MODES = ("now", "at", "end_of_period")
RULE = "SUB-02"


def cancel(
    work: Work,
    id: UUID,
    *,
    mode: Mode = "now",
    on: date | None = None,
    because: str = "",
    version: int | None = None,
) -> Outcome:
    """End it: with today as its last day, with another day, or with the last day of the period that was charged."""
    held = opened(work, id, "cancel", version)
    last = _last_day(held, mode, on)
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    withdraw_pending(work, held)
    if last <= held.today:
        _, outcome = end(work, held, "cancellation", "cancelled", last, f"Subscription was cancelled{reason}")
        return outcome
    would = as_if(work, lambda: end(work, held, "cancellation", "cancelled", last, "")[1])
    effect = Effect(f"Cancellation was asked for, last day {last}{reason}", after={"end_on": last})
    change_id = note(work, held, "cancellation", effect, last, done=False)
    change(work, held, status="pending_cancellation", end_on=last)
    history.write(work, "subscription", held.id, effect.sentence)
    return replace(would, change_id=change_id, sentence=effect.sentence, planned=True)


def keep(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Withdraw a cancellation that is pending: it goes on."""
    held = opened(work, id, "keep", version)
    withdraw_pending(work, held)
    tried = held.row["paid_from"] is None
    goes_on = {"status": "trial" if tried else "active", "end_on": None if held.row["renew"] else _term_end(held)}
    same = _cycle_goes_on(held)
    change(work, held, **goes_on, promotion_cycles_left=once_more(held.row["promotion_cycles_left"], same))
    if same:
        count_add_ons_once_more(work, held)
    history.write(work, "subscription", held.id, "Cancellation was withdrawn")


def withdraw_pending(work: Work, held: Held) -> None:
    """Withdraw the line of a cancellation that was asked for before."""
    c = subscription_change.c
    mine = (c.tenant_id == work.tenant_id, c.subscription_id == held.id)
    pending = (c.status == "scheduled", c.kind == "cancellation")
    gone = sa.update(subscription_change).where(*mine, *pending)
    work.connection.execute(gone.values(status="withdrawn", version=c.version + 1))


def _last_day(held: Held, mode: str, on: date | None) -> date:
    row = held.row
    fields.read({"mode": mode}, {"mode": fields.choice(*MODES)}, RULE)
    if row["status"] == "starting_later":
        return held.today
    if mode == "at":
        if on is None:
            raise Invalid(Fault("on", "The day is missing.", RULE, "Name the last day, or cancel it now."))
        if row["status"] == "suspended" and on != held.today:
            message = "It is suspended, so it can only be cancelled now."
            raise Invalid(Fault("mode", message, RULE, "Cancel it now, or resume it first."))
        return effective(held, on) if row["status"] != "pending_cancellation" else _sooner(held, on)
    if mode == "end_of_period":
        last: date = row["charged_until"] or row["trial_until"] or held.today
        return max(last, held.today) if row["status"] != "suspended" else held.today
    return held.today


def _sooner(held: Held, on: date) -> date:
    day: date = fields.read({"on": on}, {"on": fields.day}, RULE)["on"]
    if day < held.today:
        raise Invalid(Fault("on", f"{day} lies in the past.", "SUB-03", "Choose today or a day that lies ahead."))
    if ahead := too_far_ahead(day, held.today, "on", "SUB-03"):
        raise Invalid(ahead)
    return day


def _cycle_goes_on(held: Held) -> bool:
    """Say whether a cycle was charged up to the end that is withdrawn: a promotion counts it and its rest once only."""
    row = held.row
    until, first = row["charged_until"], row["anchor_on"] or row["paid_from"]
    return until is not None and until == row["end_on"] and period_of(row["cycle"], first, until).last != until


def _term_end(held: Held) -> date | None:
    found: date | None = held.row["term_until"]
    return found
