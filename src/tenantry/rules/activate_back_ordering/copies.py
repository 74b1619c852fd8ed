"""What going live writes beside the marks (TEN-24)."""

from tenantry.rules.lines import line_above
from tenantry.rules.transfer_accounts.sources import giver, reseller

LIVE_HISTORY = line_above(
    "live_history",
    giver,
    "One line above says that the reseller sells to it in his own tenant from then on.",
    entity="account",
    sentence=reseller.c.name.concat(" Tenant Reseller went live and sells to this account in his own tenant"),
    key="live",
)
