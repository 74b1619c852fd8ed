"""Activate Back Ordering (DN-45, DN-46): a tenant reseller goes live; what was copied to him becomes his, at once."""

from tenantry.rules.activate_back_ordering.kind import ACTIVATE_BACK_ORDERING

__all__ = ["ACTIVATE_BACK_ORDERING"]
