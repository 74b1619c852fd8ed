"""Copy an order: the same wish again, as a draft of today at today's prices (ORD-02)."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.crm.records import governed
from tenantry.database import Row, Work
from tenantry.rules.policy import Order
from tenantry.sales.actions.create import NewOrder, create_order
from tenantry.sales.actions.items import NewItem
from tenantry.sales.defaults import today
from tenantry.sales.items import items_of
from tenantry.sales.records import held_order
from tenantry.sales.sold_with import still_given
from tenantry.schema.catalog import price_list
from tenantry.schema.crm import contact
from tenantry.tenancy import permissions, queries

CARRIED = (
    "name payment_method_id order_type_id sales_rep_id campaign responsible_user_id permission_rule_id custom_fields"
)


def copy_order(work: Work, id: UUID, *, version: int | None = None) -> UUID:
    """Make a draft of today with the same items; each costs what it costs today, with its discount.

    A price list that is not valid any more and a promotion that is not given any more are left out.
    """
    permissions.require(work, "orders:edit")
    held = held_order(work, id, version)
    row = held.order
    Order.require("copy", governed(row), live=queries.is_live(work))
    on = today(work)
    items = [_item(work, {**row, "ordered_on": on}, one) for one in items_of(work, row)]
    new = NewOrder(
        account_id=row["account_id"],
        ordered_on=on,
        price_list_id=usable_list(work, row["price_list_id"], on),
        contact_id=_its_contact(work, row),
        items=tuple(items),
        **{name: row[name] for name in CARRIED.split()},
    )
    made = create_order(work, new)
    history.write(work, "order", made, f"Order was copied from order {row['number']}")
    history.write(work, "order", id, "Order was copied")
    return made


def _item(work: Work, order: dict[str, Any], item: Row) -> NewItem:
    return NewItem(
        product_id=item["product_id"],
        cycle=item["cycle"],
        quantity=item["quantity"],
        discount_percent=item["discount_percent"],
        promotion_id=still_given(work, order, item) if item["promotion_id"] else None,
        trial=item["trial"],
    )


def usable_list(work: Work, id: UUID | None, on: date) -> UUID | None:
    """Give the price list if it is in use and valid on the day."""
    its = price_list.c
    valid = (sa.func.coalesce(its.valid_from, on) <= on, sa.func.coalesce(its.valid_until, on) >= on)
    query = sa.select(its.id).where(its.tenant_id == work.tenant_id, its.id == id, its.active, *valid)
    return work.connection.scalar(query)


def _its_contact(work: Work, row: Row) -> UUID | None:
    """Give the contact, unless it has left the account since."""
    its = (contact.c.tenant_id == work.tenant_id, contact.c.account_id == row["account_id"])
    return work.connection.scalar(sa.select(contact.c.id).where(*its, contact.c.id == row["contact_id"]))
