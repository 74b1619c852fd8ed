"""What the crm tells others of its changes, in the transaction of the change."""

from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.schema.crm import account
from tenantry.schema.sales import order
from tenantry.tenancy import queries
from tenantry.tenancy.telling import CREDIT_CHANGED, CREDIT_RULE

TRAVELS_UP = ("own", "received")


def account_changed(work: Work, *account_ids: UUID) -> None:
    """Tell the tenant above that these accounts, their billing address or their status changed (UP-02, UP-03, UP-21);
    a top tenant has nobody to tell.
    """
    if not queries.has_seller_above(work):
        return
    concerned = sa.select(account.c.id, account.c.id, sa.null()).where(
        account.c.tenant_id == work.tenant_id,
        account.c.id.in_(account_ids),
        account.c.standing.in_(TRAVELS_UP),
    )
    # Telling wakes a drainer even when there is nothing to tell.
    if work.connection.scalar(sa.select(concerned.exists())):
        jobs.tell_all(work.connection, work.tenant_id, "account", concerned)


def credit_changed(work: Work, account_id: UUID) -> None:
    """Tell that an account may have more credit, if something sold by a tenant reseller waits for it (UP-47)."""
    waits = sa.exists().where(
        order.c.tenant_id == work.tenant_id, order.c.bill_to_id == account_id, order.c.approval == "waiting"
    )
    if work.connection.scalar(sa.select(waits)):
        jobs.tell(work.connection, work.tenant_id, CREDIT_CHANGED, account_id)


def credit_counts(work: Work) -> None:
    """Tell tenant resellers that credit is checked above one of them from now on, or not any more (UP-47)."""
    jobs.tell(work.connection, work.tenant_id, CREDIT_RULE, work.tenant_id)
