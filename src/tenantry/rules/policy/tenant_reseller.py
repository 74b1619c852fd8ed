"""What may be done with a tenant reseller (TEN-05, TEN-06); its standing is its state."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.base import Act, Policy, no, yes

being_made = no(
    "TEN-06", "The tenant reseller is still being created.", "Wait until it is there; its page says how far it is."
)
suspended = no("TEN-07", "The tenant reseller is suspended; resume it first.", "Resume it.")
suspended_already = no("TEN-07", "The tenant reseller is suspended already.", "Nothing is to be done.")
closed = no("TEN-07", "The tenant reseller is closed.", "Make another tenant reseller for the account's customers.")
is_live = no(
    "TEN-06",
    "The tenant reseller is live: his customers come up from below by themselves.",
    "Let him make the account in his own tenant.",
)
is_live_already = no("TEN-06", "Back ordering is active already.", "Nothing is to be done.")
not_suspended = no("TEN-07", "The tenant reseller is not suspended.", "Nothing is to be done.")
nothing_copied = no("TEN-06", "No accounts have been transferred yet.", "Transfer accounts first.")


@dataclass(frozen=True, kw_only=True)
class TenantResellerAct(Act):
    """A verb on a tenant reseller, with its verdict for every state."""

    creating: Verdict = being_made
    set_up: Verdict
    accounts_transferred: Verdict
    live: Verdict
    suspended: Verdict = suspended
    closed: Verdict = closed


class TenantReseller(Policy):
    """What may be done with a tenant reseller."""

    edit_settings = TenantResellerAct(label="Edit Settings", set_up=yes, accounts_transferred=yes, live=yes)
    transfer_accounts = TenantResellerAct(label="Transfer Accounts", set_up=yes, accounts_transferred=yes, live=is_live)
    transfer_subscriptions = TenantResellerAct(
        label="Transfer Subscriptions", set_up=nothing_copied, accounts_transferred=yes, live=is_live
    )
    activate_back_ordering = TenantResellerAct(
        label="Activate Back Ordering", set_up=yes, accounts_transferred=yes, live=is_live_already
    )
    update_tenant = TenantResellerAct(label="Update Tenant", set_up=yes, accounts_transferred=yes, live=yes)
    reconcile = TenantResellerAct(
        label="Reconcile", set_up=nothing_copied, accounts_transferred=yes, live=yes, suspended=yes
    )
    suspend = TenantResellerAct(
        label="Suspend", set_up=yes, accounts_transferred=yes, live=yes, suspended=suspended_already, danger=True
    )
    resume = TenantResellerAct(
        label="Resume",
        set_up=not_suspended,
        accounts_transferred=not_suspended,
        live=not_suspended,
        suspended=yes,
    )
    close = TenantResellerAct(label="Close", set_up=yes, accounts_transferred=yes, live=yes, suspended=yes, danger=True)
    retry = TenantResellerAct(
        label="Retry Creation",
        creating=yes,
        set_up=no("TEN-04", "It was created completely.", "Nothing is to be done."),
        accounts_transferred=no("TEN-04", "It was created completely.", "Nothing is to be done."),
        live=no("TEN-04", "It was created completely.", "Nothing is to be done."),
    )
