"""The list of what outside systems are asked for (PRV-20, PRV-33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.database import Work
from tenantry.database.joins import leads_to
from tenantry.kernel.problems import NotFound
from tenantry.schema.catalog import provisioning_system
from tenantry.schema.charging import service_request
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.tenancy import permissions
from tenantry.tenancy.listing import Column, Listing

STATUSES = {
    "held": "Waits for credit",
    "pending": "Pending",
    "in_progress": "In progress",
    "done": "Done",
    "failed": "Failed",
    "withdrawn": "Withdrawn",
}
VERBS = {"create": "Create", "change": "Change", "suspend": "Suspend", "resume": "Resume", "cancel": "Cancel"}


REQUESTS = Listing(
    name="provisioning requests",
    permission="subscriptions:view",
    table=service_request,
    columns=(
        Column("id", service_request.c.id, "Id", "ref", filterable=False),
        Column("subscription_id", service_request.c.subscription_id, "Subscription id", "ref"),
        Column("subscription", subscription.c.name, "Subscription", filterable=False, shown=True),
        Column("account_id", service_request.c.account_id, "Account id", "ref"),
        Column("account", account.c.name, "Account", filterable=False),
        Column("system_id", service_request.c.system_id, "System id", "ref"),
        Column("system", provisioning_system.c.name, "System", filterable=False, shown=True),
        Column("verb", service_request.c.verb, "Asked for", "choice", shown=True, choices=VERBS),
        Column("status", service_request.c.status, "Status", "choice", shown=True, choices=STATUSES),
        Column("answer", service_request.c.answer, "Answer", filterable=False, shown=True),
        Column("created_at", service_request.c.created_at, "Asked", "moment", sortable=True, shown=True),
        Column("done_at", service_request.c.done_at, "Answered", "moment"),
        Column("version", service_request.c.version, "Version", "number", filterable=False),
    ),
    sort="-created_at",
    rule=subscription.c.permission_rule_id,
    joins={
        subscription: leads_to(service_request, "subscription_id", subscription),
        account: leads_to(service_request, "account_id", account),
        provisioning_system: leads_to(service_request, "system_id", provisioning_system),
    },
)


@dataclass(frozen=True)
class RequestView:
    """What an outside system is asked for, as a page shows it."""

    id: UUID
    subscription_id: UUID
    subscription: str
    account_id: UUID
    account: str
    system_id: UUID
    system: str
    verb: str
    status: str
    desired: Mapping[str, Any]
    answer: str
    created_at: datetime
    done_at: datetime | None
    version: int


_PLAIN = "id subscription_id account_id system_id verb status desired answer created_at done_at version".split()
_ONE = (
    sa.select(
        *(service_request.c[name] for name in _PLAIN),
        subscription.c.name.label("subscription"),
        subscription.c.permission_rule_id,
        account.c.name.label("account"),
        provisioning_system.c.name.label("system"),
    )
    .join(subscription, leads_to(service_request, "subscription_id", subscription))
    .join(account, leads_to(service_request, "account_id", account))
    .join(provisioning_system, leads_to(service_request, "system_id", provisioning_system))
    .where(service_request.c.tenant_id == sa.bindparam("tenant"), service_request.c.id == sa.bindparam("id"))
)


def request_(work: Work, id: UUID) -> RequestView:
    """Give a request; NotFound for one about a subscription that the actor may not see."""
    permissions.require(work, "subscriptions:view")
    row = work.connection.execute(_ONE, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None or not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("provisioning request")
    return RequestView(**{name: row[name] for name in RequestView.__dataclass_fields__})
