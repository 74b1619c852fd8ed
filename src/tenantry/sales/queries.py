"""Read orders, each with exactly what its page shows and what may be done with it (API-07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.crm.records import governed, may
from tenantry.database import Ready, Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Account, Order
from tenantry.sales import credit
from tenantry.sales.credit import CreditView
from tenantry.sales.items import first_amount, items_of
from tenantry.sales.prices import line_total
from tenantry.sales.records import of_account
from tenantry.sales.ribbons import ribbon
from tenantry.sales.selling import brings_inherited, may_execute, may_sell
from tenantry.sales.statements import BUYER, CAME_OF_IT, ORDER
from tenantry.tenancy import permissions, queries


@dataclass(frozen=True)
class Named:
    """Another record, as a page names it and links to it."""

    id: UUID
    name: str


@dataclass(frozen=True)
class NumberedOrder:
    """An order, as what it brought about names it and links to it."""

    id: UUID
    number: int
    name: str


def order_of(row: Row) -> NumberedOrder | None:
    """Name the order of a row, if it has one."""
    return NumberedOrder(row["order_id"], row["order_number"], row["order_name"]) if row["order_number"] else None


def managed_by(row: Row) -> Named | None:
    """Name the reseller, as his account here, who manages what a row is about."""
    return Named(row["reseller_id"], row["reseller_name"]) if row["reseller_id"] else None


@dataclass(frozen=True)
class ItemView:
    """A line of an order."""

    id: UUID
    product: Named
    product_kind: str
    cycle: str
    quantity: int
    unit_price: Money
    discount_percent: Decimal
    promotion: Named | None
    tax_percent: Decimal
    trial: bool
    start_on: date | None
    delivered_by: Named | None
    total: Money
    first: Money
    version: int


@dataclass(frozen=True)
class UpstreamCreditView:
    """What was answered from above about the credit for something, and why it waits (UP-47)."""

    status: str
    seller: str
    figures: CreditView | None


def upstream_view(status: str | None, figures: Mapping[str, Any] | None) -> UpstreamCreditView | None:
    """Give what was answered from above; None where nobody was asked."""
    if status is None:
        return None
    known = figures or {}
    return UpstreamCreditView(status, known.get("seller", ""), credit.read(known) if "limit" in known else None)


@dataclass(frozen=True)
class DeliveryView:
    """A sub-order that delivered a part of an order."""

    id: UUID
    number: int
    name: str
    executed_at: datetime | None


@dataclass(frozen=True)
class OrderView:
    """An order, as its page shows it."""

    id: UUID
    number: int
    name: str
    status: str
    status_name: str
    approval: str
    credit: CreditView | None
    upstream_credit: UpstreamCreditView | None
    ordered_on: date
    currency: str
    campaign: str
    account: Named
    bill_to: Named
    price_list: Named | None
    payment_method: Named | None
    order_type: Named | None
    order_status: Named | None
    part_of: Named | None
    sales_rep: Named | None
    contact: Named | None
    responsible_user: Named | None
    permission_rule: Named | None
    custom_fields: Mapping[str, Any]
    items: Sequence[ItemView]
    totals: Mapping[str, Money]
    total: Money
    first: Money
    subscriptions: Sequence[Named]
    deliveries: Sequence[DeliveryView]
    created_at: datetime
    submitted_at: datetime | None
    executed_at: datetime | None
    cancelled_at: datetime | None
    standing: str
    version: int
    managed_by: Named | None
    ribbon: str | None
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


def order(work: Work, id: UUID) -> OrderView:
    """Give an order; NotFound for one that the actor may not see."""
    permissions.require(work, "orders:view")
    row = _one(work, ORDER, id, "order")
    items = items_of(work, row)
    buyer = {name: row[f"account_{name}"] for name in BUYER}
    came = CAME_OF_IT.all(work.connection, {"tenant": work.tenant_id, "id": id})
    live = queries.is_live(work)
    lines = [_item(item, row["currency"]) for item in items]
    actions = Order.offers(of_account(row, buyer), live=live)
    actions["execute"] = may_execute(row, buyer, brings_inherited=brings_inherited(items), live=live)
    for name in ("copy", "deliver"):
        actions[name] = actions[name] and may_sell(buyer, live=live)
    names = "id number name status status_name approval ordered_on currency campaign custom_fields created_at"
    noting = Account.verdict("add_activity", governed(buyer), live=live)
    actions |= {name: actions[name] and noting for name in ("add_activity", "relate_email", "create_case")}
    return OrderView(
        **{name: row[name] for name in f"{names} submitted_at executed_at cancelled_at standing version".split()},
        **_links(
            row,
            "account bill_to price_list payment_method order_type order_status part_of sales_rep contact "
            "responsible_user permission_rule",
        ),
        credit=credit.read(row["credit_figures"]),
        upstream_credit=upstream_view(row["upstream"], row["upstream_figures"]),
        items=lines,
        totals=_totals(lines, row["currency"]),
        total=_sum([line.total for line in lines], row["currency"]),
        first=_sum([line.first for line in lines], row["currency"]),
        subscriptions=[Named(one["id"], one["name"]) for one in came if one["kind"] == "subscription"],
        deliveries=[
            DeliveryView(**{name: one[name] for name in DeliveryView.__dataclass_fields__})
            for one in came
            if one["kind"] == "delivery"
        ],
        managed_by=managed_by(row),
        ribbon=ribbon(row["standing"], row["reseller_name"]),
        actions=actions,
        locked_fields=Order.locks(of_account(row, buyer), live=live),
    )


def _one(work: Work, query: Ready, id: UUID, what: str) -> Row:
    row = query.first(work.connection, {"tenant": work.tenant_id, "id": id})
    if row is None or not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound(what)
    return row


def _item(item: Row, currency: str) -> ItemView:
    return ItemView(
        id=item["id"],
        product=_named(item, "product"),
        product_kind=item["product_kind"],
        cycle=item["cycle"],
        quantity=item["quantity"],
        unit_price=Money(item["unit_price"], currency),
        discount_percent=item["discount_percent"],
        promotion=_named(item, "promotion") if item["promotion_id"] else None,
        tax_percent=item["tax_percent"],
        trial=item["trial"],
        start_on=item["start_on"],
        delivered_by=_named(item, "delivered_by") if item["delivered_by_id"] else None,
        total=line_total(item["quantity"], item["unit_price"], item["discount_percent"], currency),
        first=Money(first_amount(item, currency), currency),
        version=item["version"],
    )


def _totals(lines: Sequence[ItemView], currency: str) -> dict[str, Money]:
    cycles = dict.fromkeys(line.cycle for line in lines)
    return {cycle: _sum([line.total for line in lines if line.cycle == cycle], currency) for cycle in cycles}


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return Money(sum((one.amount for one in amounts), Decimal(0)), currency)


def _links(row: Row, names: str) -> dict[str, Any]:
    return {name: _named(row, name) if row[f"{name}_id"] else None for name in names.split()}


def _named(row: Row, name: str) -> Named:
    return Named(row[f"{name}_id"], row[f"{name}_name"])
