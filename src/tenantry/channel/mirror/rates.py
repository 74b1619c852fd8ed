"""What a unit costs the reseller in a mirror, with the promotion that it was sold with (UP-31, BO-09)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.promotions import Off
from tenantry.charging.terms import added_in, off_in, with_its_promotion
from tenantry.database import Row, Work
from tenantry.schema.catalog import promotion
from tenantry.schema.charging import charge
from tenantry.schema.sales import order_item, subscription_add_on

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Rate:
    """What one unit costs a cycle, and for how many cycles its promotion is given, the present one counted in."""

    unit_price: Decimal
    promotion: Off | None = None
    cycles_left: int | None = None


@dataclass(frozen=True)
class Alive:
    """An add-on that the mirror has: its row, how many units, at which rate."""

    id: UUID
    product_id: UUID
    quantity: int
    rate: Rate


@dataclass
class _Charged:
    """What the charges of a product say, read in their order."""

    last: Row
    promoted: set[date] = field(default_factory=set)


def alive(work: Work, subscription_id: UUID) -> list[Alive]:
    """Give the add-ons that a mirror has now."""
    rows = work.connection.execute(_ADD_ONS, {"tenant": work.tenant_id, "id": subscription_id}).mappings()
    found = [(row["id"], added_in(row)) for row in rows]
    return [
        Alive(
            id,
            one.line.product_id,
            one.line.quantity,
            Rate(one.line.unit_price, one.line.promotion, one.promotion_cycles_left),
        )
        for id, one in found
    ]


def sold_at(work: Work, subscription_id: UUID) -> tuple[dict[UUID, Rate], dict[UUID, Rate]]:
    """Give what each product was last sold at, and each item of a back order: of what has come and gone nothing else
    tells.
    """
    rows = work.connection.execute(_SOLD, {"tenant": work.tenant_id, "id": subscription_id}).mappings().all()
    rate_of = {row["id"]: Rate(row["unit_price"], off_in(row), _cycles(row)) for row in rows}
    return {row["product_id"]: rate_of[row["id"]] for row in rows}, rate_of


def charged_at(work: Work, subscription_id: UUID) -> dict[UUID, Rate]:
    """Give what each product was last charged at."""
    found: dict[UUID, _Charged] = {}
    for row in work.connection.execute(_CHARGES, {"tenant": work.tenant_id, "id": subscription_id}).mappings():
        one = found.setdefault(row["product_id"], _Charged(row))
        one.last = row
        if row["promotion_id"] and row["period_until"]:
            one.promoted.add(row["period_until"])
    return {id: Rate(one.last["unit_price"], off_in(one.last), _left(one)) for id, one in found.items()}


def _left(one: _Charged) -> int | None:
    """Count the cycles that were charged with the promotion: each ends on a day of its own."""
    cycles = _cycles(one.last)
    return cycles if cycles is None else max(cycles - len(one.promoted) + 1, 1)


def _cycles(row: Row) -> int | None:
    found: int | None = {"once": 1, "cycles": row["promotion_cycles"]}.get(row["promotion_duration"])
    return found


_tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
_id: sa.BindParameter[UUID] = sa.bindparam("id")
_GIVEN = (
    promotion.c.id.label("promotion_id"),
    promotion.c.name.label("promotion_name"),
    promotion.c.kind.label("promotion_kind"),
    promotion.c.off.label("promotion_off"),
    promotion.c.duration.label("promotion_duration"),
    promotion.c.cycles.label("promotion_cycles"),
)
_ADD_ONS = with_its_promotion(subscription_add_on).where(
    subscription_add_on.c.tenant_id == _tenant, subscription_add_on.c.subscription_id == _id
)
_SOLD = (
    sa.select(order_item.c.id, order_item.c.product_id, order_item.c.unit_price, *_GIVEN)
    .outerjoin(
        promotion, sa.and_(promotion.c.tenant_id == order_item.c.tenant_id, promotion.c.id == order_item.c.promotion_id)
    )
    .where(order_item.c.tenant_id == _tenant, order_item.c.subscription_id == _id, order_item.c.quantity > 0)
    .order_by(order_item.c.start_on, order_item.c.id)
)
_CHARGES = (
    sa.select(charge.c.product_id, charge.c.unit_price, charge.c.period_until, *_GIVEN)
    .outerjoin(promotion, sa.and_(promotion.c.tenant_id == charge.c.tenant_id, promotion.c.id == charge.c.promotion_id))
    .where(charge.c.tenant_id == _tenant, charge.c.subscription_id == _id)
    .order_by(charge.c.created_at, charge.c.id)
)
