"""Every table of Tenantry, a file per room's nouns; no behaviour."""

from tenantry.schema import catalog, channel, charging, crm, intake, message, sales, shop, subscription, tenant
from tenantry.schema.base import metadata, tables

__all__ = [
    "catalog",
    "channel",
    "charging",
    "crm",
    "intake",
    "message",
    "metadata",
    "sales",
    "shop",
    "subscription",
    "tables",
    "tenant",
]
