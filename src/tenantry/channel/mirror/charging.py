"""Charge the reseller for what he sold: the mirrors of a distributor, brought up to a day (BO-12, UP-31, BIL-07).

What happened below is taken in its order and by its own day, so that a distributor who hears of it late charges the
same. Only the units come from below; what one costs is the mirror's own price.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.channel.mirror import rates, repricing
from tenantry.channel.mirror.charging_statements import DUE, FACTS, HOLD, HOLD_ACCOUNT, KEPT, TAKEN
from tenantry.channel.mirror.meter import Meter
from tenantry.channel.mirror.rates import Alive, Rate
from tenantry.charging import charges
from tenantry.charging.charges import Charge
from tenantry.charging.cycles import count_add_ons
from tenantry.charging.proration import DAY, period_of
from tenantry.charging.terms import off_in, terms_rows
from tenantry.database import Database, Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.rules.back_orders.events import ITEM
from tenantry.rules.back_orders.triggers import MOVES
from tenantry.sales.defaults import today
from tenantry.schema.sales import PAYING, subscription
from tenantry.tenancy.due import NOBODY, PAGE, work_through
from tenantry.tenancy.records import write

BEGINS = ("activation", "conversion")
STARTS = (*BEGINS, "resumption")
ENDS = ("cancellation", "expiry")
STOPS = (*ENDS, "suspension")
NOTHING = Decimal(0)
NO_DAY = timedelta(0)


def charge_mirrors(database: Database, tenant_id: UUID, *, between: Callable[[], None] = lambda: None) -> int:
    """Charge every mirror of a tenant for which something is due; gives how many."""
    return work_through(database, tenant_id, due, bring_up, between, "mirror_not_charged")


def due(work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
    """Name the mirrors for which something is to be charged today, by id."""
    asked = {"tenant": work.tenant_id, "today": today(work), "after": after, "limit": limit}
    return list(work.connection.scalars(DUE, asked))


def bring_up(work: Work, id: UUID) -> None:
    """Charge a mirror for everything that has happened to it, and its cycles up to today."""
    row = _held(work, id)
    if row is None:
        return
    now = today(work)
    facts = list(work.connection.execute(FACTS, {"tenant": work.tenant_id, "id": id, "today": now}).mappings())
    added = rates.alive(work, id)
    meter = _before(work, row, facts, added)
    ahead = repricing.planned(work, id, now)
    for fact in facts:
        _prices(work, meter, ahead, fact["effective_on"])
        # What stops on the day with which a cycle begins has begun it: it is charged, and given back from then on.
        _cycles(meter, fact["effective_on"] - (NO_DAY if fact["kind"] in STOPS else DAY))
        _happened(work, meter, fact)
    meter.runs = row["status"] in PAYING and row["paid_from"] is not None
    meter.row["end_on"] = row["end_on"]
    _prices(work, meter, ahead, now)
    _cycles(meter, now)
    charges.write(work, meter.made)
    names = ("anchor_on", "charged_until", "promotion_cycles_left")
    changed = {name: meter.row[name] for name in names if meter.row[name] != row[name]}
    if changed:
        write(work, subscription, id, changed)
    count_add_ons(work, {one.id: meter.rates[one.product_id].cycles_left for one in added})
    if facts:
        work.connection.execute(TAKEN, {"tenant": work.tenant_id, "ids": [fact["id"] for fact in facts]})
    keep_no_more(work, {fact["order_id"] for fact in facts if fact["order_id"]})


def keep_no_more(work: Work, order_ids: Collection[UUID]) -> None:
    """Keep nothing more of the reseller's credit for back orders of which all is charged."""
    if order_ids:
        work.connection.execute(KEPT, {"tenant": work.tenant_id, "orders": list(order_ids)})


def _held(work: Work, id: UUID) -> Row | None:
    """Hold the account, then the mirror, and read it with the options and the promotion that count."""
    asked = {"tenant": work.tenant_id, "id": id}
    work.connection.execute(HOLD_ACCOUNT, asked)
    work.connection.execute(HOLD, asked)
    return next(iter(terms_rows(work, [id], paid=False)), None)


def _before(work: Work, row: Row, facts: Sequence[Row], added: Sequence[Alive]) -> Meter:
    """Work out how it stood before what has not been charged yet: as it is now, less what happened since."""
    id = row["id"]
    units = {row["product_id"]: row["quantity"], **{one.product_id: one.quantity for one in added}}
    now = {one.product_id: one.rate for one in added}
    sold, items = rates.sold_at(work, id)
    # What was cancelled meanwhile and bought anew is another, so it was charged as its charges say.
    gone = {fact["product_id"] for fact in facts if fact["kind"] == "add_on" and not fact["sold"]}
    stays = {product_id: rate for product_id, rate in now.items() if product_id not in gone}
    rate_of = now | sold | rates.charged_at(work, id) | stays
    rate_of[row["product_id"]] = Rate(row["unit_price"])
    moved = [fact for fact in facts if fact["kind"] in MOVES and "parted_id" not in fact["after"]]
    if moved and _product(moved[-1]) != row["product_id"]:
        # It went on to a product of the reseller's own, and the mirror stayed as it was when it ended.
        units[row["product_id"]] = 0
    for fact in facts:
        for product_id, more in _changed(id, fact):
            units[product_id] = units.get(product_id, 0) - more
            if more > 0:
                # What is the reseller's own has no price here, and costs him nothing here.
                rate_of.setdefault(product_id, Rate(NOTHING))
    was = dict(row)
    started = [fact for fact in facts if fact["kind"] in BEGINS]
    if moved:
        was["product_id"] = _product(moved[0], of_the_old=True)
        rate_of[row["product_id"]] = Rate(row["unit_price"], off_in(row), row["promotion_cycles_left"])
    rate = rate_of.setdefault(was["product_id"], Rate(row["unit_price"]))
    if moved:
        was |= _promotion(rate)
    if started:
        was["paid_from"] = None
    return Meter({**was, "end_on": None}, units, rate_of, _ran(row, facts), sold | now, items)


def _promotion(rate: Rate) -> dict[str, Any]:
    """Write down the promotion of a rate as that of the subscription: each product has its own."""
    given = {f"promotion_{name}": getattr(rate.promotion, name, None) for name in ("id", "name", "kind", "off")}
    return {**given, "promotion_cycles_left": rate.cycles_left}


def _product(fact: Row, *, of_the_old: bool = False) -> UUID:
    """Give the product that a move led to, or that it came from."""
    return next(UUID(line["product_id"]) for line in fact["sold"] if (line["quantity"] < 0) is of_the_old)


def _ran(row: Row, facts: Sequence[Row]) -> bool:
    """Say whether it was charged for before the first of these facts."""
    turned = [fact["kind"] for fact in facts if fact["kind"] in {*STARTS, *STOPS}]
    if not turned:
        return row["status"] in PAYING
    # What ended while it was suspended stays so: no suspension follows an end.
    return turned[0] == "suspension" or (turned[0] in ENDS and row["suspended_on"] is None)


def _happened(work: Work, meter: Meter, fact: Row) -> None:
    """Take one thing that happened: give back and charge what it changes in what was charged already."""
    kind, on = fact["kind"], fact["effective_on"]
    meter.begun = fact if kind in BEGINS else None
    if kind in STOPS:
        last = on if kind in ENDS else on - DAY
        _charged(meter, fact, charges.of_change(meter.terms(), None, last + DAY) if meter.row["paid_from"] else [])
        until = meter.row["charged_until"]
        meter.row["charged_until"] = min(until, last) if until else until
        meter.runs = False
        return
    if kind == "resumption":
        meter.resume(on)
        return
    before = meter.terms() if meter.row["paid_from"] else None
    for product_id, more in _changed(meter.row["id"], fact):
        if kind == "add_on":
            meter.change_add_on(product_id, more, on, item=derived_id(fact["id"], product_id, ITEM))
        else:
            meter.change(product_id, more)
        if more > 0 and kind in MOVES:
            meter.row |= {"product_id": product_id, **_promotion(meter.rates[product_id])}
    if kind in BEGINS:
        meter.row["paid_from"], meter.runs = on, True
        return
    if before:
        _charged(meter, fact, charges.of_change(before, meter.terms(), on))
    if "parted_id" in fact["after"]:
        _part(work, meter, fact, UUID(fact["after"]["parted_id"]))


def _part(work: Work, meter: Meter, fact: Row, id: UUID) -> None:
    """Charge what was parted from it, as it was then, for the rest of what was charged; from there it goes on."""
    row = next(iter(terms_rows(work, [id], paid=False)), None)
    if row is None or row["charged_until"] is not None:
        return
    span = {"anchor_on": meter.row["anchor_on"], "charged_until": meter.row["charged_until"]}
    if not span["charged_until"]:
        return
    since = work.connection.execute(FACTS, {"tenant": work.tenant_id, "id": id, "today": today(work)}).mappings().all()
    part = _before(work, {**row, **span}, since, rates.alive(work, id))
    _charged(meter, fact, charges.of_change(None, part.terms(), fact["effective_on"]))
    write(work, subscription, id, span)


def _charged(meter: Meter, fact: Row, made: Sequence[Charge]) -> None:
    meter.made += charges.made_by(made, change_id=fact["id"], order_id=fact["order_id"])


def _prices(work: Work, meter: Meter, ahead: deque[Row], until: date) -> None:
    """Carry out the updates of its prices that were planned for days until then, each before the cycle of its day."""
    while ahead and ahead[0]["effective_on"] <= until:
        row = ahead.popleft()
        _cycles(meter, row["effective_on"] - DAY)
        repricing.carry_out(work, meter, row)


def _cycles(meter: Meter, until: date) -> None:
    """Charge every cycle that begins up to a day."""
    while (first := meter.first) and first <= until and not (meter.row["end_on"] and first > meter.row["end_on"]):
        terms = meter.terms(next_cycle=True)
        last = period_of(terms.cycle, terms.anchor, first).last
        made = charges.of_cycle(terms, first)
        if meter.begun and first == meter.row["paid_from"]:
            _charged(meter, meter.begun, made)
        else:
            meter.made += made
        meter.row |= {
            "anchor_on": terms.anchor,
            "charged_until": min(last, terms.end_on or last),
            "promotion_cycles_left": terms.promotion_cycles_left,
        }
        for id, left in terms.add_on_cycles_left.items():
            meter.rates[id] = replace(meter.rates[id], cycles_left=left)


def _changed(id: UUID, fact: Row) -> list[tuple[UUID, int]]:
    """Give how many units more or fewer of which product a change left the subscription with."""
    if fact["kind"] == "add_on" and not fact["sold"]:
        gone = int(fact["before"].get("quantity") or 0)
        return [(fact["product_id"], -gone)] if fact["product_id"] else []
    lines = [line for line in fact["sold"] or () if line["subscription_id"] == str(id)]
    return [(UUID(line["product_id"]), line["quantity"]) for line in lines]
