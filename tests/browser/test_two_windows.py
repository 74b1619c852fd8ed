"""Two windows, as the seeds say: what is sold in the reseller's arrives in the distributor's, and nobody reloads."""

import pytest
from tests.browser.conftest import Visitor, Visits
from tests.browser.office import fills, is_refused, picks
from tests.channel.mirroring import Channel, channel
from tests.world import World

# Seconds from the press of the button below to the row above, the drain between them, on a machine with other work.
SOON = 30


@pytest.fixture
def told(world: World) -> Channel:
    """Give a distributor, and a live reseller of his with a customer."""
    return channel(world)


def test_up_01_bo_01_what_is_sold_below_is_seen_above_without_reloading(
    told: Channel, visits: Visits, working: None
) -> None:
    mail = told.product(10, 7, name="Mail", trial_allowed=True)
    archive = told.add_on(mail, name="Archive")
    seller, accounts, subscriptions, orders = visits(told.below), *(visits(told.above) for _ in range(3))
    for each, path in ((accounts, "/accounts"), (subscriptions, "/subscriptions"), (orders, "/orders")):
        each.goes_to(path)
        stays(each)
        assert each.page.get_by_text("Acme").count() == 0
    # What somebody is typing is not taken from him.
    orders.page.get_by_placeholder("Search orders").press_sequentially("Ac")

    sells(seller, told, "Mail", 5)
    for each in (accounts, subscriptions, orders):
        each.page.locator(".rows").get_by_text("Acme").first.wait_for(timeout=SOON * 1000)
        assert was_not_reloaded(each), each.at
    assert orders.page.get_by_placeholder("Search orders").input_value() == "Ac"

    [order] = told.orders()
    [sold] = told.world.rows(told.below, "subscription", account_id=told.customer.id)
    reseller = told.over("account", order.bill_to_id)

    # The account, copied when the first paid subscription was created.
    accounts.goes_to(f"/accounts/{told.customer.id}")
    accounts.sees(f"This account is managed by {reseller.name} Tenant Reseller", "R-1", "office@acme.example", "Athens")
    for locked in ("Name", "Accounting number", "E-mail", "Address"):
        assert accounts.page.get_by_role("button", name=f"{locked} is locked", exact=True).count() == 1, locked
    accounts.finds_nothing_with_axe()

    # The subscription, with its order.
    subscriptions.goes_to(f"/subscriptions/{sold.id}")
    subscriptions.sees("Acme - Mail", f"No. {order.number}", reseller.name)
    is_refused(subscriptions, "Change Quantity", "UP-33")
    stays(subscriptions)

    # The order, whose items nobody changes here.
    orders.goes_to(f"/orders/{order.id}")
    orders.sees(f"This order was originated from {reseller.name} Tenant Reseller purchases", reseller.name)
    is_refused(orders, "Execute Order", "BO-20")
    orders.finds_nothing_with_axe()
    orders.goes_to(f"/orders/{order.id}/products")
    orders.sees("Mail", "5", "7.00")
    orders.finds_nothing_with_axe()

    # What changes later follows on the page that is open: history line with its order, add-on with its source.
    change(seller, sold.id, "Change Quantity", "change_quantity", "3")
    line = subscriptions.page.get_by_role("link", name="Quantity was changed from 5 to 3")
    line.wait_for(timeout=SOON * 1000)
    assert line.get_attribute("href") == f"/orders/{told.orders()[1].id}"
    change(seller, sold.id, "Buy Add-On", "buy_add_on", "2", product=archive.name)
    source = subscriptions.page.get_by_role("row").filter(has_text="Archive").get_by_role("link", name="Order ")
    source.first.wait_for(timeout=SOON * 1000)
    assert source.first.get_attribute("href") == f"/orders/{told.orders()[2].id}"
    assert was_not_reloaded(subscriptions)
    subscriptions.finds_nothing_with_axe()
    orders.goes_to(f"/orders/{told.orders()[1].id}/products")
    orders.sees("-2")


def sells(seller: Visitor, told: Channel, product: str, quantity: int) -> None:
    """Sell in the reseller's back office."""
    seller.goes_to(f"/subscriptions/new?account={told.customer.id}")
    picks(seller, "Product", product, product)
    fills(seller, quantity=str(quantity))
    seller.presses("Create subscription")
    seller.sees("The subscription was created")


def change(seller: Visitor, id: object, button: str, act: str, quantity: str, product: str = "") -> None:
    """Change a subscription in the reseller's back office."""
    seller.goes_to(f"/subscriptions/{id}")
    seller.presses(button, ".action-bar")
    if product:
        seller.page.locator(f"[id='field-{act}-product_id']").select_option(label=product)
    fills(seller, **{f"{act}-quantity": quantity})
    seller.page.locator(f"#{act} button[type=submit]").click()
    seller.page.wait_for_load_state()


def stays(visitor: Visitor) -> None:
    """Mark the page, so that one that was loaded again is known by its lack of the mark."""
    visitor.page.evaluate("window.notReloaded = true")


def was_not_reloaded(visitor: Visitor) -> bool:
    """Say whether it is still the same page."""
    return bool(visitor.page.evaluate("window.notReloaded === true"))
