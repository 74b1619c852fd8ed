"""The order above and its items, field by field (BO-05 to BO-12)."""

import sqlalchemy as sa

from tenantry.rules.back_orders.events import event, item, item_of
from tenantry.rules.back_orders.history import CHANGE
from tenantry.rules.binds import FIRST_NUMBER, GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.copy import Copy
from tenantry.rules.mirror_up.prices import Sold, list_of, priced
from tenantry.rules.mirror_up.sales import api_access
from tenantry.rules.stanzas import assign, blank, carry, fill
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import order, order_item, order_status, order_type

__all__ = ["CHANGE", "ORDER", "ORDER_ITEM"]

reseller = account.alias("reseller")
arrangement = tenant_reseller.alias("arrangement")
customer = account.alias("customer")
type_ = order_type.alias("type")
status = order_status.alias("named_status")

_access, _access_joins = api_access("event", "order")

ORDER = Copy(
    name="order",
    into=order,
    source=event,
    account=event.c.account_id,
    id=event.c.order_id,
    joins={
        reseller: sa.and_(reseller.c.tenant_id == TAKER, reseller.c.id == RESELLER),
        arrangement: sa.and_(arrangement.c.tenant_id == TAKER, arrangement.c.id == RESELLER),
        customer: sa.and_(customer.c.tenant_id == TAKER, customer.c.id == event.c.account_id),
        type_: sa.and_(type_.c.tenant_id == TAKER, type_.c.is_default),
        status: sa.and_(status.c.tenant_id == TAKER, status.c.is_default, status.c.status == "executed"),
        **_access_joins,
    },
    rules=(
        fill("BO-01", "No copy of the reseller's order; it is named after the customer.", name=customer.c.name),
        fill(
            "BO-05",
            "Price list and payment method are the reseller's.",
            price_list_id=list_of(reseller, arrangement),
            payment_method_id=reseller.c.payment_method_id,
            currency=reseller.c.currency,
        ),
        fill(
            "BO-06",
            "Type and status are the defaults; it was executed below.",
            order_type_id=type_.c.id,
            status="executed",
            order_status_id=status.c.id,
            approval="none",
        ),
        carry("BO-07", "The end customer is delivered to.", "account_id"),
        fill("BO-07", "The reseller pays.", bill_to_id=RESELLER),
        carry("BO-08", "The day from which it counts; of several the earliest.", "ordered_on"),
        fill("BO-10", "Responsible user and permission rule are those of the API options.", **_access),
        fill("BO-11", "It originated from the tenant reseller.", standing="back_order", managed_by=GIVER),
        fill("BO-01", "It came by itself.", came_by="system"),
        blank(
            "BO-21",
            "The rest is the distributor's to fill.",
            "sales_rep_id contact_id campaign custom_fields part_of_id credit_figures cancelled_at",
        ),
        fill(
            "BO-12", "Recorded when the sale was made below.", submitted_at=event.c.sold_at, executed_at=event.c.sold_at
        ),
        assign(
            "TEN-08",
            "Its number is the distributor's own.",
            number=FIRST_NUMBER + sa.func.row_number().over(order_by=event.c.id) - 1,
        ),
        assign("UP-47", "What it keeps of the reseller's credit until it is charged.", reserved=None),
        assign("BO-01", "Made when the message arrived.", created_at=MOMENT, version=1),
    ),
)

_price = priced(
    Sold("item", item.c.account_id, item.c.product_id, item.c.cycle, item.c.total, item.c.start_on, item.c.sold_at)
)

ORDER_ITEM = Copy(
    name="order_item",
    into=order_item,
    source=item,
    account=item.c.account_id,
    id=item_of(item.c.id, item.c.product_id),
    joins=_price.joins,
    rules=(
        carry("BO-03", "One event below makes one order.", "order_id"),
        carry(
            "BO-02",
            "What was sold, with its sign: what went up or down.",
            "product_id cycle quantity subscription_id asset_id",
        ),
        carry("BO-08", "The day from which it counts.", "start_on"),
        fill(
            "BO-12",
            "What the reseller pays on that day; nothing of his own selling price travels.",
            unit_price=_price.unit_price,
            discount_percent=0,
        ),
        fill(
            "BO-09",
            "A promotion of the distributor's that is given on that day.",
            promotion_id=sa.case((item.c.quantity > 0, _price.promotion_id)),
        ),
        fill("BIL-05", "Taxes come with the invoice.", tax_percent=0),
        fill("SUB-01", "Trials stay below.", trial=False),
        blank("BO-03", "Nothing delivers it here.", "delivered_by_id"),
        assign(
            "BO-03",
            "Its place in the order.",
            position=sa.func.row_number().over(
                partition_by=item.c.event_id, order_by=(item.c.number, item.c.id, item.c.quantity, item.c.product_id)
            )
            - 1,
        ),
        assign("BO-03", "Made when the message arrived.", version=1),
    ),
)
