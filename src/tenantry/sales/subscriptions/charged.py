"""Charge a subscription up to the cycle that holds today, for a change that lets it be charged again."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.charging import charges, cycles
from tenantry.charging.charges import Charge
from tenantry.database import Work
from tenantry.sales.subscriptions.records import Held, change
from tenantry.sales.subscriptions.term import first_term


def charges_from(work: Work, held: Held, change_id: UUID) -> tuple[Held, Sequence[Charge]]:
    """Charge the cycle that begins, or goes on, today; the change is named as what made the charges."""
    found = cycles.next_cycle(work, held.id)
    values = dict(found.values)
    if held.row["term_until"] is None and values:
        values["term_until"] = first_term(work, held, values["charged_until"])
    cycles.count_add_ons(work, found.add_ons)
    made = charges.made_by(found.charges, change_id=change_id)
    charges.write(work, made)
    return change(work, held, **values), made
