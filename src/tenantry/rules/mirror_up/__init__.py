"""Mirror up (UP): what a tenant reseller manages, as the distributor has it."""

from tenantry.rules.mirror_up.copies import ACCOUNT, ADD_ON, ASSET, BILLING_ADDRESS, SUBSCRIPTION, SYNC_OPTION

__all__ = ["ACCOUNT", "ADD_ON", "ASSET", "BILLING_ADDRESS", "SUBSCRIPTION", "SYNC_OPTION"]
