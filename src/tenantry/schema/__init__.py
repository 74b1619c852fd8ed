"""Every table of Tenantry, a file per room's nouns; no behaviour."""

from tenantry.schema import (
    billing,
    catalog,
    channel,
    charging,
    crm,
    intake,
    message,
    reconcile,
    sales,
    shop,
    subscription,
    tenant,
    upstream_credit,
)
from tenantry.schema.base import metadata, tables

__all__ = [
    "billing",
    "catalog",
    "channel",
    "charging",
    "crm",
    "intake",
    "message",
    "metadata",
    "reconcile",
    "sales",
    "shop",
    "subscription",
    "tables",
    "tenant",
    "upstream_credit",
]
