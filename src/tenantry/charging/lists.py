"""The list of charges: columns, filters, orders of sorting (API-04, UI-03, BIL-07)."""

from typing import Any

import sqlalchemy as sa

from tenantry.schema.billing import invoice
from tenantry.schema.catalog import product
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.sales import order, subscription
from tenantry.tenancy.listing import TENANT, Column, Listing

bill_to = account.alias("bill_to")
KINDS = {"cycle": "Cycle", "change": "Change", "one_off": "Once"}


def _same(table: sa.FromClause, id_: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == charge.c.tenant_id, table.c.id == id_)


def rule_of(charges: sa.FromClause) -> sa.ColumnElement[Any]:
    """Give the permission rule of charges: the subscription's, since who may not see that does not see what it costs;
    what is of none has its account's.
    """
    return sa.func.coalesce(
        *(
            sa.select(table.c.permission_rule_id)
            .where(table.c.tenant_id == TENANT, table.c.id == id_)
            .correlate(charges)
            .scalar_subquery()
            for table, id_ in ((subscription, charges.c.subscription_id), (account, charges.c.account_id))
        )
    )


CHARGES = Listing(
    name="charges",
    permission="subscriptions:view",
    table=charge,
    columns=(
        Column("id", charge.c.id, "Id", "ref", sortable=True),
        Column("explains", charge.c.explains, "What for", filterable=False, shown=True),
        Column("account_id", charge.c.account_id, "Account id", "ref"),
        Column("account", account.c.name, "Account", filterable=False, shown=True),
        Column("bill_to_id", charge.c.bill_to_id, "Bill To id", "ref"),
        Column("bill_to", bill_to.c.name, "Bill To", filterable=False),
        Column("subscription_id", charge.c.subscription_id, "Subscription id", "ref"),
        Column("subscription", subscription.c.name, "Subscription", filterable=False),
        Column("asset_id", charge.c.asset_id, "Asset id", "ref"),
        Column("change_id", charge.c.change_id, "Change id", "ref"),
        Column("order_id", charge.c.order_id, "Order id", "ref"),
        Column("order", order.c.name, "Order", filterable=False),
        Column("product_id", charge.c.product_id, "Product id", "ref"),
        Column("product", product.c.name, "Product", filterable=False, shown=True),
        Column("kind", charge.c.kind, "Kind", "choice", shown=True, choices=KINDS),
        Column("period_from", charge.c.period_from, "From", "date"),
        Column("period_until", charge.c.period_until, "Until", "date"),
        Column("days", charge.c.days, "Days", "number", filterable=False),
        Column("of_days", charge.c.of_days, "Of days", "number", filterable=False),
        Column("quantity", charge.c.quantity, "Quantity", "number"),
        Column("unit_price", charge.c.unit_price, "Unit price", "money"),
        Column("discount_percent", charge.c.discount_percent, "Discount in percent", "number"),
        Column("promotion_id", charge.c.promotion_id, "Promotion id", "ref"),
        Column("promotion_off", charge.c.promotion_off, "Promotion", "money", filterable=False),
        Column("amount", charge.c.amount, "Amount", "money", shown=True),
        Column("currency", charge.c.currency, "Currency"),
        Column("due_on", charge.c.due_on, "Due", "date", sortable=True, shown=True),
        Column("invoice_id", charge.c.invoice_id, "Invoice id", "ref"),
        Column("invoice", invoice.c.code, "Invoice", filterable=False),
        Column("created_at", charge.c.created_at, "Made", "moment"),
        Column("version", charge.c.version, "Version", "number", filterable=False),
    ),
    # Ids are by time, so the key of the table gives the latest without sorting.
    sort="-id",
    rule=rule_of(charge),
    joins={
        account: _same(account, charge.c.account_id),
        bill_to: _same(bill_to, charge.c.bill_to_id),
        subscription: _same(subscription, charge.c.subscription_id),
        order: _same(order, charge.c.order_id),
        product: _same(product, charge.c.product_id),
        invoice: _same(invoice, charge.c.invoice_id),
    },
)
