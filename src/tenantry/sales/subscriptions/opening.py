"""What every act on a subscription begins with: who asks, the lock, what is due, the policy, and the day it counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from tenantry.catalog import fields
from tenantry.charging.proration import DAY
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.policy import Subscription
from tenantry.sales.starting import too_far_ahead
from tenantry.sales.subscriptions.changing import Outcome, carry_out, plan
from tenantry.sales.subscriptions.effects import EFFECTS
from tenantry.sales.subscriptions.records import Held, held_subscription, of_held
from tenantry.sales.subscriptions.settling import settle
from tenantry.tenancy import permissions

RULE = "SUB-03"
EDIT = "subscriptions:edit"


def opened(work: Work, id: UUID, act: str, version: int | None = None) -> Held:
    """Hold a subscription, bring it up to today, and raise Refused unless the act may be done with it."""
    permissions.require(work, EDIT)
    held = held_subscription(work, id, version)
    if Subscription.standing(of_held(held), live=held.live) == "own":
        held = settle(work, held)
    Subscription.require(act, of_held(held), live=held.live)
    return held


def changed(
    work: Work,
    id: UUID,
    act: str,
    kind: str,
    wanted: Mapping[str, Any],
    *,
    on: date | None = None,
    at_next_cycle: bool = False,
    version: int | None = None,
) -> Outcome:
    """Change it from today on, or plan the change for a day that lies ahead."""
    held = opened(work, id, act, version)
    day = next_billing_on(held) if at_next_cycle else effective(held, on)
    effect = EFFECTS[kind](work, held, wanted, day)
    if day > held.today:
        would = as_if(work, lambda: carry_out(work, held, kind, effect, day)[1])
        planned = plan(work, held, kind, effect, {name: _kept(value) for name, value in wanted.items()}, day)
        return replace(planned, charges=would.charges, net=would.net, cycle_after=would.cycle_after)
    _, outcome = carry_out(work, held, kind, effect, day)
    return outcome


def as_if(work: Work, act: Callable[[], Outcome]) -> Outcome:
    """Give what an act would come to; nothing of it is kept."""
    undone = work.connection.begin_nested()
    try:
        return act()
    finally:
        undone.rollback()


def effective(held: Held, on: date | None) -> date:
    """Give the day from which a change counts; Invalid for one before today, before its start, or after its end."""
    day = fields.read({"on": on}, {"on": fields.day}, RULE)["on"] or held.today
    row = held.row
    last = row["end_on"] or (row["trial_until"] if row["status"] == "trial" else None)
    if day < row["start_on"]:
        fault = Fault("on", f"It starts on {row['start_on']}.", RULE, "Choose that day or a later one.")
    elif day < held.today:
        fault = Fault("on", f"{day} lies in the past.", RULE, "Choose today or a day that lies ahead.")
    elif last and day > last:
        remedy = "convert the trial first" if row["status"] == "trial" else "let it go on first"
        fault = Fault("on", f"It ends on {last}.", RULE, f"Choose a day until then, or {remedy}.")
    elif ahead := too_far_ahead(day, held.today, "on", RULE):
        fault = ahead
    else:
        return day
    raise Invalid(fault)


def next_billing_on(held: Held) -> date:
    """Give the first day of the next cycle; Invalid where there is none."""
    row = held.row
    if row["charged_until"] is None:
        message = "It is not paid for yet, so it has no next cycle."
        raise Invalid(Fault("on", message, RULE, "Change it now, or name a day."))
    day: date = row["charged_until"] + DAY
    if row["end_on"] and day > row["end_on"]:
        message = f"It ends on {row['end_on']}, so there is no next cycle."
        raise Invalid(Fault("on", message, RULE, "Change it now, or let it go on first."))
    return day


def _kept(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
