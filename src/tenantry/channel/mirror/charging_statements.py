"""What charges mirrors asks of the database: which are due, what happened to one, and what is kept of credit for it."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.schema.crm import account
from tenantry.schema.sales import PAYING, order, order_item, subscription
from tenantry.schema.subscription import asset, subscription_change

_tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
_id: sa.BindParameter[UUID] = sa.bindparam("id")
_s, _c = subscription.c, subscription_change.c
HOLD_ACCOUNT = (
    sa.select(account.c.id)
    .where(
        account.c.tenant_id == _tenant,
        account.c.id == sa.select(_s.account_id).where(_s.tenant_id == _tenant, _s.id == _id).scalar_subquery(),
    )
    .with_for_update(key_share=True)
)
HOLD = sa.select(_s.id).where(_s.tenant_id == _tenant, _s.id == _id).with_for_update(key_share=True)
DAY_OF: sa.BindParameter[date] = sa.bindparam("today", type_=sa.Date)
FACTS = (
    sa.select(subscription_change)
    .where(_c.tenant_id == _tenant, _c.subscription_id == _id, _c.to_be_charged, _c.effective_on <= DAY_OF)
    # What was planned has the number of the day on which it was planned, and happened later.
    .order_by(_c.done_at, _c.number)
)
TAKEN = (
    sa.update(subscription_change)
    .where(_c.tenant_id == _tenant, _c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
    .values(to_be_charged=False)
)
_later = subscription_change.alias("later")
_bought = order_item.alias("bought")
# What was charged is owed as such, and no longer kept of the reseller's credit (UP-47).
KEPT = (
    sa.update(order)
    .where(
        order.c.tenant_id == _tenant,
        order.c.id == sa.any_(sa.bindparam("orders", type_=sa.ARRAY(sa.Uuid))),
        order.c.reserved.is_not(None),
        ~sa.exists().where(_later.c.tenant_id == _tenant, _later.c.order_id == order.c.id, _later.c.to_be_charged),
        ~sa.exists().where(
            _bought.c.tenant_id == _tenant,
            _bought.c.order_id == order.c.id,
            asset.c.tenant_id == _tenant,
            asset.c.id == _bought.c.asset_id,
            asset.c.to_be_charged,
        ),
    )
    .values(reserved=None)
)


def _due_statement() -> sa.Select[tuple[UUID]]:
    day = DAY_OF
    happened = sa.exists().where(
        _c.tenant_id == _s.tenant_id, _c.subscription_id == _s.id, _c.to_be_charged, _c.effective_on <= day
    )
    # Nothing of it is charged before there is credit for it (UP-47), nor of what was parted from it meanwhile.
    parted_from = sa.case((_s.charged_until.is_(None), _s.split_from_id))
    waits = sa.exists().where(
        _c.tenant_id == _s.tenant_id,
        _c.subscription_id.in_([_s.id, parted_from]),
        _c.to_be_charged,
        order.c.tenant_id == _c.tenant_id,
        order.c.id == _c.order_id,
        order.c.approval == "waiting",
    )
    uncharged = sa.and_(
        _s.status.in_(PAYING),
        _s.paid_from.is_not(None),
        sa.func.coalesce(_s.charged_until < day, _s.paid_from <= day),
        sa.or_(_s.end_on.is_(None), _s.charged_until.is_(None), _s.charged_until < _s.end_on),
    )
    return (
        sa.select(_s.id)
        .where(
            _s.tenant_id == _tenant,
            _s.id > sa.bindparam("after"),
            _s.standing == "mirrored",
            sa.or_(uncharged, happened),
            ~waits,
        )
        .order_by(_s.id)
        .limit(sa.bindparam("limit"))
    )


DUE = _due_statement()
