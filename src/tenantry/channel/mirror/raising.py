"""Raise the orders above of what was sold below, and write down there what happened (BO-01 to BO-04)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from tenantry.channel.mirror.place import Place
from tenantry.database import Database, Work, once, spelled
from tenantry.rules.back_orders import events, history, showing
from tenantry.rules.back_orders.copies import ORDER, ORDER_ITEM
from tenantry.tenancy import numbers

order_made = ORDER.making(None).returning(ORDER.into.c.id, ORDER.into.c.number)
item_made = ORDER_ITEM.making(None)
HISTORY = (history.CHANGE.making(None), history.line)


@dataclass(frozen=True)
class Sales:
    """What a batch has to write down: facts that are new, and what was sold, item by item (`events.sold`)."""

    facts: Sequence[UUID]
    sold: Sequence[Any]
    # The words of the statements that read it.
    words: Mapping[str, Any]
    # All of it is believed to be new.
    plainly: bool

    @cached_property
    def orders(self) -> dict[UUID, UUID]:
        """Subscription -> the order that it shows, which is that of the last sale that started it (BO-15)."""
        started = sorted((row for row in self.sold if showing.starts(row)), key=lambda row: row.number)
        return {row.subscription_id: row.order_id for row in started}


def sold_in(
    work: Work,
    words: Mapping[str, Any],
    told: Sequence[Any],
    managed: Collection[UUID],
    mirrored: Collection[UUID],
    *,
    plainly: bool,
) -> Sales:
    """Read what was sold to these accounts, with these subscriptions: the others are the reseller's own business. What
    was `told` are facts (`events.facts`).
    """
    connection, lost = work.connection, set(words.get("lost", ()))
    new = [row for row in told if not row.known or row.id in lost]
    facts = of_managed(managed, new)
    # As a rule all of them are new, and written already.
    facts = words["facts"] if len(facts) == len(words["facts"]) else once(facts)
    bought = spelled(events.purchases).rows(connection, words) if words["purchases"] else []
    words = {**words, "facts": facts, "purchases": once(of_managed(managed, bought))}
    sold = [
        row for row in spelled(events.sold).rows(connection, words) if row.asset_id or row.subscription_id in mirrored
    ]
    items = {name: once(values) for name, values in events.words_of(sold).items()}
    return Sales(facts, sold, {**words, **items}, plainly)


def make_orders(database: Database, work: Work, place: Place, sales: Sales) -> dict[UUID, int]:
    """Make an order of every event that sold something; gives the numbers of all of them, by order."""
    orders = {row.order_id for row in sales.sold}
    if not orders:
        return {}
    first = numbers.reserved(database, place.parent_id, "order", len(orders))
    made = spelled(order_made.form(plainly=sales.plainly))
    number_of = dict(made.rows(work.connection, {**sales.words, "first_number": first}))
    if there := orders.difference(number_of):
        words = {**sales.words, "there": once(there)}
        number_of |= dict(spelled(history.numbers).rows(work.connection, words))
    return number_of


def write_down(
    work: Work, sales: Sales, number_of: Mapping[UUID, int], *, made: Collection[UUID], add_ons: bool
) -> None:
    """Make the items of the orders, show these where they belong, and write down what happened; the subscriptions that
    this batch has made show theirs.
    """
    connection = work.connection
    if sales.sold:
        started = any(id not in made for id in sales.orders)
        shown = showing.of({row.kind for row in sales.sold}, started=started, add_ons=add_ons)
        for statement in (item_made.form(plainly=sales.plainly), *shown):
            spelled(statement).run(connection, sales.words)
    if sales.facts:
        order_of = {row.id: row.order_id for row in sales.sold}
        tracked = [order_of.get(fact) for fact in sales.facts]
        told = {"tracked": once(tracked), "numbers": once(number_of.get(one) if one else None for one in tracked)}
        for making in HISTORY:
            spelled(making.form(plainly=sales.plainly)).run(connection, {**sales.words, **told})
    if any(row.asset_id for row in sales.sold):
        words = {**sales.words, "made": once({row.order_id for row in sales.sold})}
        spelled(history.purchase_line.form(plainly=sales.plainly)).run(connection, words)


def of_managed(managed: Collection[UUID], rows: Any) -> list[UUID]:
    """Give what of these is a customer's that this reseller manages: the others are his own business."""
    return [row.id for row in rows if row.account_id in managed]
