"""Orders in the browser: from account to subscriptions, and what is locked on records that track a reseller's."""

from decimal import Decimal

import pytest
from tests.browser.conftest import Visits
from tests.browser.office import fills, is_refused, picks, posts
from tests.world import Row, World


@pytest.fixture
def mail(world: World) -> Row:
    """A product with a price."""
    above = world.distributor()
    found = world.product(above, name="Business Mail")
    world.insert(
        above, "product_price", product_id=found.id, cycle="monthly", currency="EUR", unit_price=Decimal("4.50")
    )
    return found


def test_ord_01_an_order_is_made_priced_submitted_and_executed(world: World, visits: Visits, mail: Row) -> None:
    accor = world.account(name="Accor")
    mara = visits()
    mara.goes_to("/orders")
    mara.presses("New order")
    mara.finds_nothing_with_axe()
    mara.page.get_by_role("link", name="Accor").click()
    mara.finds_nothing_with_axe()
    mara.presses("Create order")
    mara.sees("The order is a draft.", "No items yet")
    mara.presses("Add Item")
    mara.finds_nothing_with_axe()
    picks(mara, "Product", "mail", "Business Mail")
    fills(mara, quantity="no number")
    mara.presses("Add item")
    mara.sees("This is no number of units.")
    fills(mara, quantity="3", discount_percent="10")
    mara.presses("Add item")
    mara.sees("The item was added.", "4.50", "12.15")
    mara.finds_nothing_with_axe()
    mara.presses("Quantity", "table")
    mara.page.locator("dialog[open] input[type=text]").fill("4")
    mara.presses("Change", "dialog[open]")
    mara.sees("The quantity was changed.", "16.20")

    is_refused(mara, "Execute Order", "ORD-02")
    mara.presses("Submit", ".action-bar")
    mara.presses("Submit", "dialog[open]")
    mara.sees("The order was submitted.")
    mara.presses("Products", ".tabs")
    is_refused(mara, "Add Item", "ORD-02", "#content section")
    mara.presses("Execute Order", ".action-bar")
    mara.presses("Execute", "#execute")
    mara.sees("The order was executed; it started 1 subscription.")
    mara.finds_nothing_with_axe()
    mara.page.get_by_role("link", name="Accor - Business Mail").click()
    mara.sees("Business Mail", "Subscription was created by order")
    mara.finds_nothing_with_axe()
    assert len(world.rows(world.distributor(), "subscription", account_id=accor.id)) == 1


def test_bo_20_bo_21_an_order_that_tracks_a_resellers_is_mostly_locked(world: World, visits: Visits, mail: Row) -> None:
    accor, reseller = world.account(name="Accor"), world.tenant_reseller(name="Helios Cloud")
    marked = world.order(accor, name="September", status="executed", standing="marked", managed_by=reseller.id)
    own = world.order(accor, name="October", status="draft")
    for order in (marked, own):
        item = {"order_id": order.id, "product_id": mail.id, "cycle": "monthly", "quantity": 2, "unit_price": 4}
        world.insert(world.distributor(), "order_item", **item)
    mara = visits()
    mara.goes_to(f"/orders/{marked.id}")
    mara.sees("This account is managed by Helios Cloud Tenant Reseller")
    is_refused(mara, "Cancel Order", "BO-20")
    mara.page.get_by_role("button", name="Bill To is locked").focus()
    mara.sees("Of a back-ordering record only name, type, payment method")
    mara.finds_nothing_with_axe()
    mara.presses("Products", ".tabs")
    for act in ("Add Item", "Quick Add", "Update Item", "Delete Item", "Change Quantity"):
        is_refused(mara, act, "BO-20", "#content section")
    mara.finds_nothing_with_axe()
    assert posts(mara, f"/orders/{marked.id}/cancel") == 409

    mara.goes_to(f"/orders/{marked.id}/edit")
    assert mara.page.locator("#field-price_list_id").evaluate("box => box.tagName") == "OUTPUT"
    fills(mara, name="September, renamed", campaign="Autumn")
    mara.presses("Save")
    mara.sees("The order was saved.", "Autumn")

    mara.goes_to(f"/orders/{own.id}")
    mara.presses("Cancel Order", ".action-bar")
    mara.page.locator("#cancel").get_by_label("Reason").fill("Too dear")
    mara.presses("Cancel the order", "#cancel")
    mara.sees("The order was cancelled.")
    mara.presses("History", ".tabs")
    mara.sees("Order was cancelled: Too dear")


def test_cat_01_a_product_and_its_prices_are_kept(world: World, visits: Visits, mail: Row) -> None:
    mara = visits()
    mara.goes_to("/products/new")
    mara.finds_nothing_with_axe()
    fills(mara, name="Backup", sku=mail.sku)
    mara.presses("Save")
    mara.sees("Business Mail has this SKU already.")
    fills(mara, sku="BACKUP-1")
    mara.presses("Save")
    mara.sees("Backup was created.", "No price yet")
    mara.presses("Set Price")
    fills(mara, unit_price="-1")
    mara.presses("Set price")
    mara.sees("It is negative.")
    mara.finds_nothing_with_axe()
    fills(mara, unit_price="12.50")
    mara.presses("Set price")
    mara.sees("The price was set.", "12.50")
    mara.finds_nothing_with_axe()
    mara.presses("Remove", "table")
    mara.presses("Remove", "dialog[open]")
    mara.sees("The price was removed.")


def test_cat_02_a_price_list_says_what_its_products_cost(world: World, visits: Visits, mail: Row) -> None:
    mara = visits()
    mara.goes_to("/price-lists/new")
    fills(mara, name="Wholesale", valid_from="2026-12-31", valid_until="2026-01-01")
    mara.presses("Save")
    mara.sees("The last day is before the first.")
    fills(mara, valid_until="2027-12-31")
    mara.presses("Save")
    mara.sees("Wholesale was created.")
    mara.presses("Add Price")
    mara.finds_nothing_with_axe()
    picks(mara, "Product", "mail", "Business Mail")
    fills(mara, price="3.60")
    mara.presses("Set price")
    mara.sees("The price was set.", "3.60")
    mara.finds_nothing_with_axe()
