"""What a tenant reseller has, counted in his tenant and here in one statement; its words are `giver`, `taker` and
`reseller`.
"""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, RESELLER, TAKER
from tenantry.schema.channel import handover, tenant_reseller
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.message import message, message_set_aside
from tenantry.schema.sales import LASTING, order, subscription
from tenantry.schema.tenant import api_token, tenant, tenant_user

OPEN = ("active", "suspended")
IN_HAND = ("awaiting_approval", "scheduled", "running", "undoing")


def _count(table: sa.Table, whose: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> Any:
    return sa.select(sa.func.count()).select_from(table).where(table.c.tenant_id == whose, *where).scalar_subquery()


_to_him = handover.c.tenant_reseller_id == RESELLER
_in_his_hands = sa.and_(account.c.managed_by == TAKER, account.c.status.in_(OPEN))
_left_here = sa.and_(account.c.bill_to_id == RESELLER, account.c.id != RESELLER, account.c.managed_by.is_(None))
_has_shop = sa.and_(tenant.c.id == TAKER, tenant.c.edition == "premium")
COUNTS = sa.select(
    _count(tenant_user, TAKER, tenant_user.c.status == "active").label("users"),
    _count(
        api_token,
        TAKER,
        api_token.c.client_id.is_(None),
        api_token.c.revoked_at.is_(None),
        sa.or_(api_token.c.expires_at.is_(None), api_token.c.expires_at > sa.func.now()),
    ).label("tokens"),
    sa.select(sa.func.count()).select_from(tenant).where(_has_shop).scalar_subquery().label("shop"),
    _count(account, GIVER, _in_his_hands).label("customers"),
    _count(account, GIVER, _left_here, account.c.status.in_(OPEN)).label("others"),
    _count(subscription, TAKER, subscription.c.status.in_(LASTING)).label("subscriptions"),
    _count(order, TAKER, order.c.status == "submitted").label("orders"),
    _count(charge, TAKER, charge.c.invoice_id.is_(None)).label("charges"),
    _count(message, TAKER).label("messages"),
    _count(message_set_aside, TAKER).label("set_aside"),
    _count(handover, GIVER, _to_him, handover.c.status.in_(("planning", "planned", *IN_HAND))).label("planned"),
    _count(handover, GIVER, _to_him, handover.c.status.in_(IN_HAND)).label("running"),
    _count(tenant_reseller, TAKER, tenant_reseller.c.state != "closed").label("resellers"),
)
