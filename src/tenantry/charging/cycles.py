"""The cycle of a subscription that has yet to be charged, and what the subscription says once it is (BIL-01)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.charges import Charge, of_cycle
from tenantry.charging.proration import period_of
from tenantry.charging.terms import Added, Terms, terms_in, terms_of_each
from tenantry.database import Work
from tenantry.schema.base import ID
from tenantry.schema.sales import subscription_add_on


@dataclass(frozen=True)
class NextCycle:
    """The charges of a cycle, and the columns of the subscription that say that they were made.

    `add_ons` says by the id of each add-on for how many cycles its promotion is given then.
    """

    charges: Sequence[Charge]
    values: Mapping[str, Any]
    add_ons: Mapping[UUID, int | None] = field(default_factory=dict)


def next_cycle(work: Work, subscription_id: UUID) -> NextCycle:
    """Give the cycle of a subscription, held by the caller, that has yet to be charged; nothing while nobody pays."""
    return next_cycles(work, [subscription_id]).get(subscription_id, NextCycle([], {}))


def next_cycles(work: Work, subscription_ids: Collection[UUID]) -> dict[UUID, NextCycle]:
    """Give the cycle that has yet to be charged of each, in two statements; none of one that is not paid for."""
    found = terms_of_each(work, subscription_ids, next_cycle=True)
    return {id: _next(terms, terms.first_to_charge) for id, terms in found.items() if terms.first_to_charge}


def count_add_ons(work: Work, cycles_left: Mapping[UUID, int | None]) -> None:
    """Write down for how many cycles the promotion of each add-on is given, the last one counted in."""
    given = {id: left for id, left in cycles_left.items() if left is not None}
    if given:
        asked = {"tenant": work.tenant_id, "ids": list(given), "lefts": list(given.values())}
        work.connection.execute(_COUNT, asked)


_now = (
    sa.func.unnest(sa.bindparam("ids", type_=sa.ARRAY(ID)), sa.bindparam("lefts", type_=sa.ARRAY(sa.Integer)))
    .table_valued(sa.column("add_on", ID), sa.column("cycles_left", sa.Integer), name="now", joins_implicitly=True)
    .render_derived()
)
_COUNT = (
    sa.update(subscription_add_on)
    .where(
        subscription_add_on.c.tenant_id == sa.bindparam("tenant"),
        subscription_add_on.c.id == _now.c.add_on,
        subscription_add_on.c.promotion_cycles_left != _now.c.cycles_left,
    )
    .values(promotion_cycles_left=_now.c.cycles_left)
)


def first_cycle(row: Mapping[str, Any], add_ons: Collection[Added]) -> NextCycle:
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
    return NextCycle(of_cycle(terms, first), values, terms.add_on_cycles_left)
