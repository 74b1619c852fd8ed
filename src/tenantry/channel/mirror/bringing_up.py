"""Bring the mirrors above to what is below, by statements over a whole batch; and raise the orders of what was sold.

Whatever the batch has nothing of is not asked for: most changes concern a few columns of what is there already.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from tenantry.channel.charging_soon import ask_soon
from tenantry.channel.mirror.further import tell_further_up
from tenantry.channel.mirror.gone import gone_for_good
from tenantry.channel.mirror.place import Place
from tenantry.channel.mirror.raising import make_orders, of_managed, sold_in, write_down
from tenantry.channel.upstream_credit.deciding import decide
from tenantry.database import Database, Work, once, spelled
from tenantry.rules.back_orders import events
from tenantry.rules.mirror_up import arriving, differing, keeping, keeping_sales, left_behind, parting
from tenantry.tenancy import numbers


def bring_up(database: Database, work: Work, place: Place, words: dict[str, Any], *, plainly: bool = False) -> None:
    """Bring the mirrors above to what is below, and raise the orders of what was sold; `words` name them all.

    Among them `lost` may name facts that have arrived before and whose orders are not there any more.
    Plainly it raises IntegrityError if anything of what it makes is there already.
    """
    connection = work.connection
    managed = [row.id for row in spelled(keeping.hold).rows(connection, words)]
    told = set(words.get("accounts", words["page"]))
    kept = [id for id in managed if id in told]
    strangers = set(words["page"]).difference(managed)
    if (words["subscriptions"] or words["assets"]) and strangers:
        newcomers = _let_arrive(database, work, place, {**words, "strangers": once(strangers)}, plainly=plainly)
        managed += newcomers
        kept += newcomers
    if kept:
        _all(work, keeping.STATEMENTS, {**words, "managed": once(kept)})
    rows = spelled(differing.subscriptions).rows(connection, words) if words["subscriptions"] else []
    ours = set(managed)
    mine = [row for row in rows if row.account_id in ours]
    facts = spelled(events.facts).rows(connection, words) if words["facts"] else []
    _refresh_subscriptions(
        work, words, mine, priced={row.subscription_id for row in facts if row.priced and not row.known}
    )
    coming = [row.id for row in mine if row.comes]
    left = _left_behind(work, words, [row.id for row in mine if not row.mirrored and not row.comes])
    mirrored = {row.id for row in rows if row.mirrored}.union(coming, left)
    heard = words["facts"] or words["purchases"]
    sales = sold_in(work, words, facts, ours, mirrored, plainly=plainly) if heard else None
    raised = make_orders(database, work, place, sales) if sales else {}
    _make(work, words, coming, left, shown=sales.orders if sales else {}, plainly=plainly)
    add_ons = bool(words["subscriptions"]) and _keep_add_ons(work, words, [row.id for row in mine])
    if words["assets"]:
        bought = of_managed(ours, spelled(differing.assets).rows(connection, words))
        _all(work, keeping_sales.OF_ASSETS, {**words, "assets": once(bought)})
    if sales:
        write_down(work, sales, raised, made=set(coming), add_ons=add_ons)
    if sales or words.get("credits"):
        decide(work, place, {"credits": [], **words})
    if place.goes_on:
        tell_further_up(work, place.parent_id, words)
    if kept and (gone := gone_for_good(work, words, kept)):
        _all(work, parting.STATEMENTS, {**words, "managed": once(gone)})
    if sales:
        ask_soon(work, place.parent_id)


def _let_arrive(database: Database, work: Work, place: Place, words: dict[str, Any], *, plainly: bool) -> list[UUID]:
    """Make the accounts of customers who bought for the first time, and give them (UP-01)."""
    newcomers = once(row.id for row in spelled(arriving.who).rows(work.connection, words))
    if newcomers:
        first = numbers.reserved(database, place.parent_id, "account", len(newcomers))
        words = {**words, "newcomers": newcomers, "first_number": first}
        makings = (arriving.account_made, arriving.account_line)
        _all(work, [making.form(plainly=plainly) for making in makings], words)
    return newcomers


def _left_behind(work: Work, words: dict[str, Any], ids: Sequence[UUID]) -> list[UUID]:
    """Name what of these came from above and went on to the reseller's own before it was heard of (BO-02)."""
    return list(work.connection.scalars(left_behind.which, {**words, "subscriptions": once(ids)})) if ids else []


def _make(
    work: Work,
    words: dict[str, Any],
    coming: Sequence[UUID],
    left: Sequence[UUID],
    *,
    shown: Mapping[UUID, UUID],
    plainly: bool,
) -> None:
    """Make what is new, with the orders that it shows, and what came and went before it was heard of."""
    if coming:
        new = {"subscriptions": once(coming), "shown": once(shown.get(id) for id in coming)}
        _all(work, [keeping_sales.subscription_made.form(plainly=plainly)], {**words, **new})
    if left:
        _all(work, [keeping_sales.left_behind_made], {**words, "subscriptions": once(left)})


def _refresh_subscriptions(work: Work, words: dict[str, Any], rows: Sequence[Any], *, priced: Collection[UUID]) -> None:
    """Write what has changed of those that are there, and price those that are of another product, or were since."""
    if moved := [row.id for row in rows if row.mirrored and (row.moved or row.id in priced)]:
        _all(work, keeping_sales.OF_MOVED, {**words, "subscriptions": once(moved)})
    if mirrored := [row.id for row in rows if row.mirrored]:
        _all(work, [keeping_sales.subscription_refresh], {**words, "subscriptions": once(mirrored)})


def _keep_add_ons(work: Work, words: dict[str, Any], ids: Sequence[UUID]) -> bool:
    """Bring the add-ons of these up to date, and say whether there are any."""
    if len(ids) < len(words["subscriptions"]):
        words = {**words, "subscriptions": once(ids)}
    has_add_ons = bool(spelled(differing.has_add_ons).row(work.connection, words).there)
    if has_add_ons:
        _all(work, keeping_sales.OF_ADD_ONS, words)
    return has_add_ons


def _all(work: Work, statements: Sequence[Any], words: dict[str, Any]) -> None:
    for statement in statements:
        spelled(statement).run(work.connection, words)
