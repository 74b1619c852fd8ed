"""Tell the tenant above, and the one below that has a copy, of records that have changed, in the transaction of the
change (UP-40, DN-40).
"""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.tenancy import queries

TRAVELS_UP = ("own",)
# What is told of what a tenant reseller who is not live has a copy of ...
COPIES_BELOW = ("subscription_below", "asset_below")
# ... and of his credit: that an order was decided about, that there may be more, that it is checked or not (UP-47).
CREDIT_DECIDED, CREDIT_CHANGED, CREDIT_RULE = "credit_decided", "credit_changed", "credit_rule"
CREDIT_BELOW = (CREDIT_DECIDED, CREDIT_CHANGED, CREDIT_RULE)
GOES_DOWN = (*COPIES_BELOW, *CREDIT_BELOW)
# What is told upwards of what waits for credit: look at it again.
CREDIT_ASKED = "credit_asked"
# Told to a tenant reseller himself: how he stands with his distributor.
STANDING = "tenant_reseller"


def changed(work: Work, table: sa.Table, ids: Collection[UUID]) -> None:
    """Tell of subscriptions or assets, to be read as they are when it is applied; only a live reseller has whom to."""
    if not ids:
        return
    _tell_below(work, table, ids)
    if not queries.has_live_seller_above(work):
        return
    chosen = sa.select(table.c.account_id, table.c.id, sa.null()).where(
        table.c.tenant_id == work.tenant_id, table.c.id.in_(ids), table.c.standing.in_(TRAVELS_UP)
    )
    jobs.tell_all(work.connection, work.tenant_id, table.name, chosen)


def _tell_below(work: Work, table: sa.Table, ids: Collection[UUID]) -> None:
    copied = sa.select(table.c.account_id, table.c.id, sa.null()).where(
        table.c.tenant_id == work.tenant_id,
        table.c.id.in_(ids),
        table.c.standing == "own",
        table.c.managed_by.is_not(None),
    )
    # Telling wakes a drainer even when there is nothing to tell.
    if work.connection.scalar(sa.select(copied.exists())):
        jobs.tell_all(work.connection, work.tenant_id, f"{table.name}_below", copied)
