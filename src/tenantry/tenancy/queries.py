"""What the whole program asks about its tenant: who it is, whether it is live, whom and what can be chosen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.schema import metadata, tenant as t
from tenantry.tenancy.place import credit_is_checked_above, has_live_seller_above, has_seller_above, is_live

__all__ = [
    "Choice",
    "TenantView",
    "credit_is_checked_above",
    "has_live_seller_above",
    "has_seller_above",
    "is_live",
    "people",
    "rules",
    "setup_counts",
    "tenant",
]

COUNTED = (
    "tenant_user",
    "role",
    "user_group",
    "permission_rule",
    "api_option",
    "custom_field",
    "tenant_currency",
    "payment_method",
    "order_type",
)


@dataclass(frozen=True)
class TenantView:
    """The organisation whose back office this is (TEN-01)."""

    id: UUID
    parent_id: UUID | None
    name: str
    code: str
    kind: str
    edition: str
    street: str
    postcode: str
    city: str
    country: str
    vat_number: str
    email: str
    phone: str
    website: str
    language: str
    time_zone: str
    date_format: str
    default_currency: str
    currencies: tuple[str, ...]
    billing_day: int
    admin_user_id: UUID | None
    common_rule_id: UUID | None
    reseller_account_id: UUID | None
    live_at: datetime | None
    suspended_at: datetime | None
    created_at: datetime
    version: int

    @property
    def live(self) -> bool:
        """Say whether it sells by itself: a top tenant, or one whose back ordering is active."""
        return self.parent_id is None or self.live_at is not None


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen in a form."""

    id: UUID
    name: str


def tenant(work: Work) -> TenantView:
    """Give the tenant of this unit of work."""
    row = work.connection.execute(_TENANT, {"tenant": work.tenant_id}).mappings().first()
    if row is None:
        raise NotFound("tenant")
    return TenantView(**{**row, "currencies": tuple(row["currencies"] or ())})


def people(work: Work) -> tuple[Choice, ...]:
    """Give the users who may be made responsible for a record, by name."""
    return tuple(Choice(*row) for row in work.connection.execute(_PEOPLE, {"tenant": work.tenant_id}))


def rules(work: Work) -> tuple[Choice, ...]:
    """Give the permission rules that a record may carry, by name."""
    return tuple(Choice(*row) for row in work.connection.execute(_RULES, {"tenant": work.tenant_id}))


def setup_counts(work: Work) -> dict[str, int]:
    """Count what the set-up holds, by table: what its first page shows."""
    return dict(work.connection.execute(_COUNTS, {"tenant": work.tenant_id}).mappings().one())


_here: sa.BindParameter[UUID] = sa.bindparam("tenant")
_currencies = (
    sa.select(sa.func.array_agg(aggregate_order_by(t.tenant_currency.c.currency, t.tenant_currency.c.currency)))
    .where(t.tenant_currency.c.tenant_id == t.tenant.c.id)
    .correlate(t.tenant)
    .scalar_subquery()
)
_TENANT = sa.select(
    *(t.tenant.c[name] for name in TenantView.__dataclass_fields__ if name != "currencies"),
    _currencies.label("currencies"),
).where(t.tenant.c.id == _here)
_PEOPLE = (
    sa.select(t.tenant_user.c.id, t.tenant_user.c.name)
    .where(t.tenant_user.c.tenant_id == _here, t.tenant_user.c.status == "active")
    .order_by(t.tenant_user.c.name, t.tenant_user.c.id)
)
_RULES = (
    sa.select(t.permission_rule.c.id, t.permission_rule.c.name)
    .where(t.permission_rule.c.tenant_id == _here)
    .order_by(t.permission_rule.c.name)
)


def _count(table: sa.Table) -> sa.Label[int]:
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.tenant_id == _here)
    return counted.scalar_subquery().label(table.name)


_COUNTS = sa.select(*(_count(metadata.tables[name]) for name in COUNTED))
