"""What could be transferred to a tenant reseller of what his copied accounts have (DN-40)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.rules.transfer_subscriptions import TRANSFER_SUBSCRIPTIONS
from tenantry.schema.base import ID
from tenantry.schema.catalog import price_list
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.tenancy import permissions

MOST_ON_A_PAGE = 1000


@dataclass(frozen=True)
class Thing:
    """A subscription or an asset that is left to be transferred; the plan says whether it can go."""

    id: UUID
    entity: str
    name: str
    customer: str
    status: str
    quantity: int
    cycle: str
    unit_price: Decimal
    currency: str


@dataclass(frozen=True)
class ThingPage:
    """Some of them in the order of their names, where the next begin, how many there are, and in which currencies
    beside that of the reseller's price list.
    """

    items: tuple[Thing, ...]
    next: str | None
    total: int
    price_list_currency: str
    other_currencies: dict[str, int]


def things(
    work: Work, tenant_reseller_id: UUID, *, search: str = "", cursor: str | None = None, limit: int = 100
) -> ThingPage:
    """Give the subscriptions and assets that are left, by name; `search` looks in name, external id and customer."""
    permissions.require(work, "handover:plan")
    if not 1 <= limit <= MOST_ON_A_PAGE:
        raise Invalid(Fault("limit", "A page has 1 to 1,000 of them.", "API-04"))
    asked = {"tenant": work.tenant_id, "reseller": tenant_reseller_id}
    reseller = work.connection.execute(_RESELLER, asked).first()
    if reseller is None:
        what = "tenant reseller"
        raise NotFound(what)
    words: dict[str, Any] = {
        "giver": work.tenant_id,
        "taker": reseller.reseller_tenant_id,
        "reseller": tenant_reseller_id,
        "size": limit + 1,
    }
    query = _readable(work, _THINGS)
    if wanted := search.strip().lower():
        found_in = (_given.c.search, _buyer.c.search)
        query = query.where(sa.or_(*(one.contains(wanted, autoescape=True) for one in found_in)))
    if cursor:
        name, _, last = cursor.rpartition("~")
        try:
            words.update(last_name=name, last_id=UUID(last))
        except ValueError:
            fault = Fault("cursor", "This is not a cursor that a page gave.", "API-04", "Begin without one.")
            raise Invalid(fault) from None
        after = sa.tuple_(sa.bindparam("last_name"), sa.bindparam("last_id", type_=ID))
        query = query.where(sa.tuple_(_given.c.name, _given.c.id) > after)
    found = work.connection.execute(query.limit(sa.bindparam("size")), words).all()
    counts: dict[str, int] = dict(work.connection.execute(_readable(work, _COUNTS), words).all())
    items = tuple(Thing(*one) for one in found[:limit])
    more = f"{items[-1].name}~{items[-1].id}" if len(found) > limit else None
    others = {code: count for code, count in sorted(counts.items()) if code != reseller.currency}
    return ThingPage(items, more, sum(counts.values()), reseller.currency, others)


def _readable(work: Work, query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return query if work.actor.readable is None else query.where(_given.c.permission_rule_id.in_(work.actor.readable))


_given = TRANSFER_SUBSCRIPTIONS.subject.given
_RESELLER = (
    sa.select(tenant_reseller.c.reseller_tenant_id, price_list.c.currency)
    .join(
        price_list,
        sa.and_(
            price_list.c.tenant_id == tenant_reseller.c.tenant_id, price_list.c.id == tenant_reseller.c.price_list_id
        ),
    )
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"), tenant_reseller.c.id == sa.bindparam("reseller"))
)
_buyer = account.alias("buyer")
_columns = [_buyer.c.name if name == "customer" else _given.c[name] for name in Thing.__dataclass_fields__]
_THINGS = (
    sa.select(*_columns)
    .join(_buyer, sa.and_(_buyer.c.tenant_id == _given.c.tenant_id, _buyer.c.id == _given.c.account_id))
    .where(TRANSFER_SUBSCRIPTIONS.listed)
    .order_by(_given.c.name, _given.c.id)
)
_COUNTS = sa.select(_given.c.currency, sa.func.count()).where(TRANSFER_SUBSCRIPTIONS.listed).group_by(_given.c.currency)
