"""What a tenant has that a field may refer to, read once for any number of records."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Ready, Work
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
    row = _KNOWN.row(work.connection, {"tenant": work.tenant_id})
    work.known[OWN_FIELDS] = frozenset(row.with_own_fields)
    return Known(
        frozenset(row.currencies),
        frozenset(row.users),
        frozenset(row.rules),
        frozenset(row.price_lists),
        frozenset(row.payment_methods),
        row.default_currency,
        row.default_payment_method,
        row.billing_day,
    )


_here = sa.bindparam("tenant", type_=ID)


def _all(name: str, column: sa.Column[object], *where: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    chosen = sa.select(column).where(column.table.c.tenant_id == _here, *where)
    return sa.func.array(chosen.scalar_subquery(), type_=sa.ARRAY(column.type)).label(name)


_default_method = (
    sa.select(payment_method.c.id)
    .where(payment_method.c.tenant_id == _here, payment_method.c.is_default)
    .scalar_subquery()
)
_KNOWN = Ready(
    sa.select(
        _all("currencies", t.tenant_currency.c.currency),
        _all("users", t.tenant_user.c.id, t.tenant_user.c.status == "active"),
        _all("rules", t.permission_rule.c.id),
        _all("price_lists", price_list.c.id, price_list.c.active),
        _all("payment_methods", payment_method.c.id),
        t.tenant.c.default_currency,
        _default_method.label("default_payment_method"),
        t.tenant.c.billing_day,
        _all("with_own_fields", t.custom_field.c.entity),
    ).where(t.tenant.c.id == _here)
)
