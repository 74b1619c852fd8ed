"""Update the prices of subscriptions from what their products cost now: difference first, from the next billing date
(SUB-04).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.pricing import Wanted
from tenantry.charging.proration import DAY
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Invalid, Problem
from tenantry.sales.subscriptions.changing import Outcome, carry_out, plan
from tenantry.sales.subscriptions.effects import EFFECTS, price_now
from tenantry.sales.subscriptions.opening import opened
from tenantry.sales.subscriptions.records import Held, change
from tenantry.schema.catalog import product

AT_MOST = 500


@dataclass(frozen=True)
class NewPrice:
    """What one unit of a product, or of an add-on, costs now and will cost."""

    product_id: UUID
    product: str
    quantity: int
    before: Money
    after: Money


@dataclass(frozen=True)
class PriceDifference:
    """What an update of its prices would change of a subscription; with `why` it cannot be updated."""

    id: UUID
    name: str
    from_on: date | None
    prices: Sequence[NewPrice]
    why: str = ""
    rule: str = ""

    @property
    def differs(self) -> bool:
        """Say whether a price would change, before it ends."""
        return self.from_on is not None and any(one.before != one.after for one in self.prices)


def price_differences(work: Work, ids: Collection[UUID]) -> list[PriceDifference]:
    """Say for each subscription what an update would change; nothing is changed."""
    _few(ids)
    undone = work.connection.begin_nested()
    try:
        return [_difference(work, id)[1] for id in ids]
    finally:
        undone.rollback()


def update_prices(work: Work, ids: Collection[UUID], *, version: int | None = None) -> list[Outcome]:
    """Update the prices of each from its next billing date on; those whose prices stay are left alone."""
    _few(ids)
    return [outcome for id in sorted(ids) if (outcome := _update(work, id, version))]


def freeze_prices(work: Work, id: UUID, frozen: bool, *, version: int | None = None) -> None:  # noqa: FBT001 - the word
    """Exempt it from updates of prices, or lift that."""
    held = opened(work, id, "freeze_prices", version)
    if held.row["price_frozen"] != frozen:
        change(work, held, price_frozen=frozen)
        said = "Its price was frozen" if frozen else "Its price freeze was lifted"
        history.write(work, "subscription", id, said)


def _update(work: Work, id: UUID, version: int | None) -> Outcome | None:
    held = opened(work, id, "update_prices", version)
    found = _compared(work, held)
    if not found.differs or found.from_on is None:
        return None
    service, *add_ons = found.prices
    wanted = {
        "unit_price": str(service.after.amount),
        "add_ons": {str(one.product_id): str(one.after.amount) for one in add_ons if one.before != one.after},
    }
    effect = EFFECTS["price"](work, held, wanted, found.from_on)
    if found.from_on > held.today:
        return plan(work, held, "price", effect, wanted, found.from_on)
    return carry_out(work, held, "price", effect, found.from_on)[1]


def _difference(work: Work, id: UUID) -> tuple[Held | None, PriceDifference]:
    try:
        held = opened(work, id, "update_prices")
        return held, _compared(work, held)
    except Problem as problem:
        return None, PriceDifference(id, "", None, (), problem.message, problem.rule)


def _compared(work: Work, held: Held) -> PriceDifference:
    row = held.row
    on = max(row["charged_until"] + DAY if row["charged_until"] else row["start_on"], held.today)
    wanted = [Wanted(row["product_id"], row["cycle"], "product_id", row["quantity"])]
    wanted += [Wanted(one.product_id, row["cycle"], "product_id", one.quantity) for one in held.add_ons]
    prices = price_now(work, held, wanted, on)
    names = [(row["product_id"], held.product["name"], row["quantity"], row["unit_price"])]
    names += [(one.product_id, one.name, one.quantity, one.unit_price) for one in held.add_ons]
    outside = _priced_outside(work, held)
    found = [
        NewPrice(
            id,
            name,
            quantity,
            Money(before, row["currency"]),
            Money(before if id in outside else after, row["currency"]),
        )
        for (id, name, quantity, before), after in zip(names, prices, strict=True)
    ]
    ends_first = row["end_on"] and on > row["end_on"]
    return PriceDifference(held.id, row["name"], None if ends_first else on, found)


def _priced_outside(work: Work, held: Held) -> set[UUID]:
    """Name what of a mirror an outside system prices: that comes up from the reseller's tenant (UP-31)."""
    if held.row["standing"] != "mirrored":
        return set()
    ids = [held.row["product_id"], *(one.product_id for one in held.add_ons)]
    p = product.c
    return set(
        work.connection.scalars(
            sa.select(p.id).where(p.tenant_id == work.tenant_id, p.id.in_(ids), p.externally_priced)
        )
    )


def _few(ids: Collection[UUID]) -> None:
    if not 1 <= len(ids) <= AT_MOST:
        fault = Fault("ids", f"Name 1 to {AT_MOST} subscriptions.", "SUB-04", "Choose fewer, then the others.")
        raise Invalid(fault)
