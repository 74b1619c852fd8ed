"""Accounts in the browser: made, searched, changed, refused; padlocks where a tenant reseller manages them."""

import csv
import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visits
from tests.browser.office import fills, is_refused, posts
from tests.world import Row, Tenant, World


@pytest.fixture
def managed(world: World) -> Row:
    """An account that was transferred to its tenant reseller."""
    reseller = world.tenant_reseller(name="Helios Cloud")
    accor = world.account(bill_to=reseller, name="Accor", email="office@accor.example", country="FR")
    world.address(accor, name="Headquarters", city="Paris", country="FR", is_billing=True)
    world.contact(accor, first_name="Claire", last_name="Fontaine", is_primary=True)
    world.transfer_accounts(accor, to=reseller)
    return accor


def test_ui_01_a_newcomer_makes_an_account_and_finds_it_again(world: World, visits: Visits) -> None:
    world.payment_method(world.distributor(), name="Bank transfer")
    mara = visits()
    mara.goes_to("/")
    mara.presses("New account")
    mara.finds_nothing_with_axe()
    fills(mara, name="Nordic Café", email="no e-mail", credit_limit="1,250.50", address_city="Malmö")
    mara.page.get_by_label("Country").last.select_option("SE")
    mara.presses("Create account")

    mara.sees("Nothing was saved: one field needs your attention.")
    assert mara.page.locator("#field-email").get_attribute("aria-invalid") == "true"
    assert mara.page.locator("#field-name").input_value() == "Nordic Café"
    mara.finds_nothing_with_axe()
    fills(mara, email="hello@nordic.example")
    mara.presses("Create account")

    mara.sees("Nordic Café was created.", "1,250.50", "Sweden", "Malmö")
    mara.page.keyboard.press("/")
    mara.page.keyboard.type("nordic")
    mara.page.locator("#top-results").get_by_role("link", name="Nordic Café").click()
    mara.page.wait_for_url("**/accounts/*")
    mara.finds_nothing_with_axe()


def test_ten_08_likeness_is_a_warning_while_one_types(world: World, visits: Visits) -> None:
    world.account(name="Nordic Café")
    mara = visits()
    asked: list[str] = []
    mara.page.on("request", lambda request: asked.append(request.url))
    mara.goes_to("/accounts/new")
    mara.page.locator("#field-name").press_sequentially("Nordic Café")

    mara.sees("Nordic Café has this name already.")
    assert not [url for url in asked if "csrf" in url]
    mara.presses("Create account")

    mara.sees("Nordic Café was created.")


def test_ui_03_the_list_searches_as_one_types_filters_sorts_and_exports(world: World, visits: Visits) -> None:
    for name, status in (("Accor", "active"), ("Acciona", "suspended"), ("Vesta Marine", "active")):
        world.account(name=name, status=status)
    mara = visits()
    mara.goes_to("/accounts")
    rows = mara.page.locator("#accounts-results tbody tr")
    mara.page.get_by_role("searchbox", name="Search accounts").press_sequentially("acc")
    expect(rows).to_have_count(2)
    assert rows.locator("th").all_inner_texts() == ["Acciona", "Accor"]

    mara.page.get_by_label("Any status").select_option("suspended")
    expect(rows).to_have_count(1)
    assert "q=acc" in mara.at
    mara.presses("Clear")
    expect(rows).to_have_count(3)
    mara.presses("Name", "thead")
    mara.page.wait_for_url("**sort=-name*")
    assert rows.locator("th").all_inner_texts() == ["Vesta Marine", "Accor", "Acciona"]

    mara.page.get_by_text("Columns", exact=True).click()
    mara.page.get_by_label("Industry").check()
    mara.page.get_by_role("columnheader", name="Industry").wait_for()
    mara.page.get_by_text("Export", exact=True).click()
    with mara.page.expect_download() as download:
        mara.page.get_by_role("link", name="CSV").click()
    lines = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [line[0] for line in lines] == ["Name", "Vesta Marine", "Accor", "Acciona"]


def test_up_23_what_is_forbidden_is_shown_with_its_reason_and_refused(
    world: World, visits: Visits, managed: Row
) -> None:
    own = world.account(name="Vesta Marine")
    mara = visits()
    mara.goes_to(f"/accounts/{managed.id}")

    mara.sees("This account is managed by Helios Cloud Tenant Reseller")
    is_refused(mara, "Suspend", "UP-20")
    is_refused(mara, "Create Order", "UP-20")
    mara.page.get_by_text("Shortcuts").click()
    mara.sees("The reseller synchronizes this account with provisioning systems")
    mara.finds_nothing_with_axe()
    assert posts(mara, f"/accounts/{managed.id}/suspend") == 409
    mara.goes_to(f"/orders/new?account={managed.id}")
    mara.sees("the distributor sells nothing to it", "UP-20")

    mara.goes_to(f"/accounts/{own.id}")
    mara.presses("Suspend", ".action-bar")
    mara.page.locator("#suspend").get_by_label("Reason").fill("Unpaid since May")
    mara.presses("Suspend", "#suspend")
    mara.sees("Vesta Marine was suspended.", "Account was suspended: Unpaid since May")
    mara.presses("Reactivate", ".action-bar")
    mara.presses("Reactivate", "#reactivate")
    mara.sees("Vesta Marine is active again.")


def test_up_02_locked_fields_have_a_padlock_and_cannot_be_edited(world: World, visits: Visits, managed: Row) -> None:
    mara = visits()
    mara.goes_to(f"/accounts/{managed.id}")
    padlock = mara.page.get_by_role("button", name="Name is locked")
    padlock.focus()
    mara.sees("Name, accounting number and e-mail are the reseller's; they are updated automatically.")

    mara.presses("Edit", ".action-bar")
    assert mara.page.locator("#field-name").evaluate("box => box.tagName") == "OUTPUT"
    assert mara.page.locator("#field-bill_to_id").evaluate("box => box.tagName") == "OUTPUT"
    mara.finds_nothing_with_axe()
    fills(mara, phone="+33 1 45 38 86 00")
    mara.presses("Save")
    mara.sees("Accor was saved.", "+33 1 45 38 86 00")
    status = posts(mara, f"/accounts/{managed.id}/edit", name="Mine now")
    assert (status, world.row(world.distributor(), "account", managed.id).name) == (303, "Accor")


def test_ten_24_the_history_shows_each_field_before_and_after(world: World, visits: Visits) -> None:
    accor = world.account(name="Accor", phone="+33 1")
    mara = visits()
    mara.goes_to(f"/accounts/{accor.id}/edit")
    fills(mara, phone="+33 2", credit_limit="500")
    mara.presses("Save")
    mara.presses("History", ".tabs")

    mara.page.get_by_text("2 fields changed").click()
    row = mara.page.get_by_role("row", name="Phone")
    assert row.get_by_role("cell").all_inner_texts() == ["+33 1", "+33 2"]
    mara.finds_nothing_with_axe()


def test_api_06_a_form_that_is_out_of_date_changes_nothing(world: World, visits: Visits) -> None:
    accor = world.account(name="Accor")
    mara, ravi = visits(), visits()
    for person in (mara, ravi):
        person.goes_to(f"/accounts/{accor.id}/edit")
    fills(ravi, industry="Hotels")
    ravi.presses("Save")
    ravi.sees("Accor was saved.")
    fills(mara, industry="Leisure")
    mara.presses("Save")

    mara.sees("It was changed since you read it")
    assert world.row(world.distributor(), "account", accor.id).industry == "Hotels"


def test_ui_06_numbers_dates_and_moments_are_the_tenants_own(world: World, visits: Visits) -> None:
    berlin = world.tenant(language="de", time_zone="Asia/Tokyo", date_format="dd.MM.yyyy")
    world.payment_method(berlin, name="Rechnung", is_default=True)
    accor = world.account(at=berlin, name="Accor", credit_limit=Decimal("1250.5"), country="GR")
    jana = visits(berlin)
    jana.goes_to(f"/accounts/{accor.id}")
    jana.sees("1.250,50", "Griechenland")

    jana.goes_to(f"/accounts/{accor.id}/edit")
    assert jana.page.locator("#field-credit_limit").input_value() == "1.250,50"
    fills(jana, credit_limit="2.000,75")
    jana.presses("Save")
    jana.sees("2.000,75")
    jana.goes_to("/setup/organisation")
    tokyo = world.row(berlin, "account", accor.id).created_at.astimezone(ZoneInfo("Asia/Tokyo"))
    jana.sees(tokyo.strftime("%d.%m.%Y"))


def test_up_14_addresses_are_added_and_one_is_the_billing_one(world: World, visits: Visits, managed: Row) -> None:
    own = world.account(name="Vesta Marine")
    mara = visits()
    mara.goes_to(f"/accounts/{own.id}/addresses")
    mara.presses("Add Address")
    mara.presses("Add address")
    mara.sees("An address needs something to find it by.")
    for city in ("Patras", "Athens"):
        mara.goes_to(f"/accounts/{own.id}/addresses/new")
        fills(mara, city=city)
        mara.page.get_by_label("Country").select_option("GR")
        mara.page.locator("#field-state option[value='GR-I']").wait_for(state="attached")
        mara.presses("Add address")
        mara.sees("The address was added.")
    mara.presses("Make Billing Address")
    mara.sees("It is the billing address now.")
    found = {one.city: one.is_billing for one in world.rows(world.distributor(), "address", account_id=own.id)}
    assert found == {"Patras": False, "Athens": True}
    mara.finds_nothing_with_axe()

    mara.goes_to(f"/accounts/{managed.id}/addresses")
    is_refused(mara, "Edit", "UP-03", "#content section")
    mara.finds_nothing_with_axe()


def test_ten_25_contacts_and_activities_belong_to_an_account_whoever_manages_it(
    world: World, visits: Visits, managed: Row
) -> None:
    mara = visits()
    mara.goes_to(f"/accounts/{managed.id}/contacts")
    mara.presses("Add Contact", "#content")
    fills(mara, first_name="Luc")
    mara.presses("Save")
    mara.sees("It is needed.")
    fills(mara, last_name="Besson", email="luc@accor.example")
    mara.presses("Save")
    mara.sees("The contact was added.", "Luc Besson")
    mara.finds_nothing_with_axe()

    mara.presses("Add Activity")
    fills(mara, subject="Call about the renewal")
    mara.presses("Add activity")
    mara.sees("“Call about the renewal” was added.")
    mara.page.get_by_role("link", name="Call about the renewal").click()
    mara.presses("Mark as done")
    mara.sees("Done.", "Task is done")
    mara.finds_nothing_with_axe()


def test_ten_26_deleting_says_what_stands_in_the_way(world: World, visits: Visits) -> None:
    busy, idle = world.account(name="Busy"), world.account(name="Idle")
    world.subscription(busy, world.product(), status="active")
    mara = visits()
    for one in (busy, idle):
        mara.goes_to(f"/accounts/{one.id}")
        mara.page.get_by_text("Shortcuts").click()
        mara.presses("Delete", ".menu-panel")
        mara.presses("Delete", "#delete")
        if one is busy:
            mara.sees("Its subscriptions have not all ended.", "TEN-26")
            mara.finds_nothing_with_axe()
    mara.sees("Idle was deleted.")
    assert [world.row(world.distributor(), "account", one.id) is None for one in (busy, idle)] == [False, True]


def test_ten_02_another_tenants_record_looks_like_none(world: World, visits: Visits) -> None:
    elsewhere: Tenant = world.tenant()
    theirs, mine = world.account(at=elsewhere, name="Theirs"), world.account(name="Mine")
    mara = visits()
    mara.goes_to(f"/accounts/{theirs.id}")
    mara.sees("There is no such account here.")
    mara.goes_to("/accounts/not-an-id")
    mara.sees("There is no such account here.")
    mara.goes_to(f"/accounts/{mine.id}")
    mara.sees("Mine")
