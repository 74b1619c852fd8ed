"""The cycle of a subscription that has yet to be charged, and what the subscription says once it is (BIL-01)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tenantry.charging.charges import Charge, of_cycle
from tenantry.charging.proration import period_of
from tenantry.charging.terms import Line, Terms, terms_in, terms_of_each
from tenantry.database import Work


@dataclass(frozen=True)
class NextCycle:
    """The charges of a cycle, and the columns of the subscription that say that they were made."""

    charges: Sequence[Charge]
    values: Mapping[str, Any]


def next_cycle(work: Work, subscription_id: UUID) -> NextCycle:
    """Give the cycle of a subscription, held by the caller, that has yet to be charged; nothing while nobody pays."""
    return next_cycles(work, [subscription_id]).get(subscription_id, NextCycle([], {}))


def next_cycles(work: Work, subscription_ids: Collection[UUID]) -> dict[UUID, NextCycle]:
    """Give the cycle that has yet to be charged of each, in two statements; none of one that is not paid for."""
    found = terms_of_each(work, subscription_ids, next_cycle=True)
    return {id: _next(terms, terms.first_to_charge) for id, terms in found.items() if terms.first_to_charge}


def first_cycle(row: Mapping[str, Any], add_ons: Collection[Line]) -> NextCycle:
    """Give the first cycle of a subscription that is about to be written, with the options and promotion that count."""
    terms = terms_in(row, add_ons, next_cycle=True)
    return _next(terms, row["paid_from"])


def _next(terms: Terms, first: date) -> NextCycle:
    if terms.end_on and terms.end_on < first:
        return NextCycle([], {})
    last = period_of(terms.cycle, terms.anchor, first).last
    values = {
        "anchor_on": terms.anchor,
        "charged_until": min(last, terms.end_on or last),
        "promotion_cycles_left": terms.promotion_cycles_left,
    }
    return NextCycle(of_cycle(terms, first), values)
