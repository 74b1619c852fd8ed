"""Charge the reseller for the assets that he sold: once, on the day that they were bought; and give it back for those
that he took back (UP-34, UP-31).
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.mirror.charging import keep_no_more
from tenantry.charging import charges
from tenantry.charging.charges import Charge
from tenantry.charging.terms import Line, Terms, off_in
from tenantry.database import Database, Row, Work
from tenantry.rules.back_orders.events import item_of
from tenantry.sales.assets.actions import given_back_for
from tenantry.schema.catalog import promotion
from tenantry.schema.crm import account
from tenantry.schema.sales import order, order_item
from tenantry.schema.subscription import asset
from tenantry.tenancy.due import NOBODY, PAGE, work_through
from tenantry.tenancy.records import write


def charge_assets(database: Database, tenant_id: UUID, *, between: Callable[[], None] = lambda: None) -> int:
    """Charge every mirrored asset of a tenant that is yet to be charged; gives how many."""
    return work_through(database, tenant_id, due, charge, between, "mirrored_asset_not_charged")


def due(work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
    """Name the assets that are to be charged or given back, by id; what waits for credit is not charged (UP-47)."""
    return list(work.connection.scalars(_DUE, {"tenant": work.tenant_id, "after": after, "limit": limit}))


def charge(work: Work, id: UUID) -> None:
    """Charge a mirrored asset once; one that is not the customer's any more has it given back."""
    asked = {"tenant": work.tenant_id, "id": id}
    work.connection.execute(_HOLD_ACCOUNT, asked)
    row = work.connection.execute(_SOLD, asked).mappings().first()
    if row is None:
        return
    made = given_back_for(work, id, row["order_id"])
    if row["status"] == "active":
        made = [] if made else [_once(row)]
    charges.write(work, charges.made_by(made, order_id=row["order_id"]))
    write(work, asset, id, {"to_be_charged": False})
    keep_no_more(work, [row["order_id"]])


def _once(row: Row) -> Charge:
    line = Line(row["product_id"], row["quantity"], row["unit_price"], promotion=off_in(row))
    terms = Terms(row["account_id"], row["bill_to_id"], "one_off", row["currency"], row["bought_on"], (line,))
    [made] = charges.of_once(terms, row["bought_on"])
    return replace(made, asset_id=row["id"])


_tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
_id: sa.BindParameter[UUID] = sa.bindparam("id")
_a, _i = asset.c, order_item.c
_HOLD_ACCOUNT = (
    sa.select(account.c.id)
    .where(
        account.c.tenant_id == _tenant,
        account.c.id == sa.select(_a.account_id).where(_a.tenant_id == _tenant, _a.id == _id).scalar_subquery(),
    )
    .with_for_update(key_share=True)
)
_its_item = sa.and_(_i.tenant_id == _a.tenant_id, _i.id == item_of(_a.id, _a.product_id))
# It costs what the item of its back order says, by the day of the sale (BO-12).
_SOLD = (
    sa.select(
        _a.id,
        _a.account_id,
        _a.bill_to_id,
        _a.product_id,
        _a.quantity,
        _a.currency,
        _a.bought_on,
        _a.status,
        _i.unit_price,
        _i.order_id,
        _i.promotion_id,
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
    )
    .select_from(asset)
    .join(order_item, _its_item)
    .outerjoin(promotion, sa.and_(promotion.c.tenant_id == _i.tenant_id, promotion.c.id == _i.promotion_id))
    .where(_a.tenant_id == _tenant, _a.id == _id, _a.to_be_charged)
    .with_for_update(key_share=True, of=asset)
)
_DUE = (
    sa.select(_a.id)
    .select_from(asset)
    .join(order_item, _its_item)
    .join(order, sa.and_(order.c.tenant_id == _i.tenant_id, order.c.id == _i.order_id))
    .where(
        _a.tenant_id == _tenant,
        _a.id > sa.bindparam("after"),
        _a.to_be_charged,
        order.c.approval != "waiting",
    )
    .order_by(_a.id)
    .limit(sa.bindparam("limit"))
)
