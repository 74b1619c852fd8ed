"""Create a subscription for an account straight away: an order of one item, submitted and executed (ORD-03)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from tenantry.crm.records import governed, seen_account
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.policy import Account
from tenantry.sales.actions import NewItem, NewOrder, create_order, execute_order, submit_order
from tenantry.tenancy import permissions, queries

ONE_OFF = "one_off"


@dataclass(frozen=True)
class NewSubscription:
    """A subscription to be made; without a price it costs what the account's price list, else the product says."""

    account_id: UUID
    product_id: UUID
    cycle: str
    quantity: int = 1
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    promotion_id: UUID | None = None
    trial: bool = False
    start_on: date | None = None


def create_subscription(work: Work, new: NewSubscription) -> UUID:
    """Sell one thing to an account and start it; the order that it came from is kept, as for every sale."""
    permissions.require(work, "subscriptions:edit")
    buyer = seen_account(work, new.account_id)
    Account.require("create_subscription", governed(buyer), live=queries.is_live(work))
    if new.cycle == ONE_OFF:
        message = "What is paid once is no subscription."
        raise Invalid(Fault("cycle", message, "ORD-03", "Order it: it becomes an asset."))
    item = NewItem(
        new.product_id,
        new.cycle,
        new.quantity,
        new.unit_price,
        new.discount_percent,
        new.promotion_id,
        new.trial,
        new.start_on,
    )
    order_id = create_order(work, NewOrder(new.account_id, items=(item,)))
    submit_order(work, order_id)
    [made] = execute_order(work, order_id)
    return made
