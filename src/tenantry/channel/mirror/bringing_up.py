"""Bring the mirrors above to what is below, by statements over a whole batch; and raise the orders of what was sold.

Whatever the batch has nothing of is not asked for: most changes concern a few columns of what is there already.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from tenantry.channel.charging_soon import ask_soon
from tenantry.channel.mirror.further import tell_further_up
from tenantry.channel.mirror.place import Place
from tenantry.channel.upstream_credit.deciding import decide
from tenantry.database import Database, Work, once
from tenantry.kernel.ids import derived_id
from tenantry.rules.back_orders import events, history, showing
from tenantry.rules.back_orders.copies import ORDER, ORDER_ITEM
from tenantry.rules.mirror_up import arriving, differing, keeping, keeping_sales, parting
from tenantry.tenancy import numbers

order_made = ORDER.insert_from(None).returning(ORDER.into.c.id, ORDER.into.c.number)
item_made = ORDER_ITEM.insert_from(None)
HISTORY = (history.CHANGE.insert_from(None), history.line)


def bring_up(database: Database, work: Work, place: Place, words: dict[str, Any]) -> None:
    """Bring the mirrors above to what is below, and raise the orders of what was sold; `words` name them all.

    Among them `lost` may name facts that have arrived before and whose orders are not there any more.
    """
    managed = list(work.connection.scalars(keeping.hold, words).all())
    told = set(words.get("accounts", words["page"]))
    kept = [id for id in managed if id in told]
    strangers = set(words["page"]).difference(managed)
    if (words["subscriptions"] or words["assets"]) and strangers:
        newcomers = _let_arrive(database, work, place, {**words, "strangers": once(strangers)})
        managed += newcomers
        kept += newcomers
    if kept:
        _all(work, keeping.STATEMENTS, {**words, "managed": once(kept)})
    add_ons = bool(words["subscriptions"]) and _keep_subscriptions(work, words, set(managed))
    if words["assets"]:
        bought = _of(set(managed), work.connection.execute(differing.assets, words).all())
        _all(work, keeping_sales.OF_ASSETS, {**words, "assets": once(bought)})
    if words["facts"] or words["purchases"]:
        _raise_orders(database, work, place, {**words, "managed": managed}, add_ons=add_ons)
    if words["facts"] or words["purchases"] or words.get("credits"):
        decide(work, place, {"credits": [], **words})
    if place.goes_on:
        tell_further_up(work, place.parent_id, words)
    if kept and work.connection.execute(parting.tombstones, {**words, "page": once(kept)}).first():
        _all(work, parting.STATEMENTS, {**words, "managed": once(managed)})
    if words["facts"] or words["purchases"]:
        ask_soon(work, place.parent_id)


def _let_arrive(database: Database, work: Work, place: Place, words: dict[str, Any]) -> list[UUID]:
    """Make the accounts of customers who bought for the first time, and give them (UP-01)."""
    newcomers = once(work.connection.scalars(arriving.who, words).all())
    if newcomers:
        first = _reserve(database, place.parent_id, "account", len(newcomers))
        words = {**words, "newcomers": newcomers, "first_number": first}
        _all(work, (arriving.account_made, arriving.account_line), words)
    return newcomers


def _keep_subscriptions(work: Work, words: dict[str, Any], managed: Collection[UUID]) -> bool:
    """Write what has changed of those that are there, price those that are of another product, make the others.

    Says whether there are add-ons among them.
    """
    rows = [row for row in work.connection.execute(differing.subscriptions, words).all() if row.account_id in managed]
    mirrored = [row.id for row in rows if row.mirrored]
    if moved := [row.id for row in rows if row.mirrored and row.moved]:
        _all(work, keeping_sales.OF_MOVED, {**words, "subscriptions": once(moved)})
    if mirrored:
        _all(work, [keeping_sales.subscription_refresh], {**words, "subscriptions": once(mirrored)})
    if missing := [row.id for row in rows if not row.mirrored]:
        _all(work, [keeping_sales.subscription_made], {**words, "subscriptions": once(missing)})
    if len(rows) < len(words["subscriptions"]):
        words = {**words, "subscriptions": once(row.id for row in rows)}
    has_add_ons = bool(work.connection.scalar(differing.has_add_ons, words))
    if has_add_ons:
        _all(work, keeping_sales.OF_ADD_ONS, words)
    return has_add_ons


def _raise_orders(database: Database, work: Work, place: Place, words: dict[str, Any], *, add_ons: bool) -> None:
    """Make an order of every event that sold something, show it where it belongs, and write down what happened."""
    run, managed, lost = work.connection.execute, set(words["managed"]), set(words.get("lost", ()))
    new = [row for row in run(events.facts, words).all() if not row.known or row.id in lost]
    facts = _of(managed, new)
    # As a rule all of them are new, and written already.
    facts = words["facts"] if len(facts) == len(words["facts"]) else once(facts)
    bought = run(events.purchases, words).all() if words["purchases"] else []
    words = {**words, "facts": facts, "purchases": once(_of(managed, bought))}
    sold = run(events.sold, words).all()
    tracked = {(row.event_id, row.account_id) for row in sold}
    order_of = {one: derived_id(*one, events.WHAT) for one in tracked}
    words["raising"] = once({row.id for row in sold})
    number_of: dict[UUID, int] = {}
    if sold:
        first = _reserve(database, place.parent_id, "order", len(tracked))
        shown = showing.of({row.kind for row in sold}, add_ons=add_ons)
        items = {name: once(values) for name, values in events.words_of(sold).items()}
        told = {**words, **items, "first_number": first}
        number_of = dict(run(order_made, told).all())
        if there := [id for id in order_of.values() if id not in number_of]:
            number_of |= dict(run(history.numbers, {**words, "there": there}).all())
        _all(work, (item_made, *shown), told)
    if facts:
        tracking = {row.id: number_of.get(order_of[row.event_id, row.account_id]) for row in sold}
        words["numbers"] = once(tracking.get(fact) for fact in facts)
        _all(work, HISTORY, words)
    if any(row.asset_id for row in sold):
        run(history.purchase_line, {**words, "made": once(order_of.values())})


def _of(managed: Collection[UUID], rows: Any) -> list[UUID]:
    """Give what of these is a customer's that this reseller manages: the others are his own business."""
    return [row.id for row in rows if row.account_id in managed]


def _reserve(database: Database, tenant_id: UUID, name: str, count: int) -> int:
    """Reserve numbers in a transaction of their own: nobody at the distributor waits for the batch to get his."""
    with database.work(tenant_id) as work:
        return numbers.reserve(work, name, count)


def _all(work: Work, statements: Sequence[Any], words: dict[str, Any]) -> None:
    for statement in statements:
        work.connection.execute(statement, words)
