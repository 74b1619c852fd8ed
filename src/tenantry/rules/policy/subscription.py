"""What may be done with a subscription (SUB-01 to SUB-04, UP-30 to UP-33, DN-40)."""

from dataclasses import dataclass, field

from tenantry.kernel.problems import Verdict
from tenantry.rules.mirror_up import SUBSCRIPTION
from tenantry.rules.policy.account import handed_on, transferred
from tenantry.rules.policy.base import Act, Policy, lock_list, no, yes
from tenantry.schema.sales import LASTING, PAYING

by_reseller = no(
    "UP-33",
    "The reseller changes this subscription, in his own tenant; it follows here by itself.",
    "Ask the reseller to do it.",
)
add_ons_below = no(
    "UP-33",
    "The reseller buys and cancels its add-ons, in his own tenant; they follow here.",
    "Ask the reseller to do it.",
)
renewed_below = no(
    "UP-30",
    "Whether it renews is the reseller's to say, in his own tenant; it follows here by itself.",
    "Ask the reseller to do it.",
)
kept_fresh = no(
    "DN-40",
    "Until you are live, the distributor's subscription counts; this copy of it follows.",
    "Wait until you are live, or change it in the distributor's shop.",
)
gone = no("TEN-26", "This subscription was deleted; it is kept for its documents.", "Order a new one.")
not_sold_to = no(
    "TEN-26",
    "Its account is not active, so nothing is sold to it; reactivate the account first.",
    "Reactivate the account.",
)

USED = ("trial", "active", "pending_cancellation")

not_in_use = no(
    "SUB-03",
    "It changes between its first day and its last: one that starts later can be cancelled, a suspended one resumed, "
    "for one that has ended a new one is ordered.",
    "Resume it, or order a new one.",
)
not_paid = no(
    "SUB-02",
    "Only a paid subscription in use goes up or down: convert a trial, resume a suspended one.",
    "Convert the trial or resume it first; for one that has ended order a new one.",
)


@dataclass(frozen=True, kw_only=True)
class SubscriptionAct(Act):
    """A verb on a subscription, with its verdict for every standing; `received` is one of a received account."""

    own: Verdict
    mirrored: Verdict = field(default_factory=lambda: by_reseller)
    received: Verdict = field(default_factory=lambda: kept_fresh)
    moved_out: Verdict = handed_on
    transferred_out: Verdict = transferred
    archived: Verdict = gone


class Subscription(Policy):
    """What may be done with a subscription."""

    live_reads_received_as_own = True

    edit = SubscriptionAct(label="Edit", own=yes, mirrored=yes)
    change_quantity = SubscriptionAct(
        label="Change Quantity",
        own=yes,
        statuses=USED,
        otherwise=not_in_use,
        needs="account_active",
        without=not_sold_to,
    )
    buy_add_on = SubscriptionAct(
        label="Buy Add-On",
        own=yes,
        mirrored=add_ons_below,
        statuses=USED,
        otherwise=not_in_use,
        needs="account_active",
        without=not_sold_to,
    )
    change_add_on = SubscriptionAct(
        label="Change Add-On",
        own=yes,
        mirrored=add_ons_below,
        statuses=USED,
        otherwise=not_in_use,
        needs="account_active",
        without=not_sold_to,
    )
    remove_add_on = SubscriptionAct(
        label="Cancel Add-On", own=yes, mirrored=add_ons_below, statuses=USED, otherwise=not_in_use, danger=True
    )
    upgrade = SubscriptionAct(
        label="Upgrade", own=yes, statuses=PAYING, otherwise=not_paid, needs="account_active", without=not_sold_to
    )
    downgrade = SubscriptionAct(
        label="Downgrade", own=yes, statuses=PAYING, otherwise=not_paid, needs="account_active", without=not_sold_to
    )
    convert = SubscriptionAct(
        label="Convert to Paid",
        own=yes,
        statuses=("trial",),
        otherwise=no(
            "SUB-01",
            "Only a trial that runs is converted to paid; order a new subscription for another.",
            "Order a new subscription.",
        ),
        needs="account_active",
        without=not_sold_to,
    )
    suspend = SubscriptionAct(
        label="Suspend",
        own=yes,
        statuses=("active",),
        otherwise=no(
            "SUB-02",
            "Only an active subscription can be suspended.",
            "Cancel it instead, or wait until it has started.",
        ),
        danger=True,
    )
    resume = SubscriptionAct(
        label="Resume",
        own=yes,
        statuses=("suspended",),
        otherwise=no(
            "SUB-02",
            "Only a suspended subscription can be resumed.",
            "Nothing is to be done while it is active; for one that has ended order a new one.",
        ),
        needs="account_active",
        without=not_sold_to,
    )
    cancel = SubscriptionAct(
        label="Cancel Subscription",
        own=yes,
        statuses=LASTING,
        otherwise=no("SUB-02", "It has ended already.", "Order a new subscription, should it be needed again."),
        danger=True,
    )
    keep = SubscriptionAct(
        label="Withdraw Cancellation",
        own=yes,
        statuses=("pending_cancellation",),
        otherwise=no("SUB-02", "No cancellation is pending.", "Nothing is to be done: it goes on, or has ended."),
    )
    set_renewal = SubscriptionAct(
        label="Set Renewal",
        own=yes,
        mirrored=renewed_below,
        statuses=("active",),
        otherwise=no(
            "SUB-02",
            "Only an active, paid subscription renews; withdraw a pending cancellation first.",
            "Withdraw the cancellation, convert the trial or resume it first.",
        ),
    )
    update_prices = SubscriptionAct(
        label="Update Prices",
        own=yes,
        mirrored=yes,
        statuses=LASTING,
        otherwise=no(
            "SUB-04", "It has ended, so its prices stay as they were.", "Order a new subscription at today's price."
        ),
        needs="price_open",
        without=no("SUB-04", "Its price is frozen; lift the price freeze first.", "Lift the price freeze."),
    )
    freeze_prices = SubscriptionAct(
        label="Price Freeze",
        own=yes,
        mirrored=yes,
        statuses=LASTING,
        otherwise=no(
            "SUB-04", "It has ended, so its prices stay as they were.", "Order a new subscription at today's price."
        ),
    )
    withdraw_change = SubscriptionAct(
        label="Withdraw Change",
        own=yes,
        statuses=LASTING,
        otherwise=no(
            "SUB-03",
            "It has ended, and with it what was planned.",
            "Order a new subscription, should it be needed again.",
        ),
    )
    retry = SubscriptionAct(
        label="Retry Provisioning",
        own=yes,
        needs="provisioning_failed",
        without=no(
            "PRV-20",
            "No provisioning request of it has failed.",
            "Look at its provisioning: what waits is still to be done.",
        ),
    )
    check_credit = SubscriptionAct(
        label="Check Credit Again",
        own=yes,
        needs="waits_for_credit",
        without=no(
            "UP-47", "Nothing of it waits for credit at the seller above.", "Nothing has to be done: it is provisioned."
        ),
    )
    add_activity = SubscriptionAct(label="Add Activity", own=yes, mirrored=yes, received=yes)

    locked = {
        "mirrored": {
            **lock_list(SUBSCRIPTION.locked),
            "bill_to_id": no(
                "UP-30", "The tenant reseller pays for it.", "Look at the account of the reseller, who pays."
            ),
        }
    }
