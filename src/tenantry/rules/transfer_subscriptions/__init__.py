"""Transfer Subscriptions (DN-40 to DN-44): what copied accounts have is copied down after them."""

from tenantry.rules.transfer_subscriptions.kind import TRANSFER_SUBSCRIPTIONS

__all__ = ["TRANSFER_SUBSCRIPTIONS"]
