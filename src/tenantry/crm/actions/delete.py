"""Delete an account: with documents it stays to be read, without it is removed (TEN-26, UP-21)."""

from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history, messages, payers
from tenantry.crm.actions.status import reason
from tenantry.crm.records import Row, governed, held_account, require_owned
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Account, no
from tenantry.schema.billing import invoice
from tenantry.schema.catalog import sync_option
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, activity, address, contact
from tenantry.schema.sales import order, subscription
from tenantry.schema.tenant import tenant
from tenantry.tenancy import permissions, queries, records

ENDED = ("cancelled", "expired")
PARTS = (activity, contact, address, sync_option)

still_running = no("TEN-26", "Its subscriptions have not all ended.")
has_tenant = no("TEN-07", "It has a tenant of its own.")
has_customers = no("TEN-07", "It has customers of its own, who would be orphaned.")


def delete(
    work: Work, account_id: UUID, *, because: str = "", version: int | None = None
) -> Literal["deleted", "removed"]:
    """Delete an account whose subscriptions have all ended, and say what became of it.

    `deleted`: gone from lists and searches, still reachable from its orders and subscriptions. `removed`: there was
    nothing to reach it from. A tenant that buys from another always keeps the row, for its parent to see (UP-24).
    """
    permissions.require(work, "accounts:edit")
    row = held_account(work, account_id, version)
    Account.require("delete", governed(row), live=queries.is_live(work))
    require_owned(work, row)
    line = f"Account was deleted{reason(because)}"
    _refuse_while_needed(work, account_id)
    history.write(work, "account", account_id, line, changes={"status": {"before": row["status"], "after": "deleted"}})
    if _has_documents(work, row):
        records.write(work, account, account_id, {"status": "deleted"})
        messages.account_changed(work, account_id)
        return "deleted"
    for table in PARTS:
        records.remove(work, table, table.c.account_id == account_id)
    records.remove(work, account, account.c.id == account_id)
    return "removed"


def _refuse_while_needed(work: Work, account_id: UUID) -> None:
    running = _of(work, subscription, subscription.c.account_id == account_id, subscription.c.status.not_in(ENDED))
    own_tenant = _of(work, tenant_reseller, tenant_reseller.c.id == account_id)
    is_running, has_own = work.connection.execute(sa.select(running, own_tenant)).one()
    if is_running:
        raise Refused(still_running, remedy="Cancel them, or wait until they have ended.")
    if has_own:
        raise Refused(has_tenant, remedy="Close the tenant reseller first.")
    if payers.customers(work, account_id):
        raise Refused(has_customers, remedy="Give them another reseller first, or make them direct customers.")


def _has_documents(work: Work, row: Row) -> bool:
    mine = [
        _of(work, table, sa.or_(table.c.account_id == row["id"], table.c.bill_to_id == row["id"]))
        for table in (order, subscription, invoice)
    ]
    pays = _of(
        work,
        account,
        sa.or_(account.c.bill_to_id == row["id"], account.c.parent_id == row["id"]),
        account.c.id != row["id"],
    )
    has_parent = sa.exists().where(tenant.c.id == work.tenant_id, tenant.c.parent_id.is_not(None))
    return bool(work.connection.scalar(sa.select(sa.or_(*mine, pays, has_parent))))


def _of(work: Work, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.c.tenant_id == work.tenant_id, *where)
