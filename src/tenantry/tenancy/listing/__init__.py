"""One engine for every list: search, filters, sort, cursor pages, chosen fields and export, the same everywhere
(API-04, UI-03).
"""

from tenantry.tenancy.listing.columns import OPERATORS, Column, Kind
from tenantry.tenancy.listing.listing import Listing
from tenantry.tenancy.listing.query import TENANT
from tenantry.tenancy.listing.request import ListRequest, Page, Total

__all__ = ["OPERATORS", "TENANT", "Column", "Kind", "ListRequest", "Listing", "Page", "Total"]
