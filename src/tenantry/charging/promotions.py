"""Promotions: which one a sale is given, and what it takes off (CAT-03)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.proration import in_words
from tenantry.database import Row, Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import product, promotion
from tenantry.schema.sales import subscription

RULE = "CAT-03"
OTHER = "Choose another promotion, or none."
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Off:
    """What a promotion takes off each unit: so many percent, or an amount."""

    id: UUID
    name: str
    kind: str
    off: Decimal

    def reduced(self, unit_price: Decimal) -> Decimal:
        """Give what is left of a unit's price; never less than nothing."""
        if self.kind == "percent":
            return unit_price * max(HUNDRED - self.off, Decimal(0)) / HUNDRED
        return max(unit_price - self.off, Decimal(0))


@dataclass(frozen=True)
class Sale:
    """What is sold to whom on which day, for which a promotion is asked; `field` is what to blame."""

    account_id: UUID
    product_id: UUID
    cycle: str
    currency: str
    on: date
    unit_price: Decimal
    field: str = "promotion_id"


@dataclass(frozen=True)
class Given:
    """A promotion that a sale is given, and for how many cycles; none: for good."""

    off: Off
    cycles: int | None


def require(work: Work, promotion_id: UUID, sale: Sale) -> Given:
    """Give the promotion that a person chose for a sale; Invalid says why it is not given."""
    row = _rows(work, promotion.c.id == promotion_id, promotion.c.tenant_id == work.tenant_id).get(promotion_id)
    if row is None:
        raise Invalid(Fault(sale.field, "There is no such promotion here.", RULE, "Choose one from the list, or none."))
    if fault := _fault(row, sale, is_customer=_is_customer(work, sale.account_id)):
        raise Invalid(fault)
    return _given(row)


def for_code(work: Work, code: str, sale: Sale) -> Given:
    """Give the promotion that a typed code stands for; Invalid says why it is not given."""
    typed = sa.func.lower(promotion.c.code) == code.strip().lower()
    rows = list(_rows(work, promotion.c.code != "", typed).values()) if code.strip() else []
    faults = [(_fault(row, sale, is_customer=_is_customer(work, sale.account_id)), row) for row in rows]
    fitting = [row for fault, row in faults if fault is None]
    if fitting:
        return _given(_best(fitting, sale.unit_price))
    message = f"There is no promotion with the code {code[:40]!r}."
    unknown = Fault(sale.field, message, RULE, "Check the code.", "promotion-code-unknown")
    raise Invalid(next((fault for fault, _ in faults if fault), unknown))


def why_not(work: Work, code: str, sales: Iterable[Sale]) -> Fault:
    """Say why what a typed code stands for is given for none of these sales: of all reasons that which lacks least."""
    typed = sa.func.lower(promotion.c.code) == code.strip().lower()
    rows = list(_rows(work, promotion.c.code != "", typed).values())
    if not rows:
        return Fault("code", "There is no promotion with this code.", RULE, "Check the code.", "promotion-code-unknown")
    asked = list(sales)
    customers = {id: _is_customer(work, id) for id in {one.account_id for one in asked}}
    lacking = [next(_lacking(row, one, is_customer=customers[one.account_id]), None) for row in rows for one in asked]
    found = max((one for one in lacking if one), default=None, key=lambda one: one[0])
    none = Fault("code", "Nothing in the basket is paid for.", RULE, "Buy something.", "code-fits-nothing")
    return found[1] if found else none


def by_itself(work: Work, sale: Sale) -> Given | None:
    """Give the promotion without a code that takes most off the sale, if there is one."""
    [found] = of_themselves(work, [sale])
    return found


def of_themselves(work: Work, sales: Iterable[Sale]) -> list[Given | None]:
    """Give for each sale the promotion without a code that takes most off it, in two statements for all."""
    asked = list(sales)
    rows = _rows(work, promotion.c.code == "", promotion.c.product_id.in_({one.product_id for one in asked}))
    if not rows:
        return [None for _ in asked]
    customers = {id: _is_customer(work, id) for id in {one.account_id for one in asked}}
    found: list[Given | None] = []
    for one in asked:
        fitting = [row for row in rows.values() if not _fault(row, one, is_customer=customers[one.account_id])]
        found.append(_given(_best(fitting, one.unit_price)) if fitting else None)
    return found


def _best(rows: list[Row], unit_price: Decimal) -> Row:
    return min(rows, key=lambda row: (_off(row).reduced(unit_price), row["id"]))


def _rows(work: Work, *where: sa.ColumnElement[bool]) -> dict[UUID, Row]:
    p = promotion.c
    query = sa.select(promotion, product.c.name.label("product_name")).join(
        product, sa.and_(product.c.tenant_id == p.tenant_id, product.c.id == p.product_id)
    )
    found = work.connection.execute(query.where(p.tenant_id == work.tenant_id, *where)).mappings()
    return {row["id"]: row for row in found}


def _is_customer(work: Work, account_id: UUID) -> bool:
    s = subscription.c
    had = sa.exists().where(s.tenant_id == work.tenant_id, s.account_id == account_id)
    return bool(work.connection.scalar(sa.select(had)))


def _fault(row: Row, sale: Sale, *, is_customer: bool) -> Fault | None:
    lacking = next(_lacking(row, sale, is_customer=is_customer), None)
    return lacking[1] if lacking else None


def _lacking(row: Row, sale: Sale, *, is_customer: bool) -> Iterator[tuple[int, Fault]]:
    """Say which conditions of a promotion a sale lacks, each with its place: the later, the less is lacking."""
    it, field, until = f"The promotion {row['name']}", sale.field, row["valid_until"]
    conditions = (
        (
            row["product_id"] == sale.product_id,
            Fault(field, f"{it} is for {row['product_name']} only.", RULE, OTHER, "promotion-for-another-product"),
        ),
        (
            row["cycle"] in {None, sale.cycle},
            Fault(
                field,
                f"{it} is for the cycle {in_words(row['cycle'] or '')} only.",
                RULE,
                OTHER,
                "promotion-other-cycle",
            ),
        ),
        (
            row["currency"] in {None, sale.currency},
            Fault(
                field,
                f"{it} is in {row['currency']}; the price is in {sale.currency}.",
                RULE,
                OTHER,
                "promotion-other-currency",
            ),
        ),
        (row["active"], Fault(field, f"{it} is not given any more.", RULE, OTHER, "promotion-withdrawn")),
        (
            (row["valid_from"] or sale.on) <= sale.on,
            Fault(field, f"{it} is given from {row['valid_from']} on.", RULE, OTHER, "promotion-not-yet"),
        ),
        (
            (until or sale.on) >= sale.on,
            Fault(field, f"{it} was given until {until}.", RULE, OTHER, "promotion-over"),
        ),
        (
            not (row["new_customers_only"] and is_customer),
            Fault(
                field,
                f"{it} is for new customers; this account has had a subscription.",
                RULE,
                OTHER,
                "promotion-for-new-customers",
            ),
        ),
    )
    yield from ((place, fault) for place, (holds, fault) in enumerate(conditions) if not holds)


def _given(row: Row) -> Given:
    return Given(_off(row), {"once": 1, "cycles": row["cycles"], "lifetime": None}[row["duration"]])


def _off(row: Row) -> Off:
    return Off(row["id"], row["name"], row["kind"], row["off"])
