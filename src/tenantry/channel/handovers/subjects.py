"""The records of handovers as those who look at them know them: accounts, subscriptions and assets, by their ids."""

import sqlalchemy as sa

from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset

SHARED = ("tenant_id", "id", "name", "permission_rule_id", "search")


def _of(table: sa.Table, number: sa.ColumnElement[int | None], whose: sa.ColumnElement[object]) -> sa.Select[object]:
    return sa.select(
        *(table.c[name] for name in SHARED),
        number.label("number"),
        whose.label("account_id"),
        sa.literal(table.name).label("entity"),
    )


def subjects(name: str) -> sa.Subquery:
    """Give all that can be a record of a handover, under a name of its own; an id is found by one look-up in each."""
    none: sa.ColumnElement[int | None] = sa.cast(sa.null(), sa.BigInteger)
    every = sa.union_all(
        _of(account, account.c.number, account.c.id),
        _of(subscription, none, subscription.c.account_id),
        _of(asset, none, asset.c.account_id),
    )
    return every.subquery(name)
