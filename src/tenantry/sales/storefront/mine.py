"""What a storefront user has: the subscriptions and orders of the account that he buys for (SF-01)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging import amounts, promotions
from tenantry.charging.terms import given_in, with_its_promotion
from tenantry.database import Row, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Subscription
from tenantry.sales.subscriptions.records import governed
from tenantry.schema.catalog import product, promotion, terms_document
from tenantry.schema.crm import account
from tenantry.schema.sales import order, order_item, subscription, subscription_add_on
from tenantry.schema.shop import terms_acceptance
from tenantry.tenancy import queries

SHOWN = 100


@dataclass(frozen=True)
class Had:
    """An add-on of a subscription."""

    id: UUID
    product_id: UUID
    name: str
    quantity: int
    unit_price: Money
    promotion: str
    total: Money


@dataclass(frozen=True)
class Mine:
    """A subscription, as its owner sees it; `whole` is what it costs a cycle with its add-ons."""

    id: UUID
    product_id: UUID
    product: str
    category: str
    unit: str
    status: str
    standing: str
    cycle: str
    quantity: int
    unit_price: Money
    total: Money
    whole: Money
    start_on: date
    trial_until: date | None
    charged_until: date | None
    end_on: date | None
    renew: bool
    add_ons: Sequence[Had]
    acts: Mapping[str, Verdict]
    version: int


@dataclass(frozen=True)
class Bought:
    """A line of an order."""

    product: str
    unit: str
    cycle: str
    quantity: int
    unit_price: Money
    promotion: str
    trial: bool
    total: Money


@dataclass(frozen=True)
class Ordered:
    """An order, as its buyer sees it."""

    id: UUID
    number: int
    name: str
    status: str
    approval: str
    standing: str
    ordered_on: date
    created_at: datetime
    account_id: UUID
    lines: Sequence[Bought]
    total: Money
    accepted: Sequence[tuple[str, str, datetime]]


def subscriptions(work: Work, account_id: UUID) -> Sequence[Mine]:
    """List the subscriptions of an account, those in use first; a hundred at most."""
    s = subscription.c
    ended = sa.case((s.status.in_(("cancelled", "expired")), 1), else_=0)
    rows = work.connection.execute(
        _mine(work, account_id).order_by(ended, product.c.sort_name, s.id).limit(SHOWN)
    ).mappings()
    return _subscriptions(work, rows.all())


def subscription_(work: Work, account_id: UUID, id: UUID) -> Mine:
    """Give one; NotFound for another account's."""
    rows = work.connection.execute(_mine(work, account_id).where(subscription.c.id == id)).mappings().all()
    if not rows:
        raise NotFound("subscription")
    return _subscriptions(work, rows)[0]


def orders(work: Work, account_id: UUID) -> Sequence[Ordered]:
    """List the orders of an account, the latest first; a hundred at most."""
    query = _orders(work, account_id).order_by(order.c.number.desc()).limit(SHOWN)
    return _ordered(work, work.connection.execute(query).mappings().all())


def order_(work: Work, account_id: UUID, id: UUID) -> Ordered:
    """Give one; NotFound for another account's, and for a draft, which the seller still writes."""
    rows = work.connection.execute(_orders(work, account_id).where(order.c.id == id)).mappings().all()
    if not rows:
        raise NotFound("order")
    return _ordered(work, rows)[0]


def _mine(work: Work, account_id: UUID) -> sa.Select[Any]:
    s = subscription.c
    return (
        sa.select(
            subscription,
            product.c.name.label("product_name"),
            product.c.category,
            product.c.unit,
            account.c.standing.label("account_standing"),
            account.c.status.label("account_status"),
            promotion.c.name.label("promotion_name"),
            promotion.c.kind.label("promotion_kind"),
            promotion.c.off.label("promotion_off"),
        )
        .join(account, sa.and_(account.c.tenant_id == s.tenant_id, account.c.id == s.account_id))
        .join(product, sa.and_(product.c.tenant_id == s.tenant_id, product.c.id == s.product_id))
        .outerjoin(
            promotion,
            sa.and_(
                promotion.c.tenant_id == s.tenant_id,
                promotion.c.id == s.promotion_id,
                promotion.c.product_id == s.product_id,
                sa.or_(s.promotion_cycles_left.is_(None), s.promotion_cycles_left > 0),
            ),
        )
        .where(s.tenant_id == work.tenant_id, s.account_id == account_id)
    )


def _subscriptions(work: Work, rows: Sequence[Row]) -> list[Mine]:
    a = subscription_add_on.c
    query = (
        with_its_promotion(subscription_add_on)
        .add_columns(product.c.name)
        .join(product, sa.and_(product.c.tenant_id == a.tenant_id, product.c.id == a.product_id))
        .where(a.tenant_id == work.tenant_id, a.subscription_id.in_({row["id"] for row in rows}))
        .order_by(product.c.sort_name, a.id)
    )
    added = work.connection.execute(query).mappings().all() if rows else []
    live = queries.is_live(work)
    return [_subscription(row, [one for one in added if one["subscription_id"] == row["id"]], live) for row in rows]


def _subscription(row: Row, added: Sequence[Row], live: bool) -> Mine:  # noqa: FBT001 - of this file only
    currency = row["currency"]
    off, had = _off(row), [_had(one, currency) for one in added]
    total = amounts.cycle_amount(row["quantity"], row["unit_price"], row["discount_percent"], off, currency)
    names = "id product_id category unit status standing cycle quantity start_on trial_until charged_until end_on"
    return Mine(
        **{name: row[name] for name in f"{names} renew version".split()},
        product=row["product_name"],
        unit_price=Money(row["unit_price"], currency),
        total=Money(total, currency),
        whole=Money(total + sum((one.total.amount for one in had), Decimal(0)), currency),
        add_ons=had,
        acts=Subscription.offers(governed(dict(row), row["account_standing"], row["account_status"]), live=live),
    )


def _had(row: Row, currency: str) -> Had:
    total = amounts.cycle_amount(row["quantity"], row["unit_price"], row["discount_percent"], given_in(row), currency)
    price = Money(row["unit_price"], currency)
    off = given_in(row)
    promoted = off.name if off else ""
    return Had(row["id"], row["product_id"], row["name"], row["quantity"], price, promoted, Money(total, currency))


def _orders(work: Work, account_id: UUID) -> sa.Select[Any]:
    return sa.select(order).where(
        order.c.tenant_id == work.tenant_id, order.c.account_id == account_id, order.c.status != "draft"
    )


def _ordered(work: Work, rows: Sequence[Row]) -> list[Ordered]:
    ids = {row["id"] for row in rows}
    lines = work.connection.execute(_LINES, {"tenant": work.tenant_id, "orders": list(ids)}).mappings().all()
    accepted = work.connection.execute(_ACCEPTED, {"tenant": work.tenant_id, "orders": list(ids)}).mappings().all()
    names = "id number name status approval standing ordered_on created_at account_id".split()
    made = []
    for row in rows:
        bought = [_bought(one, row["currency"]) for one in lines if one["order_id"] == row["id"]]
        made.append(
            Ordered(
                **{name: row[name] for name in names},
                lines=bought,
                total=Money(sum((one.total.amount for one in bought), Decimal(0)), row["currency"]),
                accepted=[(one["name"], one["edition"], one["at"]) for one in accepted if one["order_id"] == row["id"]],
            )
        )
    return made


def _bought(row: Row, currency: str) -> Bought:
    total = amounts.cycle_amount(row["quantity"], row["unit_price"], row["discount_percent"], _off(row), currency)
    return Bought(
        product=row["product_name"],
        unit=row["unit"],
        cycle=row["cycle"],
        quantity=row["quantity"],
        unit_price=Money(row["unit_price"], currency),
        promotion=row["promotion_name"] or "",
        trial=row["trial"],
        total=Money(Decimal(0) if row["trial"] else total, currency),
    )


def _off(row: Row) -> promotions.Off | None:
    if row["promotion_name"] is None:
        return None
    return promotions.Off(row["promotion_id"], row["promotion_name"], row["promotion_kind"], row["promotion_off"])


_i = order_item.c
_ORDERS: sa.BindParameter[list[UUID]] = sa.bindparam("orders", expanding=True)
_LINES = (
    sa.select(
        order_item,
        product.c.name.label("product_name"),
        product.c.unit,
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
    )
    .join(product, sa.and_(product.c.tenant_id == _i.tenant_id, product.c.id == _i.product_id))
    .outerjoin(promotion, sa.and_(promotion.c.tenant_id == _i.tenant_id, promotion.c.id == _i.promotion_id))
    .where(_i.tenant_id == sa.bindparam("tenant"), _i.order_id.in_(_ORDERS))
    .order_by(_i.position, _i.id)
)
_ACCEPTED = (
    sa.select(terms_acceptance, terms_document.c.name)
    .join(
        terms_document,
        sa.and_(
            terms_document.c.tenant_id == terms_acceptance.c.tenant_id,
            terms_document.c.id == terms_acceptance.c.document_id,
        ),
    )
    .where(terms_acceptance.c.tenant_id == sa.bindparam("tenant"), terms_acceptance.c.order_id.in_(_ORDERS))
    .order_by(terms_document.c.name)
)
