"""What the spec lets be done with each record: act x standing x status, written a second time for the tests.

A verdict for each standing: `yes`, or the rule that refuses.
"""

from tenantry.rules.policy import (
    Account,
    Address,
    Asset,
    Contact,
    Offer,
    Opportunity,
    Order,
    Plan,
    Policy,
    Product,
    Subscription,
    SyncOption,
    TenantReseller,
)
from tenantry.schema import crm, sales, subscription as bought

ACCOUNT_STANDINGS = "own handed_down mirrored received moved_out transferred_out archived"
BOUGHT_STANDINGS = "own mirrored received moved_out transferred_out archived"
GONE = "TEN-26 TEN-26 TEN-26"
LIVING = "active suspended"
USED = "trial active pending_cancellation"
LASTING = "starting_later trial active suspended pending_cancellation"

# Record -> its standings, and per act: the verdicts, and the statuses in which it makes sense (none: all of them).
TABLE: dict[type[Policy], tuple[str, dict[str, tuple[str, str]]]] = {
    Account: (
        ACCOUNT_STANDINGS,
        {
            # UP-22, DN-30: edited, added to, related to, and invoiced, whoever manages it.
            "edit": (f"yes yes yes yes {GONE}", LIVING),
            "add_contact": (f"yes yes yes yes {GONE}", LIVING),
            "add_address": (f"yes yes yes yes {GONE}", LIVING),
            "add_activity": (f"yes yes yes yes {GONE}", LIVING),
            # BIL-02: what was charged is owed, also by one that has gone.
            "view_pending_invoices": ("yes yes yes yes yes yes yes", ""),
            "generate_invoices": ("yes yes yes yes yes yes yes", ""),
            "create_invoice": (f"yes yes yes yes {GONE}", ""),
            # UP-20: neither synchronized, deleted, suspended nor reactivated above;
            # UP-24: nor deleted before go-live below.
            "suspend": (f"yes UP-20 UP-20 yes {GONE}", "active"),
            "reactivate": (f"yes UP-20 UP-20 yes {GONE}", "suspended closed"),
            "close": (f"yes UP-20 UP-20 yes {GONE}", LIVING),
            "delete": (f"yes UP-20 UP-20 UP-24 {GONE}", f"{LIVING} closed"),
            "synchronize": (f"yes UP-20 UP-20 yes {GONE}", LIVING),
            # UP-20: nothing is sold to it above; DN-31: below no order and no subscription before go-live.
            "create_opportunity": (f"yes UP-20 UP-20 yes {GONE}", LIVING),
            "create_offer": (f"yes UP-20 UP-20 yes {GONE}", LIVING),
            "create_order": (f"yes UP-20 UP-20 DN-31 {GONE}", "active"),
            "create_subscription": (f"yes UP-20 UP-20 DN-31 {GONE}", "active"),
            # DN-30: buying in the distributor's storefront is an act of its own, until he is live.
            "buy": (f"DN-30 yes DN-30 DN-31 {GONE}", "active"),
            "create_tenant_reseller": (f"yes TEN-04 TEN-04 TEN-04 {GONE}", "active"),
            "transfer_down": (f"yes DN-34 DN-34 DN-34 {GONE}", LIVING),
        },
    ),
    Address: (
        "own mirrored",
        {"edit": ("yes UP-03", ""), "delete": ("yes UP-03", ""), "make_billing": ("yes UP-03", "")},
    ),
    Contact: (
        "own moved_out transferred_out",
        {
            "edit": ("yes TEN-26 TEN-26", ""),
            "delete": ("yes TEN-26 TEN-26", ""),
            "add_activity": ("yes TEN-26 TEN-26", ""),
            # SF-01: who may sign in to the shop.
            "invite_to_shop": ("yes TEN-26 TEN-26", ""),
        },
    ),
    SyncOption: (
        ACCOUNT_STANDINGS,
        {"edit": (f"yes UP-20 UP-20 yes {GONE}", ""), "delete": (f"yes UP-20 UP-20 yes {GONE}", "")},
    ),
    Order: (
        "own marked back_order frozen",
        {
            # BO-21: edited, some fields of it.
            "edit": ("yes yes yes BO-20", ""),
            # BO-20: neither carried out nor changed, nor its items.
            "add_item": ("yes BO-20 BO-20 BO-20", "draft"),
            "update_item": ("yes BO-20 BO-20 BO-20", "draft"),
            "delete_item": ("yes BO-20 BO-20 BO-20", "draft"),
            "quick_add": ("yes BO-20 BO-20 BO-20", "draft"),
            "change_quantity": ("yes BO-20 BO-20 BO-20", "draft"),
            "submit": ("yes BO-20 BO-20 BO-20", "draft"),
            "execute": ("yes BO-20 BO-20 BO-20", "submitted"),
            # ORD-05: over the credit limit somebody decides.
            "approve": ("yes BO-20 BO-20 BO-20", "submitted"),
            "refuse": ("yes BO-20 BO-20 BO-20", "submitted"),
            # UP-47: what waits for the reseller's credit; the seller above decides, the reseller withdraws.
            "exceed_limit": ("UP-47 BO-20 yes BO-20", ""),
            "check_credit": ("yes BO-20 yes BO-20", ""),
            "withdraw": ("yes BO-20 BO-20 BO-20", "executed"),
            "cancel": ("yes BO-20 BO-20 BO-20", "draft submitted"),
            "delete": ("yes BO-20 BO-20 BO-20", "draft cancelled"),
            "copy": ("yes BO-20 BO-20 BO-20", ""),
            "deliver": ("yes BO-20 BO-20 BO-20", "submitted"),
            # BO-22: looked at, added to.
            "print_out": ("yes yes yes yes", ""),
            "add_activity": ("yes yes yes BO-20", ""),
            "relate_email": ("yes yes yes BO-20", ""),
            "create_case": ("yes yes yes BO-20", ""),
        },
    ),
    Opportunity: (
        ACCOUNT_STANDINGS,
        {
            # UP-20: above nothing is sold to its account; what is there already may be cleared away.
            "edit": (f"yes UP-20 UP-20 yes {GONE}", "open"),
            "create_offer": (f"yes UP-20 UP-20 yes {GONE}", "open"),
            "win": (f"yes UP-20 UP-20 yes {GONE}", "open"),
            "lose": (f"yes UP-20 UP-20 yes {GONE}", "open"),
            "reopen": (f"yes UP-20 UP-20 yes {GONE}", "won lost"),
            "delete": (f"yes yes yes yes {GONE}", ""),
        },
    ),
    Offer: (
        ACCOUNT_STANDINGS,
        {
            "edit": (f"yes UP-20 UP-20 yes {GONE}", "in_progress"),
            "add_item": (f"yes UP-20 UP-20 yes {GONE}", "in_progress"),
            "update_item": (f"yes UP-20 UP-20 yes {GONE}", "in_progress"),
            "delete_item": (f"yes UP-20 UP-20 yes {GONE}", "in_progress"),
            # DN-31: below it becomes no order before go-live.
            "accept": (f"yes UP-20 UP-20 DN-31 {GONE}", "in_progress"),
            "lose": (f"yes UP-20 UP-20 yes {GONE}", "in_progress"),
            "reopen": (f"yes UP-20 UP-20 yes {GONE}", "lost"),
            "delete": (f"yes yes yes yes {GONE}", "in_progress lost"),
            "print_out": ("yes yes yes yes yes yes yes", ""),
        },
    ),
    Product: (
        "own inherited withdrawn",
        {
            # CAT-20: what came from above is the distributor's, the price asked is one's own.
            "edit": ("yes yes CAT-20", ""),
            "set_price": ("yes yes CAT-20", ""),
            "relate_add_on": ("yes CAT-20 CAT-20", ""),
            "set_characteristic": ("yes CAT-20 CAT-20", ""),
            "add_path": ("yes CAT-20 CAT-20", ""),
            "add_plan": ("yes yes CAT-20", ""),
            "delete": ("yes CAT-20 CAT-20", ""),
        },
    ),
    Plan: (
        "own inherited withdrawn",
        # CAT-21: whether it is there is the distributor's; CAT-20: its name, a text, is the reseller's.
        {"edit": ("yes yes CAT-21", ""), "delete": ("yes CAT-21 yes", "")},
    ),
    Subscription: (
        BOUGHT_STANDINGS,
        {
            # UP-33: name, responsible user, permission rule, own fields and what it costs above are the distributor's.
            "edit": (f"yes yes DN-40 {GONE}", ""),
            "update_prices": (f"yes yes DN-40 {GONE}", LASTING),
            "freeze_prices": (f"yes yes DN-40 {GONE}", LASTING),
            "add_activity": (f"yes yes yes {GONE}", ""),
            # UP-33, UP-30: all else is the reseller's; DN-40: a copy is only read before go-live.
            "change_quantity": (f"yes UP-33 DN-40 {GONE}", USED),
            "buy_add_on": (f"yes UP-33 DN-40 {GONE}", USED),
            "change_add_on": (f"yes UP-33 DN-40 {GONE}", USED),
            "remove_add_on": (f"yes UP-33 DN-40 {GONE}", USED),
            "upgrade": (f"yes UP-33 DN-40 {GONE}", "active pending_cancellation"),
            "downgrade": (f"yes UP-33 DN-40 {GONE}", "active pending_cancellation"),
            "convert": (f"yes UP-33 DN-40 {GONE}", "trial"),
            "suspend": (f"yes UP-33 DN-40 {GONE}", "active"),
            "resume": (f"yes UP-33 DN-40 {GONE}", "suspended"),
            "cancel": (f"yes UP-33 DN-40 {GONE}", LASTING),
            "keep": (f"yes UP-33 DN-40 {GONE}", "pending_cancellation"),
            "set_renewal": (f"yes UP-30 DN-40 {GONE}", "active"),
            "withdraw_change": (f"yes UP-33 DN-40 {GONE}", LASTING),
            "retry": (f"yes UP-33 DN-40 {GONE}", ""),
            "check_credit": (f"yes UP-33 DN-40 {GONE}", ""),
        },
    ),
    Asset: (
        BOUGHT_STANDINGS,
        {"edit": (f"yes yes DN-40 {GONE}", ""), "take_back": (f"yes UP-34 DN-40 {GONE}", "active")},
    ),
    TenantReseller: (
        "creating set_up accounts_transferred live suspended closed",
        {
            "edit_settings": ("TEN-06 yes yes yes TEN-07 TEN-07", ""),
            "transfer_accounts": ("TEN-06 yes yes TEN-06 TEN-07 TEN-07", ""),
            "transfer_subscriptions": ("TEN-06 TEN-06 yes TEN-06 TEN-07 TEN-07", ""),
            "activate_back_ordering": ("TEN-06 yes yes TEN-06 TEN-07 TEN-07", ""),
            "update_tenant": ("TEN-06 yes yes yes TEN-07 TEN-07", ""),
            "reconcile": ("TEN-06 TEN-06 yes yes yes TEN-07", ""),
            "suspend": ("TEN-06 yes yes yes TEN-07 TEN-07", ""),
            "resume": ("TEN-06 TEN-07 TEN-07 TEN-07 yes TEN-07", ""),
            "close": ("TEN-06 yes yes yes yes TEN-07", ""),
            "retry": ("yes TEN-04 TEN-04 TEN-04 TEN-07 TEN-07", ""),
        },
    ),
}
STATUSES = {
    Account: crm.account.c.status.info["values"],
    Order: sales.order.c.status.info["values"],
    Offer: sales.offer.c.status.info["values"],
    Opportunity: crm.opportunity.c.status.info["values"],
    Subscription: sales.subscription.c.status.info["values"],
    Asset: bought.asset.c.status.info["values"],
}
