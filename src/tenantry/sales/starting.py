"""How far back and how far ahead what is sold may start, and change (ORD-02, SUB-03)."""

from datetime import date, timedelta

from tenantry.kernel.problems import Fault

LONGEST_BACK = timedelta(days=366)
# Ten years: beyond the longest term that is sold, and near enough that a slip of the year is caught.
LONGEST_AHEAD = timedelta(days=366 * 10)


def too_far_ahead(day: date, now: date, field: str, rule: str) -> Fault | None:
    """Blame a day that lies more than ten years ahead."""
    if day <= now + LONGEST_AHEAD:
        return None
    message = f"{day} is more than ten years ahead."
    remedy = f"Correct the year, or choose a day until {now + LONGEST_AHEAD}."
    return Fault(field, message, rule, remedy, "too-far-ahead")


def start_faults(what: str, start_on: date | None, now: date, field: str) -> list[Fault]:
    """Blame a first day that lies more than twelve months back, or ten years ahead; none is today."""
    if start_on is None:
        return []
    if start_on >= now - LONGEST_BACK:
        ahead = too_far_ahead(start_on, now, field, "ORD-02")
        return [ahead] if ahead else []
    message = f"{what} would start on {start_on}, more than twelve months ago."
    return [Fault(field, message, "ORD-02", "Choose a day of the last twelve months, or a later one.")]
