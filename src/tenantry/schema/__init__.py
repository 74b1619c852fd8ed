"""Every table of Tenantry, a file per room's nouns; no behaviour."""

from tenantry.schema import catalog, channel, crm, intake, message, sales, tenant
from tenantry.schema.base import metadata, tables

__all__ = ["catalog", "channel", "crm", "intake", "message", "metadata", "sales", "tables", "tenant"]
