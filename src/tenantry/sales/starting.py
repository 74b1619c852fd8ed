"""How far back what is sold may start (ORD-02)."""

from datetime import date, timedelta

from tenantry.kernel.problems import Fault

LONGEST_BACK = timedelta(days=366)


def start_faults(what: str, start_on: date | None, now: date, field: str) -> list[Fault]:
    """Blame a first day that lies more than twelve months back; none is today."""
    if start_on is None or start_on >= now - LONGEST_BACK:
        return []
    message = f"{what} would start on {start_on}, more than twelve months ago."
    return [Fault(field, message, "ORD-02", "Choose a day of the last twelve months, or a later one.")]
