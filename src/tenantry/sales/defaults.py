"""What an order is given when nobody chose: the tenant's order type, payment method, and day."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.catalog import payment_method
from tenantry.schema.sales import order_type
from tenantry.tenancy.place import time_zone


def today(work: Work) -> date:
    """Tell the day that it is where the tenant is."""
    return work.at.astimezone(time_zone(work)).date()


def default_order_type(work: Work) -> UUID | None:
    """Give the tenant's default order type (ORD-02)."""
    mine = (order_type.c.tenant_id == work.tenant_id, order_type.c.is_default)
    return work.connection.scalar(sa.select(order_type.c.id).where(*mine))


def default_payment_method(work: Work) -> UUID | None:
    """Give the tenant's default payment method (BIL-06)."""
    mine = (payment_method.c.tenant_id == work.tenant_id, payment_method.c.is_default)
    return work.connection.scalar(sa.select(payment_method.c.id).where(*mine))
