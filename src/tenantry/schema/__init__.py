"""Every table of Tenantry, a file per room's nouns; no behaviour."""

from tenantry.schema import catalog, channel, crm, intake, sales, tenant
from tenantry.schema.base import metadata, tables

__all__ = ["catalog", "channel", "crm", "intake", "metadata", "sales", "tables", "tenant"]
