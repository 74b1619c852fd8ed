"""Promotions: what is taken off a product, for whom, for how long, on which days (CAT-03)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields, history
from tenantry.catalog.products import cycle, require_activated
from tenantry.catalog.records import held, require_known
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.catalog import product, promotion
from tenantry.schema.sales import offer_item, order_item, subscription
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

RULE = "CAT-03"
HUNDRED = 100
MOST_CYCLES = 1_000
FIELDS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "code": fields.text(40),
    "product_id": fields.needed(fields.reference),
    "cycle": fields.optional(cycle),
    "kind": fields.choice("percent", "amount"),
    "off": fields.amount,
    "currency": fields.optional(fields.currency),
    "duration": fields.choice("once", "cycles", "lifetime"),
    "cycles": fields.optional(fields.whole(1, MOST_CYCLES)),
    "valid_from": fields.day,
    "valid_until": fields.day,
    "new_customers_only": fields.flag,
    "active": fields.flag,
}
# What somebody was promised; a promotion that was given keeps it.
PROMISED = frozenset({"product_id", "cycle", "kind", "off", "currency", "duration", "cycles"})


@dataclass(frozen=True)
class NewPromotion:
    """A promotion to be made; without a code it is given by itself."""

    name: str
    product_id: UUID
    kind: str
    off: Decimal
    code: str = ""
    cycle: str | None = None
    currency: str | None = None
    duration: str = "once"
    cycles: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    new_customers_only: bool = False
    active: bool = True


def create_promotion(work: Work, new: NewPromotion) -> UUID:
    """Make a promotion."""
    permissions.require(work, "products:edit")
    values = _fit(work, asdict(new), {})
    id = new_id()
    work.connection.execute(sa.insert(promotion).values(tenant_id=work.tenant_id, id=id, created_at=work.at, **values))
    history.write(work, "promotion", id, f"Promotion {values['name']} was created")
    return id


def edit_promotion(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a promotion; what one that was given takes off stays as it was promised."""
    permissions.require(work, "products:edit")
    row = dict(held(work, promotion, id, "promotion", version))
    changed = history.edits(row, _fit(work, changes, row))
    if changed.keys() & PROMISED and _given(work, id):
        raise Conflict(
            "The promotion was given already, so what it takes off stays as it was promised.",
            code="promotion-given",
            rule=RULE,
            remedy="End it, and make another one.",
        )
    if changed:
        write(work, promotion, id, {name: pair["after"] for name, pair in changed.items()})
        history.write(work, "promotion", id, "Promotion was changed", changed)


def delete_promotion(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a promotion that nobody was given."""
    permissions.require(work, "products:edit")
    held(work, promotion, id, "promotion", version)
    if _given(work, id):
        raise Conflict(
            "The promotion was given already.",
            code="promotion-given",
            rule=RULE,
            remedy="End it instead: set active to no.",
        )
    mine = (promotion.c.tenant_id == work.tenant_id, promotion.c.id == id)
    work.connection.execute(sa.delete(promotion).where(*mine))


def _given(work: Work, id: UUID) -> bool:
    given = [
        sa.exists().where(one.c.tenant_id == work.tenant_id, one.c.promotion_id == id)
        for one in (order_item, offer_item, subscription)
    ]
    return bool(work.connection.scalar(sa.select(sa.or_(*given))))


def _fit(work: Work, given: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    values = fields.read(given, FIELDS, RULE)
    require_known(work, product, "product_id", values.get("product_id"), "product")
    if faults := list(_together({**row, **values})):
        raise Invalid(*faults)
    if values.get("currency"):
        require_activated(work, "currency", values["currency"])
    return values


def _together(values: Mapping[str, Any]) -> Iterator[Fault]:
    percent = values["kind"] == "percent"
    if not values["off"] or (percent and values["off"] > HUNDRED):
        remedy = "Give more than 0 and at most 100 percent." if percent else "Give more than 0."
        yield Fault("off", "It takes nothing off, or more than there is.", RULE, remedy)
    if percent and values.get("currency"):
        yield Fault("currency", "A percentage has no currency.", RULE, "Leave it out.")
    if not percent and not values.get("currency"):
        yield Fault("currency", "An amount is in a currency.", RULE, "Choose the currency.")
    if (values["duration"] == "cycles") != (values.get("cycles") is not None):
        remedy = "Give the number of cycles for the duration cycles, and only for it."
        yield Fault("cycles", "The number of cycles and the duration do not go together.", RULE, remedy)
    first, last = values.get("valid_from"), values.get("valid_until")
    if first and last and last < first:
        yield Fault("valid_until", "The last day is before the first.", RULE, "Choose a later last day, or none.")
