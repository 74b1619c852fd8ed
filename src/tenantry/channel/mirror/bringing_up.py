"""Bring the mirrors above to what is below, by statements over a whole batch; and raise the orders of what was sold.

Whatever the batch has nothing of is not asked for: most changes concern a few columns of what is there already.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.channel.mirror.further import tell_further_up
from tenantry.channel.mirror.place import Place
from tenantry.channel.mirror.tasks import ask_soon
from tenantry.database import Database, Work
from tenantry.kernel.ids import derived_id
from tenantry.rules.back_orders import events, history, showing
from tenantry.rules.back_orders.copies import ORDER, ORDER_ITEM
from tenantry.rules.mirror_up import arriving, differing, keeping, keeping_sales, parting
from tenantry.rules.mirror_up.batch import managed
from tenantry.tenancy import numbers

ORDERS = (ORDER.insert_from(managed), ORDER_ITEM.insert_from(managed))
HISTORY = (history.CHANGE.insert_from(managed), history.line)


def bring_up(database: Database, work: Work, place: Place, words: dict[str, Any]) -> None:
    """Bring the mirrors above to what is below, and raise the orders of what was sold; `words` name them all.

    Among them `lost` may name facts that have arrived before and whose orders are not there any more.
    """
    run = work.connection.execute
    words["managed"] = list(run(keeping.hold, words).scalars())
    told = set(words.get("accounts", words["page"]))
    kept = [id for id in words["managed"] if id in told]
    if words["subscriptions"] or words["assets"]:
        newcomers = _let_arrive(database, work, place, words)
        words["managed"] += newcomers
        kept += newcomers
    if kept:
        _all(work, keeping.STATEMENTS, {**words, "managed": kept})
    if words["subscriptions"]:
        _keep_subscriptions(work, words)
    if words["assets"]:
        _all(work, keeping_sales.OF_ASSETS, words)
    if words["facts"] or words["purchases"]:
        _raise_orders(database, work, place, words)
        ask_soon(work, place.parent_id)
    if place.goes_on:
        tell_further_up(work, place.parent_id, words)
    if kept and run(parting.tombstones, {**words, "page": kept}).first():
        _all(work, parting.STATEMENTS, words)


def _keep_subscriptions(work: Work, words: dict[str, Any]) -> None:
    """Write what has changed of those that are there, price those that are of another product, make the others."""
    rows = work.connection.execute(differing.differing, words).all()
    moved = [row.id for row in rows if row.moved]
    if moved:
        _all(work, keeping_sales.OF_MOVED, {**words, "subscriptions": moved})
    work.connection.execute(keeping_sales.subscription_refresh, words)
    if missing := [row.id for row in rows if not row.moved]:
        work.connection.execute(keeping_sales.subscription_made, {**words, "subscriptions": missing})
    if work.connection.scalar(differing.has_add_ons, words):
        _all(work, keeping_sales.OF_ADD_ONS, words)


def _let_arrive(database: Database, work: Work, place: Place, words: dict[str, Any]) -> list[UUID]:
    """Make the accounts of customers who bought for the first time, and give them (UP-01)."""
    newcomers = list(work.connection.scalars(arriving.who, words))
    if newcomers:
        first = _reserve(database, place.parent_id, "account", len(newcomers))
        work.connection.execute(arriving.account_made, {**words, "first_number": first})
        work.connection.execute(arriving.account_line, {**words, "newcomers": newcomers})
    return newcomers


def _raise_orders(database: Database, work: Work, place: Place, words: dict[str, Any]) -> None:
    """Make an order of every event that sold something, show it where it belongs, and write down what happened."""
    known = set(work.connection.scalars(events.arrived_before, words)) - set(words.get("lost", ()))
    words = {**words, "facts": [fact for fact in words["facts"] if fact not in known]}
    sold = work.connection.execute(events.sold, words).all()
    tracked = {(row.event_id, row.account_id) for row in sold}
    words["raising"] = sorted({row.id for row in sold})
    words["made"] = [derived_id(event, account_id, events.WHAT) for event, account_id in sorted(tracked)]
    if sold:
        first = _reserve(database, place.parent_id, "order", len(tracked))
        shown = showing.of({row.kind for row in sold})
        _all(work, (*ORDERS, *shown), {**words, **events.words_of(sold), "first_number": first})
    if words["facts"]:
        _all(work, HISTORY, words)
    if any(row.asset_id for row in sold):
        work.connection.execute(history.purchase_line, words)


def _reserve(database: Database, tenant_id: UUID, name: str, count: int) -> int:
    """Reserve numbers in a transaction of their own: nobody at the distributor waits for the batch to get his."""
    with database.work(tenant_id) as work:
        return numbers.reserve(work, name, count)


def _all(work: Work, statements: Sequence[Any], words: dict[str, Any]) -> None:
    for statement in statements:
        work.connection.execute(statement, words)
