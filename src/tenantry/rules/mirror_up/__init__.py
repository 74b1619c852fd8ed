"""Mirror up (UP): what a tenant reseller manages, as the distributor has it."""

from tenantry.rules.mirror_up.copies import ACCOUNT, BILLING_ADDRESS

__all__ = ["ACCOUNT", "BILLING_ADDRESS"]
