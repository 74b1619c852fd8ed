"""The statements behind the page of an order, built once."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Ready
from tenantry.database.joins import leads_to, manages
from tenantry.schema.catalog import payment_method, price_list
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, contact
from tenantry.schema.sales import order, order_status, order_type, subscription
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.schema.upstream_credit import upstream_credit

TENANT: sa.BindParameter[UUID] = sa.bindparam("tenant")
ID: sa.BindParameter[UUID] = sa.bindparam("id")

bill_to = account.alias("bill_to")
reseller = account.alias("reseller")
rep = tenant_user.alias("rep")
responsible = tenant_user.alias("responsible")
whole = order.alias("whole")
usual = order_status.alias("usual")


BUYER = ("standing", "status", "ordering_enabled")

ORDER = Ready(
    sa.select(
        order,
        account.c.name.label("account_name"),
        bill_to.c.name.label("bill_to_name"),
        price_list.c.name.label("price_list_name"),
        payment_method.c.name.label("payment_method_name"),
        order_type.c.name.label("order_type_name"),
        order_status.c.name.label("order_status_name"),
        sa.func.coalesce(order_status.c.name, usual.c.name, order.c.status).label("status_name"),
        whole.c.name.label("part_of_name"),
        rep.c.name.label("sales_rep_name"),
        sa.func.concat_ws(" ", sa.func.nullif(contact.c.first_name, ""), contact.c.last_name).label("contact_name"),
        responsible.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
        reseller.c.id.label("reseller_id"),
        reseller.c.name.label("reseller_name"),
        upstream_credit.c.status.label("upstream"),
        upstream_credit.c.figures.label("upstream_figures"),
        # The policy reads the account's standing under the account's own column names.
        *(account.c[name].label(f"account_{name}") for name in BUYER),
    )
    .join(account, leads_to(order, "account_id", account))
    .join(bill_to, leads_to(order, "bill_to_id", bill_to))
    .outerjoin(price_list, leads_to(order, "price_list_id", price_list))
    .outerjoin(payment_method, leads_to(order, "payment_method_id", payment_method))
    .outerjoin(order_type, leads_to(order, "order_type_id", order_type))
    .outerjoin(order_status, leads_to(order, "order_status_id", order_status))
    .outerjoin(
        usual, sa.and_(usual.c.tenant_id == order.c.tenant_id, usual.c.status == order.c.status, usual.c.is_default)
    )
    .outerjoin(whole, leads_to(order, "part_of_id", whole))
    .outerjoin(rep, leads_to(order, "sales_rep_id", rep))
    .outerjoin(contact, leads_to(order, "contact_id", contact))
    .join(responsible, leads_to(order, "responsible_user_id", responsible))
    .join(permission_rule, leads_to(order, "permission_rule_id", permission_rule))
    .outerjoin(tenant_reseller, manages(tenant_reseller, order))
    .outerjoin(reseller, leads_to(tenant_reseller, "id", reseller))
    .outerjoin(
        upstream_credit,
        sa.and_(upstream_credit.c.tenant_id == order.c.tenant_id, upstream_credit.c.order_id == order.c.id),
    )
    .where(order.c.tenant_id == TENANT, order.c.id == ID)
)

_started = sa.select(
    sa.literal("subscription"),
    subscription.c.id,
    subscription.c.name,
    sa.null(),
    sa.null(),
).where(subscription.c.tenant_id == TENANT, subscription.c.order_id == ID)
_delivered = sa.select(
    sa.literal("delivery").label("kind"), order.c.id, order.c.name, order.c.number, order.c.executed_at
).where(order.c.tenant_id == TENANT, order.c.part_of_id == ID)
_came = sa.union_all(_delivered, _started).subquery("came")
# The subscriptions that it started, and the sub-orders that delivered parts of it.
CAME_OF_IT = Ready(sa.select(_came).order_by(_came.c.kind, _came.c.number, _came.c.name, _came.c.id))
