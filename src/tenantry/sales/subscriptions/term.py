"""How long a buyer is committed: for the term that the product's price names, else for a cycle (CAT-01)."""

from calendar import monthrange
from datetime import date

import sqlalchemy as sa

from tenantry.charging.proration import DAY
from tenantry.database import Work
from tenantry.sales.subscriptions.records import Held
from tenantry.schema.catalog import product_price

MONTHS_A_YEAR = 12


def first_term(work: Work, held: Held, cycle_until: date) -> date:
    """Give the last day of the first term; `cycle_until` is the last day of the first cycle."""
    months = term_months(work, held)
    return max(months_after(held.row["paid_from"], months) - DAY, cycle_until) if months else cycle_until


def next_term(work: Work, held: Held, cycle_until: date) -> date:
    """Give the last day of the term that follows the present one."""
    months = term_months(work, held)
    return max(months_after(held.row["term_until"] + DAY, months) - DAY, cycle_until) if months else cycle_until


def term_months(work: Work, held: Held) -> int | None:
    """Give for how many months a buyer commits himself; none: for a cycle at a time."""
    p = product_price.c
    row = held.row
    query = sa.select(p.term_months).where(
        p.tenant_id == work.tenant_id,
        p.product_id == row["product_id"],
        p.cycle == row["cycle"],
        p.currency == row["currency"],
    )
    found: int | None = work.connection.scalar(query)
    return found


def months_after(day: date, months: int) -> date:
    """Give the same day so many months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
