"""Mirror up (UP): what a tenant reseller manages, as the distributor has it."""

from tenantry.rules.mirror_up.copies import ACCOUNT, BILLING_ADDRESS, SYNC_OPTION

__all__ = ["ACCOUNT", "BILLING_ADDRESS", "SYNC_OPTION"]
