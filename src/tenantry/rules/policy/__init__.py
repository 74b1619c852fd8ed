"""The one table that decides what may be done: act x standing -> allowed, or refused with rule and reason.

Screens, API, jobs and set-based statements ask it; nobody else decides who manages a record.
"""

from tenantry.rules.policy.account import Account
from tenantry.rules.policy.asset import Asset
from tenantry.rules.policy.base import Act, Policy, no, yes
from tenantry.rules.policy.children import Address, Contact, SyncOption
from tenantry.rules.policy.invoice import Invoice
from tenantry.rules.policy.offer import Offer, Opportunity
from tenantry.rules.policy.order import Order
from tenantry.rules.policy.plan import Plan
from tenantry.rules.policy.product import Product
from tenantry.rules.policy.subscription import Subscription
from tenantry.rules.policy.tenant_reseller import TenantReseller

__all__ = [
    "Account",
    "Act",
    "Address",
    "Asset",
    "Contact",
    "Invoice",
    "Offer",
    "Opportunity",
    "Order",
    "Plan",
    "Policy",
    "Product",
    "Subscription",
    "SyncOption",
    "TenantReseller",
    "no",
    "yes",
]
