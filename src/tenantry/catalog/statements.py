"""The statements behind the pages of the catalogue, built once."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.views import Characteristic
from tenantry.schema.catalog import (
    plan,
    product,
    product_add_on,
    product_characteristic,
    product_path,
    product_price,
    promotion,
    provisioning_system,
    terms_document,
)

TENANT: sa.BindParameter[UUID] = sa.bindparam("tenant")
ID: sa.BindParameter[UUID] = sa.bindparam("id")
PRODUCT = (
    sa.select(
        product,
        provisioning_system.c.name.label("provisioning_system_name"),
        (terms_document.c.name + ", " + terms_document.c.edition).label("terms_document_name"),
    )
    .outerjoin(
        provisioning_system,
        sa.and_(
            provisioning_system.c.tenant_id == product.c.tenant_id,
            provisioning_system.c.id == product.c.provisioning_system_id,
        ),
    )
    .outerjoin(
        terms_document,
        sa.and_(terms_document.c.tenant_id == product.c.tenant_id, terms_document.c.id == product.c.terms_document_id),
    )
    .where(product.c.tenant_id == TENANT, product.c.id == ID)
)
PRICES = (
    sa.select(product_price)
    .where(product_price.c.tenant_id == TENANT, product_price.c.product_id == ID)
    .order_by(product_price.c.currency, product_price.c.cycle)
)
CHARACTERISTICS = (
    sa.select(*(product_characteristic.c[name] for name in Characteristic.__dataclass_fields__))
    .where(product_characteristic.c.tenant_id == TENANT, product_characteristic.c.product_id == ID)
    .order_by(product_characteristic.c.position, product_characteristic.c.name)
)
PATHS = (
    sa.select(product.c.id, product.c.name, product.c.sku, product_path.c.kind)
    .join(
        product_path,
        sa.and_(product_path.c.tenant_id == product.c.tenant_id, product_path.c.to_product_id == product.c.id),
    )
    .where(product.c.tenant_id == TENANT, product_path.c.product_id == ID)
    .order_by(product_path.c.kind.desc(), product.c.name, product.c.id)
)
ADD_ONS = (
    sa.select(product.c.id, product.c.name)
    .join(
        product_add_on,
        sa.and_(product_add_on.c.tenant_id == product.c.tenant_id, product_add_on.c.add_on_id == product.c.id),
    )
    .where(product.c.tenant_id == TENANT, product_add_on.c.product_id == ID)
    .order_by(product.c.name, product.c.id)
)
PLANS_OF = (
    sa.select(plan.c.id, plan.c.name)
    .where(plan.c.tenant_id == TENANT, plan.c.product_id == ID)
    .order_by(plan.c.name, plan.c.id)
)
TERMS_DOCUMENT = sa.select(terms_document).where(terms_document.c.tenant_id == TENANT, terms_document.c.id == ID)
PROMOTION = (
    sa.select(promotion, product.c.name.label("product_name"))
    .join(product, sa.and_(product.c.tenant_id == promotion.c.tenant_id, product.c.id == promotion.c.product_id))
    .where(promotion.c.tenant_id == TENANT, promotion.c.id == ID)
)
PLAN = (
    sa.select(plan, product.c.name.label("product_name"))
    .join(product, sa.and_(product.c.tenant_id == plan.c.tenant_id, product.c.id == plan.c.product_id))
    .where(plan.c.tenant_id == TENANT, plan.c.id == ID)
)
