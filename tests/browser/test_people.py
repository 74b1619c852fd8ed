"""Who comes in and as whom: sign-in, invitation, profile, permissions, and what the set-up says about people."""

import pyotp
import pytest
from tests.browser.conftest import Visits
from tests.browser.office import comes_as, fills, is_refused, posts
from tests.world import World

from tenantry.tenancy import passwords

GOOD = "correct horse battery"


def test_sec_03_one_signs_in_with_the_right_password_only(world: World, visits: Visits) -> None:
    above = world.distributor()
    email = world.row(above, "tenant_user", above.admin_id).email
    with world.web.work(above.id) as work:
        passwords.set_password(work, above.admin_id, GOOD)
    mara = visits()
    mara.page.context.clear_cookies()
    mara.goes_to("/accounts?status=active")
    assert mara.at.startswith("/sign-in?next=")
    mara.finds_nothing_with_axe()
    fills(mara, email=email, password="wrong horse battery")
    mara.presses("Sign in", "main")
    mara.sees("E-mail and password do not belong together.")
    assert mara.page.locator("#field-email").input_value() == email
    assert mara.page.locator("#field-password").input_value() == ""
    mara.finds_nothing_with_axe()

    fills(mara, password=GOOD)
    mara.presses("Sign in", "main")
    mara.page.wait_for_url("**/accounts?status=active")
    mara.page.locator(".top-user").click()
    mara.presses("Sign out")
    mara.page.wait_for_url("**/sign-in")
    mara.goes_to("/accounts")
    assert mara.at.startswith("/sign-in")


def test_sec_04_next_leads_nowhere_else(visits: Visits) -> None:
    mara = visits()
    for bad in ("//evil.example", "https://evil.example", "/\\evil.example"):
        mara.goes_to(f"/sign-in?next={bad}")
        assert mara.page.locator("input[name=next]").first.input_value() == "/"
    mara.goes_to("/sign-in?next=/orders")
    assert mara.page.locator("input[name=next]").first.input_value() == "/orders"


def test_sec_03_an_invited_user_sets_his_password_once(world: World, visits: Visits) -> None:
    mara = visits()
    mara.goes_to("/setup/users")
    mara.finds_nothing_with_axe()
    mara.presses("New user")
    fills(mara, name="Ravi Menon", email="ravi")
    mara.presses("Save")
    mara.sees("This is not an e-mail")
    fills(mara, email=f"ravi@{world.distributor().code}.example")
    mara.finds_nothing_with_axe()
    mara.presses("Save")
    mara.sees("Ravi Menon was added. Invite them to set a password.")
    mara.finds_nothing_with_axe()
    mara.presses("Invite")
    mara.sees("Copy it now: it is not shown again.")
    mara.finds_nothing_with_axe()
    secret = mara.page.locator(".once").inner_text().rpartition("/invitation/")[2]

    ravi = visits()
    ravi.page.context.clear_cookies()
    ravi.goes_to(f"/invitation/{secret}")
    ravi.sees("Welcome, Ravi Menon")
    ravi.finds_nothing_with_axe()
    fills(ravi, password="short", again="short")
    ravi.presses("Set password")
    ravi.sees("A password has 12 to 256 characters.")
    fills(ravi, password=GOOD, again=GOOD)
    ravi.presses("Set password")
    ravi.page.wait_for_url("**/sign-in")
    ravi.goes_to(f"/invitation/{secret}")
    ravi.sees("This link was used already, or its three days are over.")


def test_sec_03_the_second_factor_is_asked_for_once_it_is_on(world: World, visits: Visits) -> None:
    above = world.distributor()
    with world.web.work(above.id) as work:
        passwords.set_password(work, above.admin_id, GOOD)
    mara = visits()
    mara.goes_to("/me/second-factor")
    mara.finds_nothing_with_axe()
    fills(mara, code="000000")
    mara.presses("Turn on")
    mara.sees("This code is not right.")
    secret = mara.page.locator(".once").inner_text().replace(" ", "")
    fills(mara, code=pyotp.TOTP(secret).now())
    mara.presses("Turn on")
    mara.sees("Write them down now: they are not shown again.")
    recovery = mara.page.locator(".once-list li").first.inner_text()
    mara.finds_nothing_with_axe()

    mara.page.context.clear_cookies()
    mara.goes_to("/sign-in")
    fills(mara, email=world.row(above, "tenant_user", above.admin_id).email, password=GOOD)
    mara.presses("Sign in", "main")
    mara.sees("Your second factor")
    mara.finds_nothing_with_axe()
    fills(mara, code="111111")
    mara.presses("Sign in", "main")
    mara.sees("This code is not right.")
    fills(mara, code=recovery)
    mara.presses("Sign in", "main")
    mara.sees("Hello,")


def test_ten_20_what_a_role_does_not_allow_is_neither_in_the_menu_nor_done(world: World, visits: Visits) -> None:
    above = world.distributor()
    accor = world.account(name="Accor")
    reader = visits()
    comes_as(reader, world, above, "accounts:view", "contacts:view")
    reader.goes_to("/")
    menu = reader.page.locator("#menu").inner_text()
    assert "Accounts" in menu
    assert "Orders" not in menu
    assert reader.page.get_by_role("link", name="Setup").count() == 0

    reader.goes_to(f"/accounts/{accor.id}")
    is_refused(reader, "Suspend", "TEN-20")
    reader.finds_nothing_with_axe()
    assert posts(reader, f"/accounts/{accor.id}/suspend") == 403
    reader.goes_to("/orders")
    reader.sees("You may not do that", "TEN-20")
    reader.finds_nothing_with_axe()
    mara = visits()
    mara.goes_to("/orders")
    mara.sees("No orders yet")
    assert posts(mara, f"/accounts/{accor.id}/suspend") == 303


def test_sec_04_a_form_without_the_pages_token_does_nothing(world: World, visits: Visits) -> None:
    accor = world.account(name="Accor")
    mara = visits()
    mara.goes_to(f"/accounts/{accor.id}")
    refused = mara.page.request.post(f"{mara.site}/accounts/{accor.id}/suspend", form={}, max_redirects=0)
    assert refused.status == 403
    assert world.row(world.distributor(), "account", accor.id).status == "active"
    assert posts(mara, f"/accounts/{accor.id}/suspend") == 303
    assert world.row(world.distributor(), "account", accor.id).status == "suspended"


def test_ui_01_the_profile_keeps_theme_and_sessions(world: World, visits: Visits) -> None:
    above = world.distributor()
    mara, elsewhere = visits(), visits()
    mara.goes_to("/me")
    mara.finds_nothing_with_axe()
    mara.page.locator(".top-user").click()
    mara.page.get_by_role("button", name="Dark").click()
    assert mara.page.locator("html").get_attribute("data-bs-theme") == "dark"
    mara.page.wait_for_timeout(300)
    mara.goes_to("/me")
    assert mara.page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert world.row(above, "tenant_user", above.admin_id).theme == "dark"
    mara.finds_nothing_with_axe()

    mara.presses("End All Others")
    mara.sees("1 other session ended.")
    elsewhere.goes_to("/me")
    assert elsewhere.at.startswith("/sign-in")


@pytest.mark.parametrize("width", [1280, 390])
def test_ui_01_everything_is_reached_by_keyboard(world: World, visits: Visits, width: int) -> None:
    world.account(name="Accor")
    mara = visits()
    mara.page.set_viewport_size({"width": width, "height": 844})
    mara.goes_to("/accounts")
    mara.page.keyboard.press("Tab")
    assert mara.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    mara.page.keyboard.press("Enter")
    assert mara.page.evaluate("document.activeElement.id") == "content"
    reached = set()
    for _ in range(30):
        mara.page.keyboard.press("Tab")
        reached.add(mara.page.evaluate("document.activeElement.textContent.trim().slice(0, 20)"))
    assert {"New account", "Accor"} <= reached


def test_ui_03_the_list_of_contacts_shows_each_of_its_columns_whole_on_a_desktop(world: World, visits: Visits) -> None:
    """Words wrap before the table scrolls."""
    acme = world.account(name="Nordlicht Cloud Services Gesellschaft mit beschraenkter Haftung")
    names = {"first_name": "Maximiliane Charlotte", "last_name": "Papadopoulou-Featherstonehaugh"}
    email = "maximiliane.papadopoulou@nordlicht-cloud.example"
    world.contact(acme, **names, email=email, company_role="Head of Procurement and Licences")
    mara = visits()

    mara.goes_to("/contacts")

    mara.sees("Papadopoulou-Featherstonehaugh")
    hidden = mara.page.locator("#contacts-results .scroller").evaluate("it => it.scrollWidth - it.clientWidth")
    assert hidden <= 0
    mara.finds_nothing_with_axe()
