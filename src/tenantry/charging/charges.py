"""What is owed because of what was sold: for a period, for a change within one, or once (BIL-01)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging import explaining
from tenantry.charging.amounts import NOTHING, priced
from tenantry.charging.proration import Period, part, period_of, periods
from tenantry.charging.terms import Line, Terms
from tenantry.database import Ready, Work, rows
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.schema.base import AT, ID
from tenantry.schema.charging import charge


@dataclass(frozen=True)
class Charge:
    """One line of what is owed, before tax; quantity and amount are below nothing for what is given back."""

    account_id: UUID
    bill_to_id: UUID
    product_id: UUID
    kind: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    currency: str
    explains: str
    due_on: date
    period_from: date | None = None
    period_until: date | None = None
    days: int | None = None
    of_days: int | None = None
    discount_percent: Decimal = NOTHING
    promotion_id: UUID | None = None
    promotion_off: Decimal = NOTHING
    subscription_id: UUID | None = None
    asset_id: UUID | None = None
    change_id: UUID | None = None
    order_id: UUID | None = None


def write(work: Work, charges: Sequence[Charge]) -> list[UUID]:
    """Write charges down, in one statement however many they are; gives their ids."""
    ids = [new_id() for _ in charges]
    if ids:
        told = rows.told([{"id": id, **vars(one)} for id, one in zip(ids, charges, strict=True)])
        _WRITE.run(work.connection, {"tenant": work.tenant_id, "at": work.at, "charge": told})
    return ids


_new = rows.of(charge, ("id", *Charge.__dataclass_fields__))
_WRITE = Ready(
    sa.insert(charge).from_select(
        ["tenant_id", "created_at", *_new.c.keys()],
        sa.select(sa.bindparam("tenant", type_=ID), sa.bindparam("at", type_=AT), *_new.c),
    )
)


def made_by(charges: Iterable[Charge], *, change_id: UUID | None = None, order_id: UUID | None = None) -> list[Charge]:
    """Name the change and the order that made the charges."""
    return [replace(one, change_id=change_id, order_id=order_id) for one in charges]


def total(charges: Iterable[Charge], currency: str) -> Money:
    """Add up charges of one currency."""
    return Money(sum((one.amount for one in charges), NOTHING), currency)


def of_cycle(terms: Terms, first: date) -> list[Charge]:
    """Charge from a day to the end of the period that holds it, or to the end of the subscription if that is sooner."""
    whole = period_of(terms.cycle, terms.anchor, first)
    span = Period(first, min(whole.last, terms.end_on or whole.last))
    if span.last < first:
        return []
    due_on = terms.due_on(first) if span != whole else first
    return [_of_part("cycle", terms, line, whole, span, due_on) for line in terms.lines]


def of_change(before: Terms | None, after: Terms | None, on: date) -> list[Charge]:
    """Give back the rest of what was charged under the old terms and charge it under the new, from a day on.

    Only what was charged already is given back and charged anew: days behind `charged_until` have yet to be charged.
    None before: it begins within a period; none after: it ends there. Lines that stay the same are left alone.
    """
    old, new = _lines(before), _lines(after)
    gone = [(before, line) for id, line in old.items() if before and new.get(id) != line]
    come = [(after, line) for id, line in new.items() if after and old.get(id) != line]
    back = [one for terms, line in gone for one in _rest(terms, line.given_back(), on)]
    return back + [one for terms, line in come for one in _rest(terms, line, on)]


def of_once(terms: Terms, on: date) -> list[Charge]:
    """Charge what is paid once, on a day."""
    return [_once(terms, line, on) for line in terms.lines]


def _lines(terms: Terms | None) -> dict[UUID, Line]:
    return {line.product_id: line for line in terms.lines} if terms else {}


def _rest(terms: Terms, line: Line, on: date) -> list[Charge]:
    last = terms.charged_until
    if last is None or last < on or line.unit_price == 0:
        return []
    parts = ((whole, whole.cut(on, last)) for whole in periods(terms.cycle, terms.anchor, on, last))
    return [_of_part("change", terms, line, whole, span, terms.due_on(on)) for whole, span in parts if span]


def _of_part(kind: str, terms: Terms, line: Line, whole: Period, span: Period, due_on: date) -> Charge:
    full = priced(line.quantity, line.unit_price, line.discount_percent, line.promotion, terms.currency)
    amount = part(full.amount, whole, span.first, span.last, terms.currency)
    return replace(
        _charge(kind, terms, line, amount, due_on),
        period_from=span.first,
        period_until=span.last,
        days=span.days,
        of_days=whole.days,
        promotion_off=part(full.promotion_off, whole, span.first, span.last, terms.currency),
        explains=explaining.of_part(terms, line, whole, span),
    )


def _once(terms: Terms, line: Line, on: date) -> Charge:
    full = priced(line.quantity, line.unit_price, line.discount_percent, line.promotion, terms.currency)
    return replace(
        _charge("one_off", terms, line, full.amount, on),
        promotion_off=full.promotion_off,
        explains=explaining.once(terms, line),
    )


def _charge(kind: str, terms: Terms, line: Line, amount: Decimal, due_on: date) -> Charge:
    return Charge(
        account_id=terms.account_id,
        bill_to_id=terms.bill_to_id,
        subscription_id=terms.subscription_id,
        product_id=line.product_id,
        kind=kind,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=NOTHING if line.promotion else line.discount_percent,
        promotion_id=line.promotion.id if line.promotion else None,
        amount=amount,
        currency=terms.currency,
        explains="",
        due_on=due_on,
    )
