"""The demo: a distributor with some hundred accounts, a lite reseller, a tenant reseller with nothing copied yet,
one whose accounts were copied, and one who is live and sells.
"""

from tenantry.demo.load import load, load_unless_there
from tenantry.demo.people import PASSWORD, PEOPLE, SHOPPERS, Person, tenants

__all__ = ["PASSWORD", "PEOPLE", "SHOPPERS", "Person", "load", "load_unless_there", "tenants"]
