"""Carry out a change of a subscription: itself, its history, its charges, its message and its provisioning (SUB-03).

All of it in the caller's transaction; the same for an act of now and for one that was planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging import charges
from tenantry.charging.amounts import priced
from tenantry.charging.charges import Charge
from tenantry.charging.proration import DAY
from tenantry.charging.terms import Terms, terms_of
from tenantry.crm import history
from tenantry.database import Ready, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.provisioning import requests
from tenantry.provisioning.requests import Asked
from tenantry.sales import messages, upstream
from tenantry.sales.subscriptions.records import Held, again, change
from tenantry.sales.subscriptions.sold import Sold, sold_by
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy import telling
from tenantry.tenancy.records import write

MONEY_ZERO = Decimal(0)


@dataclass(frozen=True)
class Units:
    """So many units at a price; bought anew, with the promotion that it is given for so many cycles."""

    quantity: int
    unit_price: Decimal
    promotion_id: UUID | None = None
    promotion_cycles_left: int | None = None


@dataclass(frozen=True)
class Effect:
    """What a change makes of a subscription.

    `add_ons` by product, None for one that goes; `part` is a subscription that is parted from it; `stops_after` is the
    last day that is still charged, where charging stops.
    """

    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    product_id: UUID | None = None
    add_ons: Mapping[UUID, Units | None] = field(default_factory=dict)
    part: Mapping[str, Any] | None = None
    stops_after: date | None = None
    verb: Literal["", "create", "change", "suspend", "resume", "cancel"] = "change"


@dataclass(frozen=True)
class Outcome:
    """What a change came to: what it charges and gives back, and what a cycle costs before and after it."""

    change_id: UUID
    kind: str
    sentence: str
    effective_on: date
    planned: bool
    charges: Sequence[Charge]
    net: Money
    cycle_before: Money
    cycle_after: Money
    part_id: UUID | None = None


def carry_out(
    work: Work,
    held: Held,
    kind: str,
    effect: Effect,
    on: date,
    *,
    planned: UUID | None = None,
    order_id: UUID | None = None,
) -> tuple[Held, Outcome]:
    """Write the change from a day on; `planned` is the line that planned it."""
    before = terms(work, held)
    written = _write(work, held, effect)
    after = terms(work, written)
    change_id = planned or new_id()
    made = _charges(before, after, effect, on)
    part_id = parted = None
    if effect.part is not None:
        part_id = effect.part["id"]
        parted = terms_of(work, part_id)
        made += charges.of_change(None, parted, on)
    made = charges.made_by(made, change_id=change_id, order_id=order_id)
    _note(work, held, kind, effect, on, change_id, done=True, planned=planned is not None, order_id=order_id)
    charges.write(work, made)
    history.write(work, "subscription", held.id, effect.sentence, changes=_pairs(effect))
    if part_id:
        history.write(work, "subscription", part_id, f"Subscription was parted from {held.row['name']}")
        telling.changed(work, subscription, [part_id])
    event_id = change_id if planned or not order_id else order_id
    waits_for = upstream.hold_change(work, held, sold_by(kind, held, effect), event_id)
    requests.ask(work, _asked(work, written, effect, change_id, waits_for))
    messages.subscription_changes_done(work, [change_id])
    outcome = _outcome(kind, effect, on, change_id, made, held, (before, after), part_id)
    # What was parted is paid for as well: both together are what a cycle costs from now on.
    both = outcome.cycle_after.amount + cycle_total(parted, held.row["currency"]).amount
    return written, replace(outcome, cycle_after=replace(outcome.cycle_after, amount=both))


def plan(work: Work, held: Held, kind: str, effect: Effect, wanted: Mapping[str, Any], on: date) -> Outcome:
    """Write down a change that is carried out by itself on a day that lies ahead."""
    change_id = new_id()
    planned = replace(effect, after=wanted)
    _note(work, held, kind, planned, on, change_id, done=False)
    change(work, held)
    history.write(work, "subscription", held.id, f"{effect.sentence}: planned for {on}")
    standing = terms(work, held)
    return _outcome(kind, effect, on, change_id, [], held, (standing, standing), None, planned=True)


def note(work: Work, held: Held, kind: str, effect: Effect, on: date, *, done: bool = True) -> UUID:
    """Write the line of a change that is carried out elsewhere; gives its id."""
    change_id = new_id()
    _note(work, held, kind, effect, on, change_id, done=done)
    return change_id


def terms(work: Work, held: Held) -> Terms | None:
    """Give the terms that it is charged under; none while it is not paid for."""
    return terms_of(work, held.id) if held.paid else None


def cycle_total(found: Terms | None, currency: str) -> Money:
    """Give what a whole cycle costs."""
    lines = found.lines if found else ()
    amount = sum(
        (priced(one.quantity, one.unit_price, one.discount_percent, one.promotion, currency).amount for one in lines),
        MONEY_ZERO,
    )
    return Money(amount, currency)


def total(made: Sequence[Charge], currency: str) -> Money:
    """Give what charges come to."""
    return Money(sum((one.amount for one in made), MONEY_ZERO), currency)


def _charges(before: Terms | None, after: Terms | None, effect: Effect, on: date) -> list[Charge]:
    if before is None:
        return []
    if effect.stops_after is not None:
        return charges.of_change(before, None, effect.stops_after + DAY)
    return charges.of_change(before, after, on)


def _write(work: Work, held: Held, effect: Effect) -> Held:
    if effect.part is not None:
        work.connection.execute(sa.insert(subscription).values(**effect.part))
    for product_id, units in effect.add_ons.items():
        _write_add_on(work, held, product_id, units)
    changed = change(work, held, **effect.values)
    return again(work, changed) if effect.add_ons or "product_id" in effect.values else changed


def _write_add_on(work: Work, held: Held, product_id: UUID, units: Units | None) -> None:
    a = subscription_add_on.c
    known = held.add_on(product_id)
    if units is None:
        mine = (a.tenant_id == work.tenant_id, a.subscription_id == held.id, a.product_id == product_id)
        work.connection.execute(sa.delete(subscription_add_on).where(*mine))
    elif known:
        write(work, subscription_add_on, known.id, {"quantity": units.quantity, "unit_price": units.unit_price})
    else:
        work.connection.execute(
            sa.insert(subscription_add_on).values(
                tenant_id=work.tenant_id,
                id=new_id(),
                subscription_id=held.id,
                product_id=product_id,
                **vars(units),
            )
        )


def _note(
    work: Work,
    held: Held,
    kind: str,
    effect: Effect,
    on: date,
    id: UUID,
    *,
    done: bool,
    planned: bool = False,
    order_id: UUID | None = None,
) -> None:
    if planned:
        values = {
            "status": "done",
            "done_at": work.at,
            "before": plain(effect.before),
            "after": plain(effect.after),
            "sold": sold_by(kind, held, effect),
        }
        write(work, subscription_change, id, values)
        return
    sold = sold_by(kind, held, effect) if done else None
    row = line(work, held.id, held.account["id"], kind, effect, on, done=done, sold=sold)
    number = next_number(work, held.account["id"])
    work.connection.execute(
        sa.insert(subscription_change).values(
            **row, id=id, number=number, order_id=order_id, event_id=order_id if done and order_id else id
        )
    )


def line(
    work: Work,
    subscription_id: UUID,
    account_id: UUID,
    kind: str,
    effect: Effect,
    on: date,
    *,
    done: bool,
    sold: Sold | None = None,
) -> dict[str, Any]:
    """Give the row of a change, but for its id and number."""
    return {
        "tenant_id": work.tenant_id,
        "subscription_id": subscription_id,
        "account_id": account_id,
        "kind": kind,
        "status": "done" if done else "scheduled",
        "effective_on": on,
        "product_id": effect.product_id,
        "before": plain(effect.before),
        "after": plain(effect.after),
        "sold": sold,
        "actor_id": work.actor.id,
        "actor": work.actor.name[:320],
        "created_at": work.at,
        "done_at": work.at if done else None,
    }


def next_number(work: Work, account_id: UUID) -> int:
    """Give the number of the account's next change; who asks holds the account."""
    last = _LAST.row(work.connection, {"tenant": work.tenant_id, "account": account_id}).last
    return (last or 0) + 1


_LAST = Ready(
    sa.select(sa.func.max(subscription_change.c.number).label("last")).where(
        subscription_change.c.tenant_id == sa.bindparam("tenant"),
        subscription_change.c.account_id == sa.bindparam("account"),
    )
)


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write values as JSON keeps them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    return value if isinstance(value, int | bool | None) else str(value)


def desired(held: Held) -> dict[str, Any]:
    """Say what there should be at an outside system."""
    return {
        "product": held.product["sku"],
        "quantity": held.row["quantity"],
        "add_ons": {str(one.product_id): one.quantity for one in held.add_ons},
    }


def _asked(work: Work, held: Held, effect: Effect, change_id: UUID, waits_for: UUID | None) -> list[Asked]:
    found = []
    system = held.product["provisioning_system_id"]
    if effect.verb and system:
        found.append(Asked(held.account["id"], held.id, system, effect.verb, desired(held), change_id, waits_for))
    if effect.part is not None:
        found += _asked_of_part(work, held, effect.part, change_id, waits_for)
    return found


def _asked_of_part(
    work: Work, held: Held, part: Mapping[str, Any], change_id: UUID, waits_for: UUID | None
) -> list[Asked]:
    other = again(work, replace(held, row={**held.row, **part}))
    system = other.product["provisioning_system_id"]
    if not system:
        return []
    return [Asked(held.account["id"], other.id, system, "create", desired(other), change_id, waits_for)]


def _outcome(
    kind: str,
    effect: Effect,
    on: date,
    change_id: UUID,
    made: Sequence[Charge],
    held: Held,
    around: tuple[Terms | None, Terms | None],
    part_id: UUID | None,
    *,
    planned: bool = False,
) -> Outcome:
    currency = held.row["currency"]
    before, after = (cycle_total(one, currency) for one in around)
    net = total(made, currency)
    if effect.stops_after is not None:
        after = Money(MONEY_ZERO, currency)
    return Outcome(change_id, kind, effect.sentence, on, planned, made, net, before, after, part_id)


def _pairs(effect: Effect) -> dict[str, Any]:
    names = [name for name in effect.after if effect.before.get(name) != effect.after[name]]
    return {name: {"before": effect.before.get(name), "after": effect.after[name]} for name in names}
