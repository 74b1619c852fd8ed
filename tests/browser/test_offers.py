"""From an opportunity to an offer to an order in the browser, and an order over the credit limit (ORD-04, ORD-05)."""

from decimal import Decimal

import pytest
from tests.browser.conftest import Visits
from tests.browser.office import fills, is_refused, picks
from tests.world import Row, World


@pytest.fixture
def mail(world: World) -> Row:
    """A product with a price."""
    above = world.distributor()
    found = world.product(above, name="Business Mail")
    price = {"cycle": "monthly", "currency": "EUR", "unit_price": Decimal("4.50")}
    world.insert(above, "product_price", product_id=found.id, **price)
    return found


def test_ord_04_an_opportunity_becomes_an_offer_and_that_an_order(world: World, visits: Visits, mail: Row) -> None:
    accor = world.account(name="Accor")
    mara = visits()
    mara.goes_to(f"/accounts/{accor.id}/opportunities")
    mara.finds_nothing_with_axe()
    mara.page.locator("#content").get_by_role("link", name="Create Opportunity").last.click()
    fills(mara, name="Mail for all", amount="9000")
    mara.finds_nothing_with_axe()
    mara.presses("Create opportunity")
    mara.sees("The opportunity was created.", "9,000.00", "No offers yet")
    mara.finds_nothing_with_axe()
    mara.presses("Create Offer", ".action-bar")
    mara.finds_nothing_with_axe()
    mara.presses("Create offer")
    mara.sees("The offer was created.", "Mail for all", "No items yet")
    mara.presses("Add Item")
    picks(mara, "Product", "mail", "Business Mail")
    fills(mara, quantity="3", discount_percent="10")
    mara.presses("Add item")
    mara.sees("The item was added.", "4.50", "12.15")
    mara.finds_nothing_with_axe()
    mara.presses("Accept", ".action-bar")
    mara.presses("Accept", "dialog[open]")
    mara.sees("The offer was accepted; this is its order, a draft.", "12.15")
    mara.goes_to("/opportunities")
    mara.sees("Mail for all", "Won")
    mara.goes_to("/offers")
    mara.sees("Mail for all", "Accepted")
    mara.finds_nothing_with_axe()


def test_ord_05_an_order_over_the_credit_limit_waits_and_is_approved(world: World, visits: Visits, mail: Row) -> None:
    accor = world.account(name="Accor", credit_limit=10)
    order = world.order(accor)
    item = {"product_id": mail.id, "cycle": "monthly", "quantity": 5, "unit_price": Decimal("4.50"), "position": 1}
    world.insert(world.distributor(), "order_item", order_id=order.id, **item)
    mara = visits()
    mara.goes_to(f"/orders/{order.id}")
    mara.presses("Submit", ".action-bar")
    mara.presses("Submit", "dialog[open]")
    mara.sees("It waits for approval", "Would be owed", "22.50", "12.50")
    mara.finds_nothing_with_axe()
    is_refused(mara, "Execute Order", "ORD-05")
    mara.presses("Approve", ".action-bar")
    mara.page.locator("dialog[open] textarea").fill("Always pays")
    mara.presses("Approve", "dialog[open]")
    mara.sees("The order was approved", "Always pays")
    mara.presses("Execute Order", ".action-bar")
    mara.presses("Execute", "#execute")
    mara.sees("The order was executed; it started 1 subscription.")


def test_ord_02_items_are_delivered_one_after_the_other_and_the_order_is_copied(
    world: World, visits: Visits, mail: Row
) -> None:
    order = world.order(world.account(name="Accor"), status="submitted")
    for place in (1, 2):
        item = {"product_id": mail.id, "cycle": "monthly", "quantity": place, "unit_price": 4, "position": place}
        world.insert(world.distributor(), "order_item", order_id=order.id, **item)
    mara = visits()
    mara.goes_to(f"/orders/{order.id}/products")
    mara.page.locator("summary", has_text="Shortcuts").click()
    mara.presses("Order Delivery")
    mara.finds_nothing_with_axe()
    mara.page.locator("#deliver input[type=checkbox]").first.check()
    mara.presses("Deliver", "#deliver")
    mara.sees("The items were delivered; this is the order that did it.", "Delivers a part of")
    mara.goes_to(f"/orders/{order.id}")
    mara.sees("Delivered by")
    mara.page.locator("summary", has_text="Shortcuts").click()
    mara.presses("Copy Order")
    mara.presses("Copy Order", "dialog[open]")
    mara.sees("This is the copy: a draft of today")
    mara.finds_nothing_with_axe()
