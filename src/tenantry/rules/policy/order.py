"""What may be done with an order (ORD-02, BO-20 to BO-22)."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.account import not_open
from tenantry.rules.policy.base import Act, Policy, no, yes

tracked = no(
    "BO-20",
    "This order tracks what the reseller sells; it is not carried out or changed here.",
    "Ask the reseller to change what he sold; the next order follows by itself.",
)
items_tracked = no(
    "BO-20",
    "The items of this order track what the reseller sells; they are not changed here.",
    "Ask the reseller to change what he sold; the next order follows by itself.",
)
seller_gone = no(
    "BO-20",
    "The seller of this order has moved out; it is kept to be read.",
    "Make a new order, for an account that you sell to.",
)

EDITABLE = (
    "name order_type_id payment_method_id sales_rep_id contact_id campaign responsible_user_id custom_fields".split()
)
FIELDS = "account_id bill_to_id price_list_id status order_status_id ordered_on currency permission_rule_id".split()
only_these = no(
    "BO-21",
    "Of a back-ordering record only name, type, payment method, sales rep, contact, campaign, responsible user and "
    "custom fields change.",
    "Leave the other fields as they are.",
)


@dataclass(frozen=True, kw_only=True)
class OrderAct(Act):
    """A verb on an order, with its verdict for every standing."""

    own: Verdict
    marked: Verdict
    back_order: Verdict
    frozen: Verdict = seller_gone


DRAFT = ("draft",)
OPEN = ("draft", "submitted")
was_executed = no(
    "ORD-02", "It is no longer a draft.", "Copy the order: the copy is a draft. Cancel this one if it is not wanted."
)
is_done = no(
    "ORD-02",
    "It was executed or cancelled already.",
    "Copy the order to make another one; what was sold is changed at its subscriptions.",
)

held_back = no(
    "ORD-05",
    "It goes over the credit limit and is not approved.",
    "Let somebody with the permission to approve orders approve it, or change its items, payment method or the limit.",
)
not_asked = no("ORD-05", "Only a submitted order is approved or refused.", "Submit the order first.")


no_credit_awaited = no("UP-47", "It does not wait for credit.", "Nothing has to be done: it is provisioned.")


class Order(Policy):
    """What may be done with an order."""

    edit = OrderAct(label="Edit", own=yes, marked=yes, back_order=yes, needs="account_open", without=not_open)
    add_item = OrderAct(
        label="Add Item",
        own=yes,
        marked=items_tracked,
        back_order=items_tracked,
        statuses=DRAFT,
        otherwise=was_executed,
        needs="account_open",
        without=not_open,
    )
    update_item = OrderAct(
        label="Update Item",
        own=yes,
        marked=items_tracked,
        back_order=items_tracked,
        statuses=DRAFT,
        otherwise=was_executed,
        needs="account_open",
        without=not_open,
    )
    delete_item = OrderAct(
        label="Delete Item",
        own=yes,
        marked=items_tracked,
        back_order=items_tracked,
        statuses=DRAFT,
        otherwise=was_executed,
        needs="account_open",
        without=not_open,
    )
    quick_add = OrderAct(
        label="Quick Add",
        own=yes,
        marked=items_tracked,
        back_order=items_tracked,
        statuses=DRAFT,
        otherwise=was_executed,
        needs="account_open",
        without=not_open,
    )
    change_quantity = OrderAct(
        label="Change Quantity",
        own=yes,
        marked=items_tracked,
        back_order=items_tracked,
        statuses=DRAFT,
        otherwise=was_executed,
        needs="account_open",
        without=not_open,
    )
    submit = OrderAct(
        label="Submit",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=DRAFT,
        otherwise=was_executed,
        needs="account_open",
        without=not_open,
    )
    execute = OrderAct(
        label="Execute Order",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=("submitted",),
        otherwise=no(
            "ORD-02",
            "Only a submitted order can be executed.",
            "Submit a draft first; copy an order that was executed or cancelled.",
        ),
        needs="released",
        without=held_back,
    )
    approve = OrderAct(
        label="Approve",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=("submitted",),
        otherwise=not_asked,
        needs="approvable",
        without=no(
            "ORD-05",
            "Nothing holds it back: it is within the credit limit, or was approved already.",
            "Execute the order.",
        ),
    )
    refuse = OrderAct(
        label="Refuse Approval",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=("submitted",),
        otherwise=not_asked,
        needs="refusable",
        without=no(
            "ORD-05",
            "There is nothing to refuse: it is within the credit limit, or was refused already.",
            "Cancel the order if it is not wanted.",
        ),
        danger=True,
    )
    exceed_limit = OrderAct(
        label="Exceed Limit Once",
        own=no(
            "UP-47",
            "This is for what a tenant reseller sold; an order of your own is approved before it runs.",
            "Approve it while it is submitted.",
        ),
        marked=tracked,
        back_order=yes,
        needs="approvable",
        without=no_credit_awaited,
    )
    check_credit = OrderAct(
        label="Check Credit Again",
        own=yes,
        marked=tracked,
        back_order=yes,
        needs="waits_for_credit",
        without=no_credit_awaited,
    )
    withdraw = OrderAct(
        label="Withdraw Order",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=("executed",),
        otherwise=no("UP-47", "Only an executed order that waits for credit is withdrawn.", "Cancel it instead."),
        needs="withdrawable",
        without=no("UP-47", "It does not wait for credit above.", "Cancel the subscriptions that it started."),
        danger=True,
    )
    cancel = OrderAct(
        label="Cancel Order", own=yes, marked=tracked, back_order=tracked, statuses=OPEN, otherwise=is_done, danger=True
    )
    delete = OrderAct(
        label="Delete",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=("draft", "cancelled"),
        otherwise=no(
            "ORD-02",
            "Only a draft or a cancelled order can be deleted.",
            "Cancel it first; an executed order stays, for its documents.",
        ),
        danger=True,
    )
    copy = OrderAct(label="Copy Order", own=yes, marked=tracked, back_order=tracked)
    deliver = OrderAct(
        label="Order Delivery",
        own=yes,
        marked=tracked,
        back_order=tracked,
        statuses=("submitted",),
        otherwise=no(
            "ORD-02",
            "Only what stands on a submitted order can be delivered.",
            "Submit a draft first; copy an order that was executed or cancelled.",
        ),
        needs="released",
        without=held_back,
    )
    print_out = OrderAct(label="Print-Out", own=yes, marked=yes, back_order=yes, frozen=yes)
    add_activity = OrderAct(label="Add Activity", own=yes, marked=yes, back_order=yes)
    relate_email = OrderAct(label="Relate E-mail", own=yes, marked=yes, back_order=yes)
    create_case = OrderAct(label="Create Case", own=yes, marked=yes, back_order=yes)

    locked = {standing: dict.fromkeys(FIELDS, only_these) for standing in ("marked", "back_order", "frozen")}
