"""Reads: frozen views of accounts, addresses, contacts and activities, in a constant number of statements each.

What the one who asks may not see by its permission rule is not found (TEN-21).
"""

from tenantry.crm.queries.read import account, activities_about, activity, address, addresses, contact
from tenantry.crm.queries.views import AccountView, ActivityView, AddressView, ContactView

__all__ = [
    "AccountView",
    "ActivityView",
    "AddressView",
    "ContactView",
    "account",
    "activities_about",
    "activity",
    "address",
    "addresses",
    "contact",
]
