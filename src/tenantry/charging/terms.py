"""The terms under which a subscription is charged: what of, how often, counted from which day (BIL-01)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.promotions import Off
from tenantry.charging.proration import DAY, aligned, next_billing_day
from tenantry.database import Row, Work
from tenantry.schema.base import ID
from tenantry.schema.catalog import promotion
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription, subscription_add_on


@dataclass(frozen=True)
class Line:
    """So many units of a product or an add-on at a price, and what is taken off it."""

    product_id: UUID
    quantity: int
    unit_price: Decimal
    discount_percent: Decimal = Decimal(0)
    promotion: Off | None = None

    def given_back(self) -> "Line":
        """Give the same line the other way round."""
        return replace(self, quantity=-self.quantity)


@dataclass(frozen=True)
class Added:
    """The line of an add-on, and for how many cycles its promotion is given, the present one counted in."""

    line: Line
    promotion_cycles_left: int | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Terms:
    """For whom, who pays, how often, and for what; `billing_day` is none unless parts wait for it.

    `add_on_cycles_left` says for each add-on by its id what `promotion_cycles_left` says for the service.
    """

    account_id: UUID
    bill_to_id: UUID
    cycle: str
    currency: str
    anchor: date
    lines: tuple[Line, ...]
    first_to_charge: date | None = None
    subscription_id: UUID | None = None
    charged_until: date | None = None
    end_on: date | None = None
    billing_day: int | None = None
    promotion_cycles_left: int | None = None
    add_on_cycles_left: Mapping[UUID, int | None] = field(default_factory=dict)

    def due_on(self, day: date) -> date:
        """Give the day from which a part of a period that begins on a day may be invoiced."""
        return next_billing_day(day, self.billing_day) if self.billing_day else day


SUBSCRIBER, PAYER = account.alias("subscriber"), account.alias("payer")
OPTIONS = ("prorate_billing", "partial_charges_invoicing", "billing_day")


def terms_of(work: Work, subscription_id: UUID) -> Terms:
    """Give the terms of a subscription as they stand; it has to be there and to be paid for."""
    return terms_of_each(work, [subscription_id])[subscription_id]


def terms_of_each(work: Work, subscription_ids: Collection[UUID], *, next_cycle: bool = False) -> dict[UUID, Terms]:
    """Give the terms of each subscription that is paid for, in two statements however many they are.

    As they stand; or as they are in the cycle that has yet to be charged, whose periods follow the billing day that the
    account has now, and which has a promotion for one cycle less.
    """
    rows = terms_rows(work, subscription_ids)
    add_ons = _add_ons(work, [row["id"] for row in rows])
    return {row["id"]: terms_in(row, add_ons.get(row["id"], ()), next_cycle=next_cycle) for row in rows}


def ordering_options(work: Work, buyer: Row, bill_to_id: UUID) -> Row | Mapping[str, Any]:
    """Give the ordering options that count: the account's own, else those of who pays for it."""
    if buyer["own_ordering_options"]:
        return {name: buyer[name] for name in OPTIONS}
    return work.connection.execute(_OPTIONS, {"tenant": work.tenant_id, "id": bill_to_id}).mappings().one()


_OPTIONS = sa.select(*(account.c[name] for name in OPTIONS)).where(
    account.c.tenant_id == sa.bindparam("tenant"), account.c.id == sa.bindparam("id")
)


def terms_rows(work: Work, ids: Collection[UUID], *, paid: bool = True) -> list[Row]:
    """Give subscriptions with the ordering options and the promotion that count; those that are paid for, or all."""
    s = subscription.c
    # Whose ordering options count: the account's own, else those of who pays for it.
    options = [
        sa.case((SUBSCRIBER.c.own_ordering_options, SUBSCRIBER.c[name]), else_=PAYER.c[name]).label(name)
        for name in OPTIONS
    ]
    query = (
        sa.select(
            subscription,
            *options,
            promotion.c.name.label("promotion_name"),
            promotion.c.kind.label("promotion_kind"),
            promotion.c.off.label("promotion_off"),
        )
        .join(SUBSCRIBER, sa.and_(SUBSCRIBER.c.tenant_id == s.tenant_id, SUBSCRIBER.c.id == s.account_id))
        .join(PAYER, sa.and_(PAYER.c.tenant_id == s.tenant_id, PAYER.c.id == s.bill_to_id))
        .outerjoin(
            promotion,
            sa.and_(
                promotion.c.tenant_id == s.tenant_id,
                promotion.c.id == s.promotion_id,
                # Another product after an upgrade has not the promotion of the one before.
                promotion.c.product_id == s.product_id,
            ),
        )
        .where(s.tenant_id == work.tenant_id, s.id.in_(ids), s.paid_from.is_not(None) if paid else sa.true())
    )
    return list(work.connection.execute(query).mappings())


def _add_ons(work: Work, ids: Collection[UUID]) -> dict[UUID, list[Added]]:
    add_ons: dict[UUID, list[Added]] = {}
    for row in work.connection.execute(_ADD_ONS, {"tenant": work.tenant_id, "ids": list(ids)}).mappings():
        add_ons.setdefault(row["subscription_id"], []).append(added_in(row))
    return add_ons


def with_its_promotion(add_on: sa.FromClause) -> sa.Select[Any]:
    """Read add-ons with the promotion that each was sold with."""
    a = add_on.c
    return sa.select(
        add_on,
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
    ).outerjoin(promotion, sa.and_(promotion.c.tenant_id == a.tenant_id, promotion.c.id == a.promotion_id))


_ADD_ONS = (
    with_its_promotion(subscription_add_on)
    .where(
        subscription_add_on.c.tenant_id == sa.bindparam("tenant"),
        subscription_add_on.c.subscription_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(ID))),
    )
    .order_by(subscription_add_on.c.subscription_id, subscription_add_on.c.id)
)


def added_in(row: Row | Mapping[str, Any]) -> Added:
    """Read the line of an add-on off it and its promotion."""
    line = Line(row["product_id"], row["quantity"], row["unit_price"], row["discount_percent"], off_in(row))
    return Added(line, row["promotion_cycles_left"], row["id"])


def off_in(row: Row | Mapping[str, Any]) -> Off | None:
    """Read the promotion that something was sold with; none where it has none."""
    if row["promotion_name"] is None:
        return None
    return Off(row["promotion_id"], row["promotion_name"], row["promotion_kind"], row["promotion_off"])


def given_in(row: Row | Mapping[str, Any]) -> Off | None:
    """Read the promotion that is given in the present cycle; none once it was given for all its cycles."""
    return off_in(row) if row["promotion_cycles_left"] != 0 else None


def terms_in(row: Row | Mapping[str, Any], add_ons: Collection[Added], *, next_cycle: bool) -> Terms:
    """Read the terms off a subscription that is paid for, with the ordering options and the promotion that count."""
    one_has_passed = next_cycle and row["charged_until"] is not None
    left = _cycles_left(row["promotion_cycles_left"], one_has_passed=one_has_passed)
    lefts = [_cycles_left(one.promotion_cycles_left, one_has_passed=one_has_passed) for one in add_ons]
    its_own = off_in(row) if left != 0 else None
    service = Line(row["product_id"], row["quantity"], row["unit_price"], row["discount_percent"], its_own)
    added = [
        one.line if its != 0 else replace(one.line, promotion=None) for one, its in zip(add_ons, lefts, strict=True)
    ]
    waits = row["partial_charges_invoicing"] == "next_billing_day"
    return Terms(
        subscription_id=row["id"],
        account_id=row["account_id"],
        bill_to_id=row["bill_to_id"],
        cycle=row["cycle"],
        currency=row["currency"],
        anchor=_anchor(row, next_cycle=next_cycle),
        lines=(service, *added),
        first_to_charge=_first_to_charge(row),
        charged_until=row["charged_until"],
        end_on=row["end_on"],
        billing_day=row["billing_day"] if waits else None,
        promotion_cycles_left=left,
        add_on_cycles_left={one.id: its for one, its in zip(add_ons, lefts, strict=True) if one.id},
    )


def _cycles_left(left: int | None, *, one_has_passed: bool) -> int | None:
    """Give for how many cycles a promotion is given, the present one or the next counted in; none: for good."""
    return left if left is None else max(left - one_has_passed, 0)


def _anchor(row: Row | Mapping[str, Any], *, next_cycle: bool) -> date:
    present: date | None = row["anchor_on"]
    if present and not next_cycle:
        return present
    first = _first_to_charge(row)
    return aligned(first, row["billing_day"]) if row["prorate_billing"] else present or first


def _first_to_charge(row: Row | Mapping[str, Any]) -> date:
    first: date = row["charged_until"] + DAY if row["charged_until"] else row["paid_from"]
    return first
