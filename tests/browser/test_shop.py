"""The shop in the browser: in by an invitation, bought, changed, cancelled; and a reseller who buys for others."""

from uuid import UUID

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import Visitor, Visits
from tests.browser.office import fills
from tests.sales.shopping import add_on_of, mail, promotion_of, terms_of, with_shop
from tests.world import Row, Tenant, World

from tenantry.crm.storefront_users import sessions
from tenantry.schema import crm, tenant
from tenantry.web.storefront.access import COOKIE

GOOD = "correct horse battery"


def comes(world: World, visitor: Visitor, contact: Row, at: Tenant | None = None) -> Visitor:
    """Let a storefront user sit down in front of the browser, signed in to the shop only."""
    at = at or world.distributor()
    with world.web.work(at.id) as work:
        cookie = sessions.start(work, contact.id, contact.account_id)
    context = visitor.page.context
    context.clear_cookies()
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": f"{visitor.site}/shop/{at.code}"}])
    visitor.goes_to(f"/shop/{at.code}")
    return visitor


@pytest.fixture
def above(world: World) -> Tenant:
    return with_shop(world)


def test_sf_01_a_contact_is_invited_chooses_a_password_and_signs_in_to_the_shop_only(
    world: World, visits: Visits, above: Tenant
) -> None:
    acme = world.account(name="Acme", credit_limit=1_000)
    ada = world.contact(acme, first_name="Ada", last_name="Kern", email="ada@acme.example", storefront_user=True)
    office = visits()
    office.goes_to(f"/contacts/{ada.id}")
    office.sees("Not chosen yet")
    office.presses("Invite to the Storefront")
    office.sees("Copy it now")
    link = office.page.locator(".once").inner_text()
    office.page.context.clear_cookies()

    office.goes_to(link.partition("/shop/")[1] + link.partition("/shop/")[2])
    office.finds_nothing_with_axe()
    fills(office, password=GOOD, again=GOOD + "!")
    office.presses("Set password")
    office.sees("The two are not the same.")
    fills(office, password=GOOD, again=GOOD)
    office.presses("Set password")
    office.sees("Your password is set.")
    fills(office, email="ada@acme.example", password="wrong horse battery")
    office.presses("Sign in", "main")
    office.sees("do not belong together")
    office.finds_nothing_with_axe()
    fills(office, password=GOOD)
    office.presses("Sign in", "main")

    office.sees("Nothing on sale yet")
    office.finds_nothing_with_axe()
    office.goes_to("/accounts")
    assert office.at.startswith("/sign-in")


def test_sf_01_sf_02_a_storefront_user_buys_and_changes_what_he_has(
    world: World, visits: Visits, above: Tenant
) -> None:
    product = mail(world, trial_allowed=True, category="Communication", unit="mailbox")
    add_on_of(world, product)
    terms_of(world, product)
    promotion_of(world, product)
    acme = world.account(name="Acme", credit_limit=1_000)
    ada = comes(world, visits(), world.contact(acme, first_name="Ada", last_name="Kern", storefront_user=True))
    ada.sees("All products", "Try 30 days free")
    ada.finds_nothing_with_axe()
    ada.page.locator(".shop-search input").fill("mail")
    ada.page.locator(".shop-search input").press("Enter")
    ada.sees("Results for")
    ada.page.get_by_role("link", name="Business Mail").click()
    ada.finds_nothing_with_axe()
    ada.page.locator("#quantity").fill("5")
    ada.page.locator("input[name=add_on]").check()
    ada.presses("Add to basket")
    ada.sees("Business Mail is in your basket.", "€22.50", "€24.40")
    ada.page.locator("#promotion-code").fill("WELCOME")
    ada.presses("Apply")
    ada.sees("The code was taken.", "€20.25", "You save €2.25")
    ada.finds_nothing_with_axe()
    ada.presses("Go to checkout")
    ada.sees("I have read and accept Terms, 2026.")
    ada.finds_nothing_with_axe()
    ada.page.locator("input[name=terms]").check()
    ada.presses("Order with obligation to pay")
    ada.sees("Thank you, Ada Kern", "was carried out")
    ada.finds_nothing_with_axe()
    assert len(world.rows(above, "order", account_id=acme.id)) == 1

    ada.presses("Subscriptions", ".shop-nav")
    ada.finds_nothing_with_axe()
    ada.page.get_by_role("link", name="Business Mail").click()
    ada.finds_nothing_with_axe()
    ada.page.locator("#new-quantity").fill("7")
    ada.presses("Change quantity")
    ada.sees("Look at it and agree", "A cycle from then on", "€30.25")
    ada.finds_nothing_with_axe()
    ada.presses("Agree with obligation to pay")
    ada.sees("The quantity was changed.", "7 × mailbox")
    ada.page.get_by_text("Cancel it").first.click()
    ada.presses("Cancel it", ".ending form")
    ada.sees("is its last day.")
    ada.presses("Agree", ".summary")
    ada.sees("The cancellation was noted.", "Ends soon")
    ada.presses("Keep it after all")
    ada.sees("The cancellation was withdrawn.")


def test_sub_02_a_storefront_user_tries_buys_adds_upgrades_a_part_and_cancels(
    world: World, visits: Visits, above: Tenant
) -> None:
    product = mail(world, trial_allowed=True, unit="mailbox")
    add_on_of(world, product)
    large = mail(world, price="9.00", name="Business Mail Pro")
    world.insert(above, "product_path", product_id=product.id, to_product_id=large.id, kind="upgrade")
    world.insert(above, "product_path", product_id=large.id, to_product_id=product.id, kind="downgrade")
    acme = world.account(name="Acme", credit_limit=1_000)
    ada = comes(world, visits(), world.contact(acme, first_name="Ada", last_name="Kern", storefront_user=True))
    ada.page.get_by_role("link", name="Business Mail", exact=True).click()
    ada.page.locator("#quantity").fill("5")
    ada.presses("Try 30 days free", "main")
    ada.presses("Go to checkout")
    ada.presses("Start the trial")
    ada.sees("Thank you, Ada Kern")
    ada.presses("Subscriptions", ".shop-nav")
    ada.page.get_by_role("link", name="Business Mail").click()
    ada.presses("Buy it")
    ada.sees("Buy what was tried", "€22.50")
    ada.finds_nothing_with_axe()
    ada.presses("Agree with obligation to pay")
    ada.sees("The trial is a paid subscription now.")
    ada.presses("Add: Mail Archive")
    ada.sees("Another add-on", "€24.40")
    ada.presses("Agree with obligation to pay")
    ada.sees("The add-on was added.", "1 × Mail Archive")
    ada.finds_nothing_with_axe()
    ada.page.locator("#upgrade-quantity").fill("2")
    ada.presses("Upgrade", "form.act")
    ada.sees("Given back: 5 × Business Mail", "3 × Business Mail", "2 × Business Mail Pro", "€24.40", "€33.40")
    ada.finds_nothing_with_axe()
    ada.presses("Agree with obligation to pay")
    ada.sees("The change was noted.", "3 × mailbox")
    ada.presses("Subscriptions", ".shop-nav")
    ada.page.get_by_role("link", name="Business Mail Pro").click()
    ada.presses("Downgrade", "form.act")
    ada.sees("then, as things stand:")
    ada.presses("Agree", ".summary")
    ada.sees("The change was noted.", "Planned", "Downgrade: Business Mail")
    ada.finds_nothing_with_axe()
    ada.presses("Withdraw")
    ada.sees("The change was withdrawn.")
    ada.page.get_by_text("Cancel it").first.click()
    ada.page.locator("#mode").select_option("now")
    ada.presses("Cancel it", ".ending form")
    ada.sees("Given back:", "€0.00")
    ada.presses("Agree", ".summary")
    ada.sees("The cancellation was noted.", "Cancelled")
    assert sorted(one.quantity for one in world.rows(above, "subscription", account_id=acme.id)) == [2, 3]


def test_dn_30_a_resellers_user_chooses_for_whom_he_buys(world: World, visits: Visits, above: Tenant) -> None:
    reseller = world.tenant_reseller(name="Helios Cloud")
    helios = world.row(above, crm.account, reseller.account_id or UUID(int=0))
    assert helios is not None
    fern = world.account(
        bill_to=reseller, name="Fern Dental", credit_limit=100, standing="handed_down", managed_by=reseller.id
    )
    world.account(bill_to=reseller, name="Gorse Hotels", standing="mirrored", managed_by=reseller.id)
    mail(world)
    eleni = comes(world, visits(), world.contact(helios, last_name="Kosta", storefront_user=True))
    eleni.sees("Buying for")
    eleni.presses("Change", ".shop-for")
    eleni.sees("A reseller who is live sells to this account in his own tenant.")
    eleni.finds_nothing_with_axe()
    eleni.presses("Buy for this customer: Fern Dental")
    eleni.sees("You buy for Fern Dental now.")
    eleni.page.get_by_role("link", name="Business Mail").click()
    eleni.presses("Add to basket")
    eleni.presses("Go to checkout")
    eleni.sees("Fern Dental")
    eleni.page.get_by_role("button", name="Order with obligation to pay").dblclick()
    eleni.sees("Thank you")
    [made] = world.rows(above, "order", account_id=fern.id)
    assert (made.standing, made.managed_by) == ("marked", reseller.id)

    world.update(reseller, tenant.tenant, reseller.id, live_at=made.executed_at)
    eleni.presses("Catalogue", ".shop-nav")
    eleni.page.get_by_role("link", name="Business Mail").click()
    eleni.sees("A reseller who is live sells to this account in his own tenant.")
    assert eleni.page.get_by_role("button", name="Add to basket").count() == 0


def test_sf_01_a_german_shop_speaks_german_and_writes_money_as_germans_do(
    world: World, visits: Visits, above: Tenant
) -> None:
    world.update(above, tenant.tenant, above.id, language="de")
    mail(world, price="1234.50")
    acme = world.account(name="Acme", credit_limit=1_000)
    ada = comes(world, visits(), world.contact(acme, storefront_user=True))
    ada.sees("Alle Produkte", "1.234,50 €")
    assert ada.page.locator("html").get_attribute("lang") == "de"
    ada.page.get_by_role("link", name="Business Mail").click()
    ada.presses("In den Warenkorb")
    ada.sees("Business Mail liegt im Warenkorb.", "Erste Zahlung")
    ada.finds_nothing_with_axe()


def test_sf_01_a_tenant_without_premium_has_no_shop(world: World, chromium: Browser, site: str) -> None:
    above = world.distributor()
    page = chromium.new_page()
    door = f"{site}/shop/{above.code}/sign-in"
    without = page.goto(door)
    with_shop(world)
    with_one = page.goto(door)
    page.close()

    assert without is not None
    assert with_one is not None
    assert (without.status, with_one.status) == (404, 200)
