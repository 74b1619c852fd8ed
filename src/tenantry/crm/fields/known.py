"""What a tenant has that a field may refer to, read once for any number of records."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema import tenant as t
from tenantry.schema.base import ID
from tenantry.schema.catalog import payment_method, price_list

OWN_FIELDS = "custom_fields"


@dataclass(frozen=True)
class Known:
    """The tenant's currencies, people, rules and terms, and what a record gets that names none of them."""

    currencies: frozenset[str]
    users: frozenset[UUID]
    rules: frozenset[UUID]
    price_lists: frozenset[UUID]
    payment_methods: frozenset[UUID]
    default_currency: str
    default_payment_method: UUID | None
    billing_day: int


def known(work: Work) -> Known:
    """Read it in one statement; which kinds of record have the tenant's own fields is known from then on, too."""
    row = work.connection.execute(_KNOWN, {"tenant": work.tenant_id}).one()
    currencies, users, rules, price_lists, methods, currency, method, billing_day, custom = row
    work.known[OWN_FIELDS] = frozenset(custom)
    return Known(
        frozenset(currencies),
        frozenset(users),
        frozenset(rules),
        frozenset(price_lists),
        frozenset(methods),
        currency,
        method,
        billing_day,
    )


_here = sa.bindparam("tenant", type_=ID)


def _all(column: sa.Column[object], *where: sa.ColumnElement[bool]) -> sa.ColumnElement[object]:
    chosen = sa.select(column).where(column.table.c.tenant_id == _here, *where)
    return sa.func.array(chosen.scalar_subquery(), type_=sa.ARRAY(column.type))


_default_method = (
    sa.select(payment_method.c.id)
    .where(payment_method.c.tenant_id == _here, payment_method.c.is_default)
    .scalar_subquery()
)
_KNOWN = sa.select(
    _all(t.tenant_currency.c.currency),
    _all(t.tenant_user.c.id, t.tenant_user.c.status == "active"),
    _all(t.permission_rule.c.id),
    _all(price_list.c.id, price_list.c.active),
    _all(payment_method.c.id),
    t.tenant.c.default_currency,
    _default_method,
    t.tenant.c.billing_day,
    _all(t.custom_field.c.entity),
).where(t.tenant.c.id == _here)
