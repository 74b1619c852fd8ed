"""What a basket shows: its lines with prices, what stands in their way, and what has to be accepted (SF-01, SF-02)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault


@dataclass(frozen=True)
class Known:
    """Another record, as the basket names it."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Promoted:
    """A promotion that a line is given, for how many cycles (none: for good), and whether a typed code gave it."""

    id: UUID
    name: str
    cycles: int | None
    by_code: bool


@dataclass(frozen=True)
class BasketLine:
    """A product in the basket; without a price it cannot be had as it stands, and `fault` says why."""

    id: UUID
    product: Known
    product_kind: str
    category: str
    unit: str
    sold_with_id: UUID | None
    cycle: str
    quantity: int
    min_quantity: int
    max_quantity: int | None
    trial: bool
    trial_days: int
    unit_price: Money | None
    promotion: Promoted | None
    promotion_off: Money | None
    total: Money | None
    fault: Fault | None


@dataclass(frozen=True)
class AskedTerms:
    """A document that has to be accepted, as the buyer reads it now."""

    id: UUID
    name: str
    edition: str
    body: str
    hash: str
    products: Sequence[str]


@dataclass(frozen=True)
class BasketView:
    """A basket, whole; `digest` names its figures and documents, so that a checkout orders what was shown."""

    id: UUID
    status: str
    account: Known
    contact: Known | None
    order: Known | None
    price_list: Known | None
    currency: str
    promotion_code: str
    code_fault: Fault | None
    lines: Sequence[BasketLine]
    totals: Mapping[str, Money]
    total: Money
    terms: Sequence[AskedTerms]
    digest: str
    created_at: datetime
    version: int

    @property
    def units(self) -> int:
        """Count the lines, which is what stands at the basket's sign."""
        return len(self.lines)

    @property
    def faults(self) -> list[Fault]:
        """Give everything that stands in the way of a checkout."""
        return [one.fault for one in self.lines if one.fault] + ([self.code_fault] if self.code_fault else [])


def digest_of(lines: Sequence[BasketLine], terms: Sequence[AskedTerms]) -> str:
    """Name what is shown: each line with what it costs, each document with its words."""
    shown = [
        *(f"{one.id} {one.product.id} {one.cycle} {one.quantity} {one.trial} {one.total}" for one in lines),
        *(f"{one.id} {one.hash}" for one in terms),
    ]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:32]


def text_hash(body: str) -> str:
    """Give the hash of a document's words, as an acceptance records it (SF-02)."""
    return hashlib.sha256(body.encode()).hexdigest()
