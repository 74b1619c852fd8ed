"""The records of handovers as those who look at them know them: accounts, subscriptions and assets, by their ids."""

import sqlalchemy as sa

from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset

SHARED = ("tenant_id", "id", "name", "permission_rule_id", "search")


def _of(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    shared = [table.c[name] for name in SHARED]
    if table is account:
        return sa.select(
            *shared, account.c.number, sa.literal("").label("customer"), sa.literal("account").label("entity")
        )
    none: sa.ColumnElement[int | None] = sa.cast(sa.null(), sa.BigInteger)
    has = sa.join(table, account, sa.and_(account.c.tenant_id == table.c.tenant_id, account.c.id == table.c.account_id))
    customer, entity = account.c.name.label("customer"), sa.literal(table.name).label("entity")
    return sa.select(*shared, none.label("number"), customer, entity).select_from(has)


def subjects(name: str) -> sa.Subquery:
    """Give all that can be a record of a handover, under a name of its own; an id is found by a look-up in each."""
    return sa.union_all(_of(account), _of(subscription), _of(asset)).subquery(name)
