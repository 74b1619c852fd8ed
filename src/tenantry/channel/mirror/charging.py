"""Charge the reseller for what he sold: the mirrors of a distributor, brought up to a day (BO-12, UP-31, BIL-07).

What happened below is taken in its order and by its own day, so that a distributor who hears of it late charges the
same. Only the units come from below; what one costs is the mirror's own price.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from tenantry.channel.mirror import rates, repricing
from tenantry.channel.mirror.meter import Meter
from tenantry.channel.mirror.rates import Alive, Rate
from tenantry.charging import charges
from tenantry.charging.charges import Charge
from tenantry.charging.cycles import count_add_ons
from tenantry.charging.proration import DAY, period_of
from tenantry.charging.terms import terms_in, terms_rows
from tenantry.database import Database, Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.rules.back_orders.events import ITEM
from tenantry.sales.defaults import today
from tenantry.schema.crm import account
from tenantry.schema.sales import PAYING, order, order_item, subscription
from tenantry.schema.subscription import asset, subscription_change
from tenantry.tenancy.due import NOBODY, PAGE, work_through
from tenantry.tenancy.records import write

BEGINS = ("activation", "conversion")
STARTS = (*BEGINS, "resumption")
ENDS = ("cancellation", "expiry")
STOPS = (*ENDS, "suspension")
MOVES = ("upgrade", "downgrade")
NOTHING = Decimal(0)

log = structlog.get_logger()


def charge_mirrors(database: Database, tenant_id: UUID, *, between: Callable[[], None] = lambda: None) -> int:
    """Charge every mirror of a tenant for which something is due; gives how many. `between` is called after each page.

    Each in a transaction of its own, so that one that cannot be charged holds up no other.
    """
    return work_through(database, tenant_id, due, lambda id: _one(database, tenant_id, id), between)


def due(work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
    """Name the mirrors for which something is to be charged today, by id."""
    asked = {"tenant": work.tenant_id, "today": today(work), "after": after, "limit": limit}
    return list(work.connection.scalars(_DUE, asked))


def _one(database: Database, tenant_id: UUID, id: UUID) -> bool:
    try:
        with database.work(tenant_id) as work:
            bring_up(work, id)
    except OperationalError:
        # The database is away, or somebody was faster: the job is tried again within seconds, and finds the rest.
        raise
    except Exception:
        # One that cannot be charged is said, and tried again the next time; the others go on.
        log.exception("mirror_not_charged", subscription_id=str(id))
        return False
    return True


def bring_up(work: Work, id: UUID) -> None:
    """Charge a mirror for everything that has happened to it, and its cycles up to today."""
    row = _held(work, id)
    if row is None:
        return
    now = today(work)
    facts = list(work.connection.execute(_FACTS, {"tenant": work.tenant_id, "id": id, "today": now}).mappings())
    added = rates.alive(work, id)
    meter = _before(work, row, facts, added)
    ahead = repricing.planned(work, id, now)
    for fact in facts:
        _prices(work, meter, ahead, fact["effective_on"])
        _cycles(meter, fact["effective_on"] - DAY)
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
        work.connection.execute(_TAKEN, {"tenant": work.tenant_id, "ids": [fact["id"] for fact in facts]})
    keep_no_more(work, {fact["order_id"] for fact in facts if fact["order_id"]})


def keep_no_more(work: Work, order_ids: Collection[UUID]) -> None:
    """Keep nothing more of the reseller's credit for back orders of which all is charged."""
    if order_ids:
        work.connection.execute(_KEPT, {"tenant": work.tenant_id, "orders": list(order_ids)})


def _held(work: Work, id: UUID) -> Row | None:
    """Hold the account, then the mirror, and read it with the options and the promotion that count."""
    asked = {"tenant": work.tenant_id, "id": id}
    work.connection.execute(_HOLD_ACCOUNT, asked)
    work.connection.execute(_HOLD, asked)
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
        was["promotion_name"] = None
    rate_of.setdefault(was["product_id"], Rate(row["unit_price"]))
    if started:
        was["paid_from"] = None
    return Meter({**was, "end_on": None}, units, rate_of, _ran(row, facts), sold | now, items)


def _product(fact: Row, *, of_the_old: bool = False) -> UUID:
    """Give the product that a move led to, or that it came from."""
    return next(UUID(line["product_id"]) for line in fact["sold"] if (line["quantity"] < 0) is of_the_old)


def _ran(row: Row, facts: Sequence[Row]) -> bool:
    """Say whether it was charged for before the first of these facts."""
    turned = [fact["kind"] for fact in facts if fact["kind"] in {*STARTS, *STOPS}]
    return turned[0] in STOPS if turned else row["status"] in PAYING


def _happened(work: Work, meter: Meter, fact: Row) -> None:
    """Take one thing that happened: give back and charge what it changes in what was charged already."""
    kind, on = fact["kind"], fact["effective_on"]
    if kind in STOPS:
        last = on if kind in ENDS else on - DAY
        if kind == "suspension":
            meter.suspend(on)
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
            meter.row["product_id"] = product_id
    if kind in BEGINS:
        meter.row["paid_from"], meter.runs = on, True
        return
    if before:
        _charged(meter, fact, charges.of_change(before, meter.terms(), on))
    if "parted_id" in fact["after"]:
        _part(work, meter, fact, UUID(fact["after"]["parted_id"]))


def _part(work: Work, meter: Meter, fact: Row, id: UUID) -> None:
    """Charge what was parted from it for the rest of what was charged; its periods go on from there."""
    row = next(iter(terms_rows(work, [id], paid=False)), None)
    if row is None or row["charged_until"] is not None:
        return
    span = {"anchor_on": meter.row["anchor_on"], "charged_until": meter.row["charged_until"]}
    if not span["charged_until"]:
        return
    made = charges.of_change(None, terms_in({**row, **span}, (), next_cycle=False), fact["effective_on"])
    _charged(meter, fact, made)
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
        meter.made += charges.of_cycle(terms, first)
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


_tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
_id: sa.BindParameter[UUID] = sa.bindparam("id")
_s, _c = subscription.c, subscription_change.c
_HOLD_ACCOUNT = (
    sa.select(account.c.id)
    .where(
        account.c.tenant_id == _tenant,
        account.c.id == sa.select(_s.account_id).where(_s.tenant_id == _tenant, _s.id == _id).scalar_subquery(),
    )
    .with_for_update(key_share=True)
)
_HOLD = sa.select(_s.id).where(_s.tenant_id == _tenant, _s.id == _id).with_for_update(key_share=True)
DAY_OF: sa.BindParameter[date] = sa.bindparam("today", type_=sa.Date)
_FACTS = (
    sa.select(subscription_change)
    .where(_c.tenant_id == _tenant, _c.subscription_id == _id, _c.to_be_charged, _c.effective_on <= DAY_OF)
    .order_by(_c.number)
)
_TAKEN = (
    sa.update(subscription_change)
    .where(_c.tenant_id == _tenant, _c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
    .values(to_be_charged=False)
)
_later = subscription_change.alias("later")
_bought = order_item.alias("bought")
# What was charged is owed as such, and no longer kept of the reseller's credit (UP-47).
_KEPT = (
    sa.update(order)
    .where(
        order.c.tenant_id == _tenant,
        order.c.id == sa.any_(sa.bindparam("orders", type_=sa.ARRAY(sa.Uuid))),
        order.c.reserved.is_not(None),
        ~sa.exists().where(_later.c.tenant_id == _tenant, _later.c.order_id == order.c.id, _later.c.to_be_charged),
        ~sa.exists().where(
            _bought.c.tenant_id == _tenant,
            _bought.c.order_id == order.c.id,
            asset.c.tenant_id == _tenant,
            asset.c.id == _bought.c.asset_id,
            asset.c.to_be_charged,
        ),
    )
    .values(reserved=None)
)


def _due_statement() -> sa.Select[tuple[UUID]]:
    day = DAY_OF
    happened = sa.exists().where(
        _c.tenant_id == _s.tenant_id, _c.subscription_id == _s.id, _c.to_be_charged, _c.effective_on <= day
    )
    # Nothing of it is charged before there is credit for it (UP-47), nor of what was parted from it meanwhile.
    parted_from = sa.case((_s.charged_until.is_(None), _s.split_from_id))
    waits = sa.exists().where(
        _c.tenant_id == _s.tenant_id,
        _c.subscription_id.in_([_s.id, parted_from]),
        _c.to_be_charged,
        order.c.tenant_id == _c.tenant_id,
        order.c.id == _c.order_id,
        order.c.approval == "waiting",
    )
    uncharged = sa.and_(
        _s.status.in_(PAYING),
        _s.paid_from.is_not(None),
        sa.func.coalesce(_s.charged_until < day, _s.paid_from <= day),
        sa.or_(_s.end_on.is_(None), _s.charged_until.is_(None), _s.charged_until < _s.end_on),
    )
    return (
        sa.select(_s.id)
        .where(
            _s.tenant_id == _tenant,
            _s.id > sa.bindparam("after"),
            _s.standing == "mirrored",
            sa.or_(uncharged, happened),
            ~waits,
        )
        .order_by(_s.id)
        .limit(sa.bindparam("limit"))
    )


_DUE = _due_statement()
