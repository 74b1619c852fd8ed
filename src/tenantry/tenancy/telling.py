"""Tell the tenant above that records which travel up have changed, in the transaction of the change (UP-40)."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.tenancy import queries

TRAVELS_UP = ("own",)


def changed(work: Work, table: sa.Table, ids: Collection[UUID]) -> None:
    """Tell of subscriptions or assets, to be read as they are when it is applied; only a live reseller has whom to."""
    if not ids or not queries.has_live_seller_above(work):
        return
    chosen = sa.select(table.c.account_id, table.c.id, sa.null()).where(
        table.c.tenant_id == work.tenant_id, table.c.id.in_(ids), table.c.standing.in_(TRAVELS_UP)
    )
    jobs.tell_all(work.connection, work.tenant_id, table.name, chosen)
