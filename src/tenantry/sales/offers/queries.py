"""Read an offer, with what its page shows and what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.database import Row, Work
from tenantry.database.joins import leads_to
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Offer
from tenantry.sales.items import first_amount
from tenantry.sales.offering import offers
from tenantry.sales.offers.items import items_of
from tenantry.sales.prices import line_total
from tenantry.sales.queries import Named
from tenantry.schema.catalog import price_list
from tenantry.schema.crm import account, contact, opportunity
from tenantry.schema.sales import offer, order
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import permissions


@dataclass(frozen=True)
class OfferItemView:
    """A line of an offer."""

    id: UUID
    product: Named
    product_kind: str
    cycle: str
    quantity: int
    unit_price: Money
    discount_percent: Decimal
    promotion: Named | None
    total: Money
    first: Money
    version: int


@dataclass(frozen=True)
class OfferView:
    """An offer, as its page shows it."""

    id: UUID
    number: int
    name: str
    status: str
    currency: str
    offered_on: date
    valid_until: date | None
    note: str
    account: Named
    opportunity: Named | None
    price_list: Named | None
    contact: Named | None
    order: Named | None
    responsible_user: Named | None
    permission_rule: Named | None
    items: Sequence[OfferItemView]
    totals: Mapping[str, Money]
    first: Money
    created_at: datetime
    version: int
    actions: Mapping[str, Verdict]


def offer_(work: Work, id: UUID) -> OfferView:
    """Give an offer; NotFound for one that the actor may not see."""
    permissions.require(work, "orders:view")
    row = work.connection.execute(_ONE, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None or not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("offer")
    lines = [_line(item, row["currency"]) for item in items_of(work, id)]
    cycles = dict.fromkeys(one.cycle for one in lines)
    names = "id number name status currency offered_on valid_until note created_at version".split()
    links = "account opportunity price_list contact order responsible_user permission_rule".split()
    return OfferView(
        **{name: row[name] for name in names},
        **{name: _named(row, name) for name in links},
        items=lines,
        totals={cycle: _sum([one.total for one in lines if one.cycle == cycle], row["currency"]) for cycle in cycles},
        first=_sum([one.first for one in lines], row["currency"]),
        actions=offers(work, Offer, row),
    )


def _line(item: Row, currency: str) -> OfferItemView:
    return OfferItemView(
        id=item["id"],
        product=Named(item["product_id"], item["product_name"]),
        product_kind=item["product_kind"],
        cycle=item["cycle"],
        quantity=item["quantity"],
        unit_price=Money(item["unit_price"], currency),
        discount_percent=item["discount_percent"],
        promotion=_named(item, "promotion"),
        total=line_total(item["quantity"], item["unit_price"], item["discount_percent"], currency),
        first=Money(first_amount(item, currency), currency),
        version=item["version"],
    )


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return Money(sum((one.amount for one in amounts), Decimal(0)), currency)


def _named(row: Row, name: str) -> Any:
    return Named(row[f"{name}_id"], row[f"{name}_name"]) if row[f"{name}_id"] else None


_ONE = (
    sa.select(
        offer,
        account.c.name.label("account_name"),
        account.c.standing.label("account_standing"),
        account.c.status.label("account_status"),
        opportunity.c.name.label("opportunity_name"),
        price_list.c.name.label("price_list_name"),
        sa.func.concat_ws(" ", sa.func.nullif(contact.c.first_name, ""), contact.c.last_name).label("contact_name"),
        order.c.name.label("order_name"),
        tenant_user.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
    )
    .join(account, leads_to(offer, "account_id", account))
    .outerjoin(opportunity, leads_to(offer, "opportunity_id", opportunity))
    .outerjoin(price_list, leads_to(offer, "price_list_id", price_list))
    .outerjoin(contact, leads_to(offer, "contact_id", contact))
    .outerjoin(order, leads_to(offer, "order_id", order))
    .join(tenant_user, leads_to(offer, "responsible_user_id", tenant_user))
    .join(permission_rule, leads_to(offer, "permission_rule_id", permission_rule))
    .where(offer.c.tenant_id == sa.bindparam("tenant"), offer.c.id == sa.bindparam("id"))
)
