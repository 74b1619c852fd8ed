"""What the pages of the catalogue show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tenantry.kernel.money import Money
from tenantry.kernel.problems import Verdict


@dataclass(frozen=True)
class PriceView:
    """What a unit of the product costs a cycle; the cost is what it costs the tenant."""

    id: UUID
    cycle: str
    price: Money
    cost: Money | None
    term_months: int | None


@dataclass(frozen=True)
class Characteristic:
    """What is said of a product, such as its storage."""

    id: UUID
    name: str
    value: str
    position: int


@dataclass(frozen=True)
class Path:
    """A product that subscriptions may go up or down to."""

    id: UUID
    name: str
    sku: str
    kind: str


@dataclass(frozen=True)
class Named:
    """Another record, as a page names it and links to it."""

    id: UUID
    name: str


@dataclass(frozen=True)
class ProductView:
    """A product, as its page shows it."""

    id: UUID
    sku: str
    name: str
    description: str
    category: str
    kind: str
    unit: str
    provisioning_system_id: UUID | None
    provisioning_system_name: str | None
    trial_allowed: bool
    trial_days: int
    active: bool
    active_from: date | None
    active_until: date | None
    min_quantity: int
    max_quantity: int | None
    in_shop: bool
    externally_priced: bool
    terms_document_id: UUID | None
    terms_document_name: str | None
    standing: str
    version: int
    prices: Sequence[PriceView]
    characteristics: Sequence[Characteristic]
    paths: Sequence[Path]
    add_ons: Sequence[Named]
    plans: Sequence[Named]
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


@dataclass(frozen=True)
class TermsDocumentView:
    """A document that buyers accept, in one edition."""

    id: UUID
    name: str
    edition: str
    body: str
    active: bool
    created_at: datetime
    version: int


@dataclass(frozen=True)
class PromotionView:
    """A promotion, as its page shows it."""

    id: UUID
    name: str
    code: str
    product: Named
    cycle: str | None
    kind: str
    off: Decimal
    currency: str | None
    duration: str
    cycles: int | None
    valid_from: date | None
    valid_until: date | None
    new_customers_only: bool
    active: bool
    version: int


@dataclass(frozen=True)
class PlanView:
    """A plan, as its page shows it."""

    id: UUID
    name: str
    product: Named
    descends_from_id: UUID | None
    descends_from_name: str
    standing: str
    version: int
    actions: Mapping[str, Verdict]
