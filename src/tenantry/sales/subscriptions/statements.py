"""The statements behind the page of a subscription, built once."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.terms import with_its_promotion
from tenantry.database.joins import leads_to, manages
from tenantry.schema.catalog import product, product_add_on, product_path, product_price, promotion
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import order, subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.schema.upstream_credit import upstream_credit

TENANT: sa.BindParameter[UUID] = sa.bindparam("tenant")
ID: sa.BindParameter[UUID] = sa.bindparam("id")
MOST_CHANGES = 50

bill_to = account.alias("bill_to")
reseller = account.alias("reseller")
parent = subscription.alias("parent")
responsible = tenant_user.alias("responsible")


# What of it waits for credit above, the latest (UP-47).
_waits = (
    sa.select(upstream_credit.c.status, upstream_credit.c.figures)
    .where(
        upstream_credit.c.tenant_id == subscription.c.tenant_id,
        sa.or_(
            upstream_credit.c.subscription_id == subscription.c.id,
            upstream_credit.c.order_id == subscription.c.order_id,
        ),
        upstream_credit.c.status.in_(("asked", "refused")),
    )
    .order_by(upstream_credit.c.status.desc(), upstream_credit.c.id.desc())
    .limit(1)
    .correlate(subscription)
    .lateral("waits")
)

SUBSCRIPTION = (
    sa.select(
        subscription,
        account.c.name.label("account_name"),
        account.c.standing.label("account_standing"),
        account.c.status.label("account_status"),
        bill_to.c.name.label("bill_to_name"),
        product.c.name.label("product_name"),
        order.c.name.label("order_name"),
        order.c.number.label("order_number"),
        parent.c.name.label("split_from_name"),
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
        responsible.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
        reseller.c.id.label("reseller_id"),
        reseller.c.name.label("reseller_name"),
        _waits.c.status.label("upstream"),
        _waits.c.figures.label("upstream_figures"),
    )
    .join(account, leads_to(subscription, "account_id", account))
    .join(bill_to, leads_to(subscription, "bill_to_id", bill_to))
    .join(product, leads_to(subscription, "product_id", product))
    .outerjoin(order, leads_to(subscription, "order_id", order))
    .outerjoin(parent, leads_to(subscription, "split_from_id", parent))
    .outerjoin(promotion, leads_to(subscription, "promotion_id", promotion))
    .join(responsible, leads_to(subscription, "responsible_user_id", responsible))
    .join(permission_rule, leads_to(subscription, "permission_rule_id", permission_rule))
    .outerjoin(tenant_reseller, manages(tenant_reseller, subscription))
    .outerjoin(reseller, leads_to(tenant_reseller, "id", reseller))
    .outerjoin(_waits, sa.true())
    .where(subscription.c.tenant_id == TENANT, subscription.c.id == ID)
)

NUMBERED = (order.c.number.label("order_number"), order.c.name.label("order_name"))

ADD_ONS = (
    with_its_promotion(subscription_add_on)
    .add_columns(product.c.name.label("product_name"), *NUMBERED)
    .join(product, leads_to(subscription_add_on, "product_id", product))
    .outerjoin(order, leads_to(subscription_add_on, "order_id", order))
    .where(subscription_add_on.c.tenant_id == TENANT, subscription_add_on.c.subscription_id == ID)
    .order_by(product.c.name, subscription_add_on.c.id)
)

CHANGES = (
    sa.select(subscription_change, product.c.name.label("product_name"), *NUMBERED)
    .outerjoin(product, leads_to(subscription_change, "product_id", product))
    .outerjoin(order, leads_to(subscription_change, "order_id", order))
    .where(subscription_change.c.tenant_id == TENANT, subscription_change.c.subscription_id == ID)
    .order_by(subscription_change.c.number.desc())
    .limit(MOST_CHANGES)
)

OFFERED_ADD_ONS = (
    sa.select(product.c.id, product.c.name)
    .join(product_add_on, leads_to(product_add_on, "add_on_id", product))
    .where(
        product_add_on.c.tenant_id == TENANT,
        product_add_on.c.product_id == ID,
        product.c.active,
        product.c.standing != "withdrawn",
        sa.exists().where(
            product_price.c.tenant_id == product.c.tenant_id,
            product_price.c.product_id == product.c.id,
            product_price.c.cycle == sa.bindparam("cycle"),
        ),
    )
    .order_by(product.c.name, product.c.id)
)

MOVES = (
    sa.select(product.c.id, product.c.name)
    .join(product_path, leads_to(product_path, "to_product_id", product))
    .where(
        product_path.c.tenant_id == TENANT,
        product_path.c.product_id == ID,
        product_path.c.kind == sa.bindparam("kind"),
        product.c.active,
        product.c.standing != "withdrawn",
    )
    .order_by(product.c.name, product.c.id)
)
