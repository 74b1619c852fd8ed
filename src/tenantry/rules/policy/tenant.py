"""What a tenant that is suspended or closed may do: the words that every entrance says (TEN-07)."""

from tenantry.rules.policy.base import no

looks_only = no(
    "TEN-07", "This organisation is suspended: you may look, but not sell or change anything.", "Ask the distributor."
)
shop_rests = no(
    "TEN-07",
    "This organisation is suspended: its shop can be looked at, and sells nothing.",
    "Ask the organisation when it sells again.",
)
reseller_rests = no(
    "TEN-07",
    "The reseller of this account is suspended: he may look, and buys nothing.",
    "Ask the distributor to resume the reseller.",
)
