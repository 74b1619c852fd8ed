"""The items of an offer, as they are read."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Row, Work
from tenantry.kernel.problems import NotFound
from tenantry.schema.catalog import product, promotion
from tenantry.schema.sales import offer_item


def items_of(work: Work, offer_id: UUID) -> Sequence[Row]:
    """Give the items in their order."""
    return work.connection.execute(_ITEMS, {"tenant": work.tenant_id, "offer": offer_id}).mappings().all()


def item_of(work: Work, offer_id: UUID, id: UUID) -> Row:
    """Give one item; NotFound when the offer, which is held already, has none such."""
    for one in items_of(work, offer_id):
        if one["id"] == id:
            return one
    raise NotFound("offer item")


_ITEMS = (
    sa.select(
        offer_item,
        sa.literal(value=False).label("trial"),
        product.c.name.label("product_name"),
        product.c.kind.label("product_kind"),
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
    )
    .join(product, sa.and_(product.c.tenant_id == offer_item.c.tenant_id, product.c.id == offer_item.c.product_id))
    .outerjoin(
        promotion,
        sa.and_(promotion.c.tenant_id == offer_item.c.tenant_id, promotion.c.id == offer_item.c.promotion_id),
    )
    .where(offer_item.c.tenant_id == sa.bindparam("tenant"), offer_item.c.offer_id == sa.bindparam("offer"))
    .order_by(offer_item.c.position, offer_item.c.id)
)
