"""What stands in the way of undoing going live: whatever was mirrored up since, or is about to be (DN-46)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.check import BLOCKER, Check
from tenantry.schema.base import AT
from tenantry.schema.catalog import product
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.message import message, message_set_aside
from tenantry.schema.sales import order, subscription
from tenantry.schema.subscription import asset, subscription_change

SINCE = sa.bindparam("since", type_=AT)
REMEDY = "He stays live; a customer comes back by Customer Move."

# What the reseller sells of his own never goes up, so it stands in nobody's way.
_comes_from_above = sa.and_(product.c.tenant_id == TAKER, product.c.standing != "own")


def _came_up(table: sa.Table, standing: str) -> sa.Select[Any]:
    return sa.select(table.c.id).where(
        table.c.tenant_id == GIVER,
        table.c.standing == standing,
        table.c.managed_by == TAKER,
        table.c.created_at > SINCE,
    )


def _is_to_come(table: sa.Table) -> sa.Select[Any]:
    # An account follows up already before go-live (DN-29), so what waits of it is not lost.
    return sa.select(table.c.subject_id).where(table.c.tenant_id == TAKER, table.c.kind.in_(["subscription", "asset"]))


OBSTACLES = (
    Check(
        "messages-waiting",
        "DN-46",
        "Something that he sold or changed since is on its way up.",
        offenders=sa.union_all(_is_to_come(message), _is_to_come(message_set_aside)).subquery().select(),
        severity=BLOCKER,
        remedy="Wait until it has come up, then look again; what was set aside has to be resolved first.",
        whole=True,
    ),
    Check(
        "mirrored-since",
        "DN-46",
        "Customers, subscriptions, assets or back orders have been mirrored up since.",
        offenders=sa.union_all(
            _came_up(order, "back_order"),
            _came_up(account, "mirrored"),
            _came_up(subscription, "mirrored"),
            _came_up(asset, "mirrored"),
        )
        .subquery()
        .select(),
        severity=BLOCKER,
        remedy=REMEDY,
        whole=True,
    ),
    Check(
        "changed-since",
        "DN-46",
        "He has sold or changed something since that comes from you.",
        offenders=sa.select(subscription_change.c.id)
        .join(
            subscription,
            sa.and_(subscription.c.tenant_id == TAKER, subscription.c.id == subscription_change.c.subscription_id),
        )
        .join(product, sa.and_(_comes_from_above, product.c.id == subscription.c.product_id))
        .where(
            subscription_change.c.tenant_id == TAKER,
            subscription_change.c.done_at > SINCE,
            subscription_change.c.kind != "trial",
        ),
        severity=BLOCKER,
        remedy=REMEDY,
        whole=True,
    ),
    Check(
        "charged-since",
        "DN-46",
        "He has charged his customers since for what comes from you.",
        offenders=sa.select(charge.c.id)
        .join(product, sa.and_(_comes_from_above, product.c.id == charge.c.product_id))
        .where(charge.c.tenant_id == TAKER, charge.c.created_at > SINCE),
        severity=BLOCKER,
        remedy=REMEDY,
        whole=True,
    ),
)
