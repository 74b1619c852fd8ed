"""Tell the next tier: what arrived at somebody who is a reseller himself goes on to his own distributor."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.batch import ASSETS, FACTS, PURCHASES, SUBSCRIPTIONS
from tenantry.rules.plan import PAGE
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset, subscription_change

NOTHING: sa.ColumnElement[Any] = sa.null()


def tell_further_up(work: Work, tenant_id: UUID, words: Mapping[str, Any]) -> None:
    """Tell, in the transaction of the batch, what it changed in the tenant above, as that tenant's own changes."""
    bound = {name: words[name] for name in ("giver", "taker", "page", "subscriptions", "assets", "facts", "purchases")}
    for kind, chosen in _CHOSEN:
        jobs.tell_all(work.connection, tenant_id, kind, chosen.params(bound))


def _mine(table: sa.Table, ids: sa.BindParameter[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.tenant_id == TAKER, table.c.id == sa.any_(ids), table.c.managed_by == GIVER


_arrived = subscription_change.c
_CHOSEN: tuple[tuple[str, sa.Select[Any]], ...] = (
    ("account", sa.select(account.c.id, account.c.id, NOTHING).where(*_mine(account, PAGE))),
    (
        "subscription",
        sa.select(subscription.c.account_id, subscription.c.id, NOTHING).where(*_mine(subscription, SUBSCRIPTIONS)),
    ),
    (
        "subscription",
        sa.select(_arrived.account_id, _arrived.subscription_id, _arrived.id)
        .where(_arrived.tenant_id == TAKER, _arrived.id == sa.any_(FACTS))
        .order_by(_arrived.account_id, _arrived.number),
    ),
    ("asset", sa.select(asset.c.account_id, asset.c.id, NOTHING).where(*_mine(asset, ASSETS))),
    ("asset", sa.select(asset.c.account_id, asset.c.id, asset.c.id).where(*_mine(asset, PURCHASES))),
)
