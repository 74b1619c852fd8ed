"""The lists of comparisons and repairs, and of what one found (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.rules.reconcile.causes import CAUSES
from tenantry.schema.crm import account
from tenantry.schema.reconcile import reconcile_difference, reconcile_run
from tenantry.tenancy.listing import Column, Listing

KINDS = {"comparison": "Comparison", "repair": "Repair"}
STATUSES = {"waiting": "Waiting", "running": "Running", "completed": "Completed", "failed": "Failed"}
RECORDS = {
    "account": "Account",
    "address": "Billing address",
    "sync_option": "Sync option",
    "subscription": "Subscription",
    "subscription_add_on": "Add-on",
    "asset": "Asset",
    "order": "Back order",
    "order_item": "Item of a back order",
}
VERDICTS = {"differs": "Differs", "missing": "Missing here", "surplus": "Only here"}

_run, _found = reconcile_run.c, reconcile_difference.c
reseller = account.alias("reseller")


def _once_ended(figure: sa.ColumnElement[int]) -> sa.ColumnElement[int | None]:
    """Nothing differs yet is not the same as nothing was compared yet."""
    return sa.case((_run.status == "completed", figure))


RUNS = Listing(
    name="reconciliations",
    permission="reconcile:view",
    table=reconcile_run,
    columns=(
        Column("id", _run.id, "Id", "ref", filterable=False),
        Column("reseller", reseller.c.name, "Tenant reseller", filterable=False, shown=True),
        Column("kind", _run.kind, "What", "choice", shown=True, choices=KINDS),
        Column("status", _run.status, "Status", "choice", shown=True, choices=STATUSES),
        Column("tenant_reseller_id", _run.tenant_reseller_id, "Tenant reseller id", "ref"),
        Column("compared", _once_ended(_run.compared), "Accounts compared", "number", filterable=False, shown=True),
        Column("differences", _once_ended(_run.differences), "Differences", "number", shown=True),
        Column("accounts", _run.accounts, "Accounts with differences", "number", filterable=False),
        Column("on_its_way", _run.on_its_way, "On their way", "number", filterable=False),
        Column("last_message", _run.last_message, "As of message", "number", filterable=False, shown=True),
        Column("asked_by_name", _run.asked_by_name, "Asked by", filterable=False, shown=True),
        Column("created_at", _run.created_at, "Asked for", "moment", sortable=True, shown=True),
        Column("completed_at", _run.completed_at, "Ended", "moment", filterable=False),
    ),
    sort="-created_at",
    rule=None,
    joins={reseller: sa.and_(reseller.c.tenant_id == _run.tenant_id, reseller.c.id == _run.tenant_reseller_id)},
)

DIFFERENCES = Listing(
    name="differences",
    permission="reconcile:view",
    table=reconcile_difference,
    columns=(
        Column("id", _found.id, "Id", "ref", filterable=False),
        Column("run_id", _found.run_id, "Run", "ref"),
        Column("account_id", _found.account_id, "Customer id", "ref", sortable=True),
        Column("account_name", _found.account_name, "Customer", shown=True),
        Column("record", _found.record, "Record", "choice", shown=True, choices=RECORDS),
        Column("record_id", _found.record_id, "Record id", "ref"),
        Column("verdict", _found.verdict, "Verdict", "choice", shown=True, choices=VERDICTS),
        Column("field", _found.field, "Field", shown=True),
        Column("below", _found.below, "At the reseller", filterable=False, shown=True),
        Column("above", _found.above, "Here", filterable=False, shown=True),
        Column("cause", _found.cause, "Cause", "choice", shown=True, choices={one: one for one in CAUSES}),
    ),
    sort="account_id",
    rule=None,
)
