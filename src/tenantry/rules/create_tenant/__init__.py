"""Create Tenant Reseller (TEN-04): what of the distributor's catalogue a new tenant is founded with."""

from tenantry.rules.create_tenant.copies import CATALOGUE, PAYMENT_METHOD

__all__ = ["CATALOGUE", "PAYMENT_METHOD"]
