"""What the reseller sells appears at the distributor, as the seeds tell it (UP-01, UP-30 to UP-34)."""

from decimal import Decimal

from tests.channel.mirroring import channel
from tests.world import World


def test_up_01_up_30_bo_01_a_first_paid_sale_brings_customer_subscription_and_order(world: World) -> None:
    story = channel(world)
    product = story.product(price=10, cost=7, name="Mail")

    made = story.sold(product, 5)
    assert world.row(story.above, "account", story.customer.id) is None
    assert story.drain() > 0

    account = story.over("account", story.customer.id)
    assert (account.name, account.standing, account.managed_by) == ("Acme", "mirrored", story.below.id)
    mirror = story.over("subscription", made.id)
    assert (mirror.name, mirror.quantity, mirror.unit_price, mirror.status) == ("Acme - Mail", 5, Decimal(7), "active")
    assert (mirror.standing, mirror.managed_by) == ("mirrored", story.below.id)
    assert mirror.bill_to_id == story.below.account_id
    [order] = story.orders()
    assert (order.standing, order.status, order.bill_to_id) == ("back_order", "executed", story.below.account_id)
    [item] = story.items(order)
    assert (item.product_id, item.quantity, item.unit_price) == (product.id, 5, Decimal(7))
    assert mirror.order_id == order.id
    assert story.drain() == 0
