"""Read an opportunity, with what its page shows and what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.database import Work
from tenantry.database.joins import leads_to
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Opportunity
from tenantry.sales.offering import offers
from tenantry.sales.queries import Named
from tenantry.schema.crm import account, opportunity
from tenantry.schema.sales import offer
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import permissions


@dataclass(frozen=True)
class OpportunityView:
    """An opportunity, as its page shows it."""

    id: UUID
    name: str
    status: str
    amount: Money | None
    currency: str
    expected_on: date | None
    note: str
    account: Named
    responsible_user: Named
    permission_rule: Named
    offers: Sequence[Named]
    created_at: datetime
    version: int
    actions: Mapping[str, Verdict]


def opportunity_(work: Work, id: UUID) -> OpportunityView:
    """Give an opportunity; NotFound for one that the actor may not see."""
    permissions.require(work, "orders:view")
    given = {"tenant": work.tenant_id, "id": id}
    row = work.connection.execute(_ONE, given).mappings().first()
    if row is None or not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("opportunity")
    names = "id name status currency expected_on note created_at version".split()
    return OpportunityView(
        **{name: row[name] for name in names},
        amount=Money(row["amount"], row["currency"]) if row["amount"] is not None else None,
        account=Named(row["account_id"], row["account_name"]),
        responsible_user=Named(row["responsible_user_id"], row["responsible_user_name"]),
        permission_rule=Named(row["permission_rule_id"], row["permission_rule_name"]),
        offers=[Named(*found) for found in work.connection.execute(_OFFERS, given)],
        actions=offers(work, Opportunity, row),
    )


_ONE = (
    sa.select(
        opportunity,
        account.c.name.label("account_name"),
        account.c.standing.label("account_standing"),
        account.c.status.label("account_status"),
        tenant_user.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
    )
    .join(account, leads_to(opportunity, "account_id", account))
    .join(tenant_user, leads_to(opportunity, "responsible_user_id", tenant_user))
    .join(permission_rule, leads_to(opportunity, "permission_rule_id", permission_rule))
    .where(opportunity.c.tenant_id == sa.bindparam("tenant"), opportunity.c.id == sa.bindparam("id"))
)
_OFFERS = (
    sa.select(offer.c.id, offer.c.name)
    .where(offer.c.tenant_id == sa.bindparam("tenant"), offer.c.opportunity_id == sa.bindparam("id"))
    .order_by(offer.c.number)
)
