"""Transfer Accounts (DN): a distributor's customers are copied down into a new tenant reseller's tenant."""

from tenantry.rules.transfer_accounts.kind import TRANSFER_ACCOUNTS

__all__ = ["TRANSFER_ACCOUNTS"]
