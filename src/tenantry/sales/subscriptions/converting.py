"""Convert a trial to paid: by action, never by itself (SUB-01)."""

from dataclasses import replace
from uuid import UUID

from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.sales.selling import bought_above
from tenantry.sales.subscriptions.changing import Effect, Outcome, carry_out, cycle_total, terms, total
from tenantry.sales.subscriptions.charged import charges_from
from tenantry.sales.subscriptions.opening import opened


def convert(work: Work, id: UUID, *, version: int | None = None) -> Outcome:
    """Make a trial a paid subscription from today on; its first cycle is charged."""
    held = opened(work, id, "convert", version)
    if not held.live and held.product["standing"] != "own":
        raise Refused(bought_above)
    effect = Effect(
        "Trial was converted to paid",
        {"status": "active", "paid_from": held.today},
        {"status": "trial"},
        {"status": "active"},
        product_id=held.row["product_id"],
    )
    held, outcome = carry_out(work, held, "conversion", effect, held.today)
    held, made = charges_from(work, held, outcome.change_id)
    return replace(
        outcome,
        charges=made,
        net=total(made, held.row["currency"]),
        cycle_after=cycle_total(terms(work, held), held.row["currency"]),
    )
