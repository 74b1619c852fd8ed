"""Whether an account may be sold to, and an order carried out: what the policy says, and what the items add to it."""

from collections.abc import Sequence

from tenantry.crm.records import governed
from tenantry.database import Row
from tenantry.kernel.problems import Verdict
from tenantry.rules.policy import Account, Order, no

bought_above = no(
    "DN-31",
    "Until you are live, products that come from the distributor are bought in his storefront; your own you may sell.",
    "Buy it in the distributor's shop, or sell a product of your own.",
)


def may_sell(buyer: Row, *, live: bool) -> Verdict:
    """Say whether an order may be made for the account (UP-20, DN-31, ORD-01)."""
    return Account.verdict("create_order", governed(buyer), live=live)


def may_buy(buyer: Row, *, live: bool) -> Verdict:
    """Say whether it may be bought for the account in the storefront: one's own account is sold to as ever, one that a
    reseller manages by the act that is his (DN-30).
    """
    account = governed(buyer)
    act = "create_order" if Account.standing(account, live=live) == "own" else "buy"
    return Account.verdict(act, account, live=live)


def may_execute(order: Row, buyer: Row, *, brings_inherited: bool, live: bool) -> Verdict:
    """Say whether the order may be carried out: its standing, its buyer's, and where its products come from (DN-31)."""
    own = Order.verdict("execute", governed(order), live=live)
    if not own:
        return own
    if not live and brings_inherited:
        return bought_above
    return (may_buy if order["came_by"] == "shop" else may_sell)(buyer, live=live)


def brings_inherited(items: Sequence[Row]) -> bool:
    """Say whether one of an order's products comes from the seller above."""
    return any(one["product_standing"] != "own" for one in items)
