"""The lists of orders and subscriptions: columns, filters, orders of sorting (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.schema.catalog import CYCLES, product
from tenantry.schema.crm import account
from tenantry.schema.sales import order, order_status, order_type, subscription
from tenantry.schema.tenant import tenant_user
from tenantry.tenancy.listing import Column, Listing

bill_to = account.alias("bill_to")
responsible = tenant_user.alias("responsible")
usual = order_status.alias("usual")


def _same(record: sa.Table, column: str, other: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(other.c.tenant_id == record.c.tenant_id, other.c.id == record.c[column])


def _named(*words: str) -> dict[str, str]:
    return {word: word.replace("_", " ").capitalize() for word in words}


APPROVALS = {"none": "Not needed", "waiting": "Waiting", "approved": "Approved", "refused": "Refused"}
STATUSES = _named("draft", "submitted", "executed", "cancelled")
STANDINGS = {"own": "Own", "marked": "Managed by reseller", "back_order": "Back order", "frozen": "Seller moved out"}
SUBSCRIPTION_STATUSES = _named(
    "starting_later", "trial", "active", "suspended", "pending_cancellation", "cancelled", "expired"
)

ORDERS = Listing(
    name="orders",
    permission="orders:view",
    table=order,
    columns=(
        Column("id", order.c.id, "Id", "ref", filterable=False),
        Column("number", order.c.number, "Number", "number", sortable=True, shown=True),
        Column("name", order.c.name, "Name", sortable=True, shown=True, folded=order.c.sort_name),
        Column("account_id", order.c.account_id, "Account id", "ref"),
        Column("account", account.c.name, "Account", filterable=False, shown=True),
        Column("bill_to_id", order.c.bill_to_id, "Bill To id", "ref"),
        Column("bill_to", bill_to.c.name, "Bill To", filterable=False),
        Column("status", order.c.status, "Status", "choice", sortable=True, shown=True, choices=STATUSES),
        Column(
            "status_name",
            sa.func.coalesce(order_status.c.name, usual.c.name, order.c.status),
            "Status name",
            filterable=False,
        ),
        Column("approval", order.c.approval, "Approval", "choice", choices=APPROVALS),
        Column("part_of_id", order.c.part_of_id, "Delivers a part of", "ref"),
        Column("order_type_id", order.c.order_type_id, "Type id", "ref"),
        Column("order_type", order_type.c.name, "Type", filterable=False),
        Column("ordered_on", order.c.ordered_on, "Order date", "date", sortable=True, shown=True),
        Column("currency", order.c.currency, "Currency"),
        Column("campaign", order.c.campaign, "Campaign"),
        Column("standing", order.c.standing, "Managed by", "choice", choices=STANDINGS),
        Column("responsible_user_id", order.c.responsible_user_id, "Responsible user id", "ref"),
        Column("responsible_user", responsible.c.name, "Responsible user", filterable=False),
        Column("created_at", order.c.created_at, "Made", "moment", sortable=True),
        Column("version", order.c.version, "Version", "number", filterable=False),
    ),
    sort="-number",
    rule=order.c.permission_rule_id,
    entity="order",
    joins={
        account: _same(order, "account_id", account),
        bill_to: _same(order, "bill_to_id", bill_to),
        order_type: _same(order, "order_type_id", order_type),
        order_status: _same(order, "order_status_id", order_status),
        usual: sa.and_(usual.c.tenant_id == order.c.tenant_id, usual.c.status == order.c.status, usual.c.is_default),
        responsible: _same(order, "responsible_user_id", responsible),
    },
    search=order,
    found_by=(account, order.c.account_id),
)

SUBSCRIPTIONS = Listing(
    name="subscriptions",
    permission="subscriptions:view",
    table=subscription,
    columns=(
        Column("id", subscription.c.id, "Id", "ref", filterable=False),
        Column("name", subscription.c.name, "Name", sortable=True, shown=True, folded=subscription.c.sort_name),
        Column("account_id", subscription.c.account_id, "Account id", "ref"),
        Column("account", account.c.name, "Account", filterable=False, shown=True),
        Column("product_id", subscription.c.product_id, "Product id", "ref"),
        Column("product", product.c.name, "Product", filterable=False, shown=True),
        Column("order_id", subscription.c.order_id, "Order id", "ref"),
        Column("status", subscription.c.status, "Status", "choice", shown=True, choices=SUBSCRIPTION_STATUSES),
        Column("cycle", subscription.c.cycle, "Cycle", "choice", choices=_named(*CYCLES.split())),
        Column("quantity", subscription.c.quantity, "Quantity", "number", shown=True),
        Column("unit_price", subscription.c.unit_price, "Unit price", "money", shown=True),
        Column("currency", subscription.c.currency, "Currency"),
        Column("start_on", subscription.c.start_on, "Start", "date", sortable=True, shown=True),
        Column("standing", subscription.c.standing, "Standing"),
        Column("created_at", subscription.c.created_at, "Made", "moment", sortable=True),
        Column("version", subscription.c.version, "Version", "number", filterable=False),
    ),
    sort="-created_at",
    rule=subscription.c.permission_rule_id,
    entity="subscription",
    joins={
        account: _same(subscription, "account_id", account),
        product: _same(subscription, "product_id", product),
    },
    search=subscription,
)
