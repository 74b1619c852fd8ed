"""What may be done with an account (TEN-26, DN-29 to DN-31, UP-20 to UP-22)."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules import mirror_up
from tenantry.rules.policy.base import Act, Policy, lock_list, no, yes

by_reseller = no(
    "UP-20",
    "Only the reseller suspends, reactivates or deletes this account, in his own tenant; it follows here by itself.",
    "Ask the reseller to do it.",
)
no_sync = no(
    "UP-20",
    "The reseller synchronizes this account with provisioning systems in his own tenant.",
    "Ask the reseller to do it.",
)
not_sold_here = no(
    "UP-20",
    "The reseller sells to this account in his own tenant; the distributor sells nothing to it.",
    "Let the reseller sell it, or let him buy for it in the shop.",
)
sold_by_him = no(not_sold_here.rule, not_sold_here.why, "Let the reseller sell it, in his own tenant.")
not_active = no("TEN-26", "Only an active account is sold to.", "Reactivate the account first.")
until_live = no(
    "DN-31",
    "Until you are live, buy for this account in the distributor's storefront.",
    "Open the distributor's shop, and choose the account there.",
)
sold_below = no(
    "DN-30",
    "A reseller who is live sells to this account in his own tenant.",
    "The order is made there, by the reseller's users.",
)
not_before_live = no(
    "UP-24",
    "A received account cannot be deleted before you are live; the distributor can take it back (DN-34).",
    "Ask the distributor to undo the transfer.",
)
back_only = no(
    "DN-34",
    "It is in the reseller's hands.",
    "Open the handover that transferred it, and undo it.",
)
handed_on = no(
    "TEN-26", "This account has moved out; it is kept to be read.", "Make a new account, should the customer come back."
)
transferred = no(
    "TEN-26",
    "This account was transferred to another seller; it is kept to be read.",
    "Make a new account, should the customer come back.",
)
deleted = no(
    "TEN-26",
    "This account was deleted; it is kept for its documents.",
    "Make a new account, should the customer come back.",
)
not_a_reseller = no(
    "TEN-04",
    "Only an account of one's own can become a tenant reseller.",
    "Choose an account that you look after yourself.",
)
by_shop = no(
    "DN-30",
    "Its reseller buys for it in the storefront, not in the back office.",
    "Create an order for it instead.",
)
no_ordering = no(
    "ORD-01",
    "Ordering is not enabled for this account.",
    "Edit the account and enable ordering.",
)

READABLE = ("active", "suspended", "closed")
OPEN = ("active", "suspended")
not_open = no("TEN-26", "The account is closed, so it is only read.", "Reactivate the account.")


@dataclass(frozen=True, kw_only=True)
class AccountAct(Act):
    """A verb on an account, with its verdict for every standing."""

    own: Verdict
    handed_down: Verdict
    mirrored: Verdict
    received: Verdict
    moved_out: Verdict = handed_on
    transferred_out: Verdict = transferred
    archived: Verdict = deleted


MANAGED = {
    **lock_list(mirror_up.ACCOUNT.locked),
    "bill_to_id": no("UP-05", "The Bill To of an account that its reseller manages changes by a handover only."),
    "parent_id": no("UP-05", "Whose customer it is changes by a handover only."),
    "currency": no("UP-10", "The currency of an account that its reseller manages changes by a handover only."),
}


class Account(Policy):
    """What may be done with an account."""

    live_reads_received_as_own = True

    edit = AccountAct(
        label="Edit", own=yes, handed_down=yes, mirrored=yes, received=yes, statuses=OPEN, otherwise=not_open
    )
    add_contact = AccountAct(
        label="Add Contact", own=yes, handed_down=yes, mirrored=yes, received=yes, statuses=OPEN, otherwise=not_open
    )
    add_address = AccountAct(
        label="Add Address", own=yes, handed_down=yes, mirrored=yes, received=yes, statuses=OPEN, otherwise=not_open
    )
    add_activity = AccountAct(
        label="Add Activity", own=yes, handed_down=yes, mirrored=yes, received=yes, statuses=OPEN, otherwise=not_open
    )
    suspend = AccountAct(
        label="Suspend",
        own=yes,
        handed_down=by_reseller,
        mirrored=by_reseller,
        received=yes,
        statuses=("active",),
        otherwise=no(
            "TEN-26", "Only an active account can be suspended.", "Reactivate it first, or leave it as it is."
        ),
        danger=True,
    )
    reactivate = AccountAct(
        label="Reactivate",
        own=yes,
        handed_down=by_reseller,
        mirrored=by_reseller,
        received=yes,
        statuses=("suspended", "closed"),
        otherwise=no(
            "TEN-26",
            "Only a suspended or closed account can be reactivated.",
            "Nothing is to be done: it is active, or has gone.",
        ),
    )
    close = AccountAct(
        label="Close",
        own=yes,
        handed_down=by_reseller,
        mirrored=by_reseller,
        received=yes,
        statuses=OPEN,
        otherwise=no("TEN-26", "It is closed already, or has ended.", "Nothing is to be done."),
        danger=True,
    )
    delete = AccountAct(
        label="Delete",
        own=yes,
        handed_down=by_reseller,
        mirrored=by_reseller,
        received=not_before_live,
        statuses=READABLE,
        danger=True,
    )
    synchronize = AccountAct(
        label="Synchronize", own=yes, handed_down=no_sync, mirrored=no_sync, received=yes, statuses=OPEN, later="6"
    )
    create_opportunity = AccountAct(
        label="Create Opportunity",
        own=yes,
        handed_down=not_sold_here,
        mirrored=sold_by_him,
        received=yes,
        statuses=OPEN,
    )
    create_offer = AccountAct(
        label="Create Offer",
        own=yes,
        handed_down=not_sold_here,
        mirrored=sold_by_him,
        received=yes,
        statuses=OPEN,
    )
    create_order = AccountAct(
        label="Create Order",
        own=yes,
        handed_down=not_sold_here,
        mirrored=sold_by_him,
        received=until_live,
        statuses=("active",),
        otherwise=not_active,
        needs="ordering_enabled",
        without=no_ordering,
    )
    create_subscription = AccountAct(
        label="Create Subscription",
        own=yes,
        handed_down=not_sold_here,
        mirrored=sold_by_him,
        received=until_live,
        statuses=("active",),
        otherwise=not_active,
        needs="ordering_enabled",
        without=no_ordering,
    )
    buy = AccountAct(
        label="Buy in the Storefront",
        own=by_shop,
        handed_down=yes,
        mirrored=sold_below,
        received=until_live,
        statuses=("active",),
        otherwise=not_active,
    )
    # What was charged before an account went is owed all the same: its last invoice can be made.
    view_pending_invoices = AccountAct(
        label="Pending Invoices",
        own=yes,
        handed_down=yes,
        mirrored=yes,
        received=yes,
        moved_out=yes,
        transferred_out=yes,
        archived=yes,
    )
    generate_invoices = AccountAct(
        label="Generate Invoices",
        own=yes,
        handed_down=yes,
        mirrored=yes,
        received=yes,
        moved_out=yes,
        transferred_out=yes,
        archived=yes,
    )
    create_invoice = AccountAct(label="Create Invoice", own=yes, handed_down=yes, mirrored=yes, received=yes)
    create_tenant_reseller = AccountAct(
        label="Create Tenant Reseller",
        own=yes,
        handed_down=not_a_reseller,
        mirrored=not_a_reseller,
        received=not_a_reseller,
        statuses=("active",),
        otherwise=no("TEN-04", "Only an active account can become a tenant reseller.", "Reactivate the account first."),
    )
    transfer_down = AccountAct(
        label="Transfer Accounts", own=yes, handed_down=back_only, mirrored=back_only, received=back_only, statuses=OPEN
    )

    locked = {"handed_down": MANAGED, "mirrored": MANAGED}
