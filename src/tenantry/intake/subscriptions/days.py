"""On which days an imported subscription stands where: what it is today, and from which day it is charged here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tenantry.charging.proration import DAY, aligned, period_of
from tenantry.database import Row
from tenantry.intake.subscriptions.reading import RULE, Told
from tenantry.sales.starting import LONGEST_AHEAD, LONGEST_BACK

# Code, field, message, way out, rule.
Wrong = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Standing:
    """Where it stands today; `charged_from` is the first day charged here, none while it is not paid for."""

    status: str
    paid_from: date | None = None
    anchor_on: date | None = None
    charged_from: date | None = None


def wrong(one: Told, now: date) -> Iterator[Wrong]:
    """Say what is wrong with the days of a row, each with the way out."""
    days = one.days
    begins, tried, ends, term = (days.get(name) for name in ("start_on", "trial_until", "end_on", "term_until"))
    for name, day in days.items():
        if day > now + LONGEST_AHEAD:
            yield "too-far-ahead", name, f"{day} is more than ten years ahead.", "Correct the date.", RULE
    if begins and begins < now - LONGEST_BACK:
        message = f"It began on {begins}, more than a year ago."
        yield "too-long-ago", "start_on", message, "Write the first day of the term that runs now.", "ORD-02"
    if begins and tried and tried < begins:
        message = f"The trial ends before it begins on {begins}."
        yield "days-backwards", "trial_until", message, "Correct one of the two dates.", "SUB-01"
    if begins and ends and ends < begins:
        yield (
            "days-backwards",
            "end_on",
            f"It ends before it begins on {begins}.",
            "Correct one of the dates.",
            "SUB-03",
        )
    elif ends and ends < now:
        message = f"It has ended on {ends}; running subscriptions are brought in."
        yield "has-ended", "end_on", message, "Leave the row out.", "SUB-03"
    if term and term < now:
        message = f"The term has ended on {term}."
        yield (
            "term-has-ended",
            "term_until",
            message,
            "Write the last day of the term that runs now, or none.",
            "SUB-02",
        )
    if one.renew and ends:
        message = f"It renews by itself, and ends on {ends}."
        yield "renews-and-ends", "renew", message, "Write no, or leave the last day empty.", "SUB-02"
    if one.renew is False and not ends and not term and ((begins and begins > now) or (tried and tried >= now)):
        message = "It does not renew, and nothing says when it ends."
        yield "last-day-missing", "renew", message, "Give the last day, or the last day of its term.", "SUB-02"


def standing(one: Told, buyer: Row, now: date) -> Standing:
    """Say where it stands today, and which of its periods is the first that begins today or later."""
    begins, tried = one.days["start_on"], one.days.get("trial_until")
    if begins > now:
        return Standing("starting_later")
    if tried and tried >= now:
        return Standing("trial")
    paid = tried + DAY if tried else begins
    anchor = aligned(paid, buyer["billing_day"]) if buyer["prorate_billing"] else paid
    period = period_of(one.cycle, anchor, now)
    return Standing("active", paid, anchor, period.first if period.first == now else period.last + DAY)
