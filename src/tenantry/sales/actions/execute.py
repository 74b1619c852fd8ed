"""Execute an order: its subscriptions and assets come to be, in the same transaction, each once (ORD-03)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from tenantry.catalog import fields
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.sales import credit, upstream
from tenantry.sales.assets.buying import buy
from tenantry.sales.defaults import today
from tenantry.sales.items import Delivery, items_of, require_deliverable
from tenantry.sales.marking import mark_managed
from tenantry.sales.records import change_order, held_order
from tenantry.sales.selling import brings_inherited, may_execute
from tenantry.sales.subscriptions.activating import activate
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.api_options import defaults_for_person


def execute_order(
    work: Work,
    id: UUID,
    *,
    start_on: date | None = None,
    starts: Mapping[UUID, date] | None = None,
    version: int | None = None,
) -> list[UUID]:
    """Carry out a submitted order, whole; gives the ids of the subscriptions it started.

    Each starts on its item's day in `starts`, else the item's own, else `start_on`, else today. Refused for what is not
    sold here (DN-31, UP-20), and over the credit limit (ORD-05).
    """
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    items, live = items_of(work, held.order), queries.is_live(work)
    verdict = may_execute(held.order, held.account, brings_inherited=brings_inherited(items), live=live)
    if not verdict:
        raise Refused(verdict)
    credit.require(work, held, items)
    deliveries, now = require_deliverable(work, items), today(work)
    days = _days(deliveries, start_on, starts or {}, now)
    _, rule = defaults_for_person(work, "subscription")
    waits_for = upstream.hold_order(work, held.order, items)
    ids = activate(work, held, deliveries, days, rule, now, waits_for)
    buy(work, held, deliveries, days, rule)
    change_order(work, id, status="executed", executed_at=work.at)
    said = f"Subscription was created by order {held.order['number']}"
    history.write_lines(work, [*(("subscription", one, said) for one in ids), ("order", id, "Order was executed")])
    mark_managed(work, id, held.account)
    return ids


def _days(
    deliveries: list[Delivery], start_on: date | None, starts: Mapping[UUID, date], now: date
) -> dict[UUID, date]:
    items = {one.item["id"]: one.item["start_on"] for one in deliveries}
    if strangers := starts.keys() - items.keys():
        message = f"There is no item {min(strangers)} in the order that has a start."
        raise Invalid(Fault("starts", message, "ORD-02", "Name the items of the order."))
    readers = dict.fromkeys(("start_on", *map(str, items)), fields.day)
    read = fields.read({"start_on": start_on, **{str(k): v for k, v in starts.items()}}, readers, "ORD-02")
    usual = read["start_on"] or now
    return {id: read.get(str(id)) or its_own or usual for id, its_own in items.items()}
