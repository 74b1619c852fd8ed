"""All that is mirrored up, in the order in which it is made."""

from tenantry.rules.mirror_up.accounts import ACCOUNT, BILLING_ADDRESS, SYNC_OPTION
from tenantry.rules.mirror_up.assets import ASSET
from tenantry.rules.mirror_up.sales import ADD_ON, SUBSCRIPTION

__all__ = ["ACCOUNT", "ADD_ON", "ASSET", "BILLING_ADDRESS", "SUBSCRIPTION", "SYNC_OPTION"]
