"""Tenant resellers and Transfer Accounts in the browser, from the account page to the undone handover."""

from decimal import Decimal

import pytest
from tests.browser.conftest import Visitor, Visits
from tests.world import Row, Tenant, World

from tenantry.schema import channel, crm


@pytest.fixture
def story(world: World) -> tuple[Tenant, dict[str, Row]]:
    """A tenant reseller with customers: most can go, one has an open order, one is closed."""
    reseller = world.tenant_reseller(name="Helios Cloud")
    names = ("Accor", "Bureau Veritas", "Delos Networks", "Ionia Foods", "Vesta Marine")
    people = {
        name: world.account(bill_to=reseller, name=name, country="FR", credit_limit=Decimal(500)) for name in names
    }
    for one in people.values():
        world.address(one, street="1 rue de la Paix", city="Paris", country="FR", is_billing=True)
        world.contact(one, first_name="Claire", last_name="Fontaine", is_primary=True, email="claire@accor.example")
    world.order(people["Ionia Foods"], status="submitted", name="Autumn licences")
    world.order(people["Accor"], status="executed")
    world.update(world.distributor(), crm.account, people["Vesta Marine"].id, status="closed")
    return reseller, people


def chooses(visitor: Visitor, *names: str) -> None:
    for name in names:
        visitor.page.get_by_label(f"Choose {name}").check()


def plans(visitor: Visitor, reseller: Tenant, *names: str) -> str:
    """Choose and continue; gives the id of the plan."""
    visitor.goes_to(f"/tenant-resellers/{reseller.account_id}/transfer-accounts")
    chooses(visitor, *names)
    visitor.presses("Continue")
    visitor.sees("What will be")
    return visitor.at.rsplit("/", 1)[1].split("?")[0]


def confirms(visitor: Visitor) -> None:
    visitor.presses("Confirm", ".wizard-foot")
    visitor.presses("Transfer", "#ask-confirm")


def test_ten_04_a_tenant_reseller_is_created_from_its_account_and_watched(
    world: World, visits: Visits, working: None
) -> None:
    above = world.distributor()
    price_list = world.insert(above, "price_list", name="Wholesale", currency="EUR")
    product = world.product(above, name="Mail")
    world.insert(
        above, "price_list_item", price_list_id=price_list.id, product_id=product.id, cycle="monthly", price=Decimal(8)
    )
    nordic = world.account(name="Nordic Café", reselling_enabled=True)
    world.contact(nordic, first_name="Maria", last_name="Berg", email="maria@nordic.example", is_primary=True)
    mara = visits()

    mara.goes_to(f"/accounts/{nordic.id}")
    mara.page.locator("summary", has_text="Shortcuts").click()
    mara.page.get_by_role("link", name="Create Tenant Reseller").click()
    assert mara.page.get_by_label("Name").input_value() == "Maria Berg"
    assert mara.page.get_by_label("E-mail").input_value() == "maria@nordic.example"
    mara.finds_nothing_with_axe()

    mara.page.get_by_label("E-mail").fill("nobody")
    mara.presses("Create Tenant Reseller", "form.panel")
    mara.sees("No tenant was created.")
    assert mara.page.locator("#error-admin_email").inner_text().endswith("TEN-04")
    mara.finds_nothing_with_axe()

    mara.page.get_by_label("E-mail").fill("maria@nordic.example")
    mara.presses("Create Tenant Reseller", "form.panel")
    mara.sees("The tenant is being made")
    mara.goes_to("/tenant-resellers")
    mara.presses("Nordic Café", "table")
    mara.sees("On the way to trading", "The tenant was created; back ordering is disabled")
    assert mara.page.locator("h1 + .pill").inner_text() == "Set up"
    mara.finds_nothing_with_axe()


def test_ten_04_an_account_without_reselling_is_told_so(world: World, visits: Visits) -> None:
    lite, plain = world.account(name="Lite", reselling_enabled=True), world.account(name="Plain")
    mara = visits()

    mara.goes_to("/tenant-resellers/new")
    assert mara.page.get_by_role("link", name="Lite").count() == 1
    assert mara.page.get_by_role("link", name="Plain").count() == 0
    mara.finds_nothing_with_axe()
    mara.goes_to(f"/tenant-resellers/new?account={plain.id}")
    mara.sees("Reselling is not enabled on this account")
    mara.goes_to(f"/tenant-resellers/new?account={lite.id}")
    assert mara.page.get_by_text("Reselling is not enabled").count() == 0


def test_ten_05_the_page_has_counts_settings_and_every_shortcut_with_its_reason(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    mara = visits()
    mara.goes_to(f"/tenant-resellers/{reseller.account_id}")

    left = mara.page.locator(".stat", has_text="Left to transfer")
    assert left.locator(".stat-value").inner_text() == "4"
    assert "1 more cannot go" in left.inner_text()
    mara.page.locator("summary", has_text="Shortcuts").click()
    shortcuts = mara.page.locator(".menu-panel:visible .menu-item")
    assert [one.split("\n")[0].strip() for one in shortcuts.all_inner_texts()] == [
        "Transfer Accounts",
        "Transfer Subscriptions",
        "Activate Back Ordering",
        "Update Tenant",
        "Reconcile",
        "Suspend",
        "Resume",
        "Close",
    ]
    assert (
        mara.page.locator(
            ".menu-panel:visible .menu-refused", has_text="No accounts have been transferred yet."
        ).count()
        == 2
    )
    mara.finds_nothing_with_axe()
    mara.page.keyboard.press("Escape")

    mara.presses("Edit Settings")
    mara.page.get_by_label("Separate invoices").check()
    mara.page.get_by_label("All accounts").check()
    mara.presses("Save", "#edit-settings")
    mara.sees("Saved, for all accounts.")
    assert {world.row(world.distributor(), crm.account, one.id).separate_invoices for one in accounts.values()} == {
        True
    }


def test_dn_01_dn_03_ui_04_accounts_are_chosen_previewed_confirmed_watched_and_undone(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]], working: None
) -> None:
    reseller, accounts = story
    mara = visits()
    mara.goes_to(f"/tenant-resellers/{reseller.account_id}")
    mara.presses("Transfer Accounts", ".action-bar")

    # Who cannot go is greyed, with the reason; what was chosen stays while one searches.
    assert mara.page.get_by_label("Choose Vesta Marine").is_disabled()
    mara.sees("It is closed, transferred out or deleted.")
    mara.finds_nothing_with_axe()
    chooses(mara, "Accor")
    mara.page.get_by_placeholder("Search accounts billed to Helios Cloud").fill("bureau")
    mara.page.get_by_label("Choose Accor").wait_for(state="detached")
    chooses(mara, "Bureau Veritas")
    assert mara.page.locator("[data-chosen-count]").inner_text() == "2"
    mara.page.get_by_label("Why, for the record").fill("Contract of 3 May")
    mara.presses("Continue")

    # UI-04: the preview in the middle, differences first, the rest folded.
    mara.sees("What will be", "Contract of 3 May")
    plan = mara.at
    first = mara.page.locator(".preview-group").first
    assert (
        first.locator("tr.differs", has_text="Credit limit").locator(".will-be").inner_text().strip() == "0.00\xa0EUR"
    )
    assert "DN-16" in first.locator("tr.differs", has_text="Credit limit").inner_text()
    assert first.locator("tr.same", has_text="Name").first.is_hidden()
    second = mara.page.locator(".preview-group").nth(1)
    second.locator("summary").first.click()
    second.locator(".preview-record").first.wait_for()
    mara.finds_nothing_with_axe()

    mara.presses("Confirm 2 accounts")
    mara.presses("Transfer", "#ask-confirm")
    mara.sees("Results")
    assert mara.at == plan
    assert mara.page.locator("#results-results").get_by_text("Transferred").count() == 2
    mara.sees("Contract of 3 May")
    mara.finds_nothing_with_axe()

    # DN-29: ribbon and padlocks on the account; DN-03: it has dropped out of the list.
    mara.goes_to(f"/accounts/{accounts['Accor'].id}")
    mara.sees("This account is managed by Helios Cloud Tenant Reseller")
    assert mara.page.locator("dt:text-is('E-mail') + dd .padlock").count() == 1
    mara.goes_to(f"/tenant-resellers/{reseller.account_id}/transfer-accounts")
    assert mara.page.get_by_text("Accor").count() == 0
    assert mara.page.get_by_label("Choose Delos Networks").is_enabled()

    # HND-05: undone, with what stands in the way first.
    mara.goes_to(plan)
    mara.presses("Undo")
    mara.sees("Nothing: all of it can be taken back.")
    mara.finds_nothing_with_axe()
    mara.presses("Undo all 2")
    mara.presses("Undo", "#ask-undo")
    mara.page.locator("h1 + .pill", has_text="Undone").wait_for()
    mara.goes_to(f"/accounts/{accounts['Accor'].id}")
    assert mara.page.get_by_text("This account is managed by").count() == 0
    assert world.row(reseller, crm.account, accounts["Accor"].id) is None


def test_dn_32_a_blocker_leads_to_the_order_and_holds_back_that_account_only(
    visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, _ = story
    mara = visits()

    plans(mara, reseller, "Ionia Foods", "Delos Networks")

    finding = mara.page.locator(".finding", has_text="open-orders").first
    assert "DN-32" in finding.inner_text()
    finding.locator("summary").click()
    assert finding.get_by_role("link", name="Autumn licences").get_attribute("href").startswith("/orders/")
    assert mara.page.get_by_role("button", name="Confirm 1 of 2 accounts").is_visible()
    mara.page.get_by_role("link", name="Held back").click()
    mara.page.locator(".preview-group", has_text="Ionia Foods").wait_for()
    assert mara.page.locator(".preview-group").count() == 1
    assert mara.page.locator(".preview-group", has_text="stays behind").count() == 1


def test_hnd_01_nothing_chosen_is_refused_with_the_way_out(
    visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, _ = story
    mara = visits()

    mara.goes_to(f"/tenant-resellers/{reseller.account_id}/transfer-accounts")
    mara.presses("Continue")
    mara.sees("No account was chosen. Choose some, or say all.")
    mara.presses("Take all 4")
    mara.sees("What will be")


def test_hnd_02_a_changed_world_shows_the_new_plan_and_says_so(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]], working: None
) -> None:
    reseller, accounts = story
    mara = visits()
    plan = plans(mara, reseller, "Delos Networks")
    world.update(world.distributor(), crm.account, accounts["Delos Networks"].id, phone="+30 1")

    confirms(mara)

    mara.sees("The world has changed since this plan was made", "Nothing was run: this is the new plan.")
    assert world.row(world.distributor(), channel.handover, plan).status == "planned"
    confirms(mara)
    mara.sees("Results")
    assert world.row(reseller, crm.account, accounts["Delos Networks"].id).phone == "+30 1"


def test_hnd_03_a_handover_is_set_for_later_and_cancelled(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    mara = visits()
    plan = plans(mara, reseller, "Accor")

    mara.presses("Confirm 1 account")
    mara.page.get_by_label("When").fill("2020-01-01T08:00")
    mara.presses("Transfer", "#ask-confirm")
    mara.sees("That moment has passed.")
    mara.presses("Confirm 1 account")
    mara.page.get_by_label("When").fill("2099-01-01T08:00")
    mara.presses("Transfer", "#ask-confirm")
    mara.sees("Confirmed. It runs on")
    assert world.row(world.distributor(), channel.handover, plan).status == "scheduled"
    mara.finds_nothing_with_axe()

    mara.presses("Cancel", ".page-head")
    mara.presses("Cancel the run", "#ask-cancel")
    mara.sees("It was cancelled before anything was run.")
    assert world.row(world.distributor(), channel.handover, plan).status == "cancelled"
    assert world.row(reseller, crm.account, accounts["Accor"].id) is None


def test_hnd_04_the_record_is_filtered_and_saved(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    done = world.confirm(world.plan(accounts["Accor"], accounts["Ionia Foods"], to=reseller))
    mara = visits()

    mara.goes_to(f"/handovers/{done.id}")
    mara.page.get_by_label("Every result").select_option("copied")
    mara.page.locator("#results-results").get_by_text("Ionia Foods").wait_for(state="detached")
    mara.page.locator("summary", has_text="Export").click()
    with mara.page.expect_download() as download:
        mara.page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "Accor,New,Transferred" in text
    mara.goes_to(f"/handovers/{done.id}/preview")
    mara.sees("As it went")
    mara.finds_nothing_with_axe()


def test_hnd_05_what_the_reseller_changed_stays_with_its_reason(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]], working: None
) -> None:
    reseller, accounts = story
    done = world.confirm(world.plan(accounts["Accor"], accounts["Delos Networks"], to=reseller))
    world.update(reseller, crm.account, accounts["Accor"].id, phone="+33 1", version=2)
    mara = visits()

    mara.goes_to(f"/handovers/{done.id}/undo")
    mara.sees("The reseller has changed the account.")
    assert mara.page.get_by_label("Choose Accor").is_disabled()
    mara.presses("Undo chosen")
    mara.sees("Nothing was chosen.")
    chooses(mara, "Delos Networks")
    mara.presses("Undo chosen")
    mara.sees("Results")
    mara.page.locator("#results-results").get_by_text("Undone").wait_for()
    assert world.row(reseller, crm.account, accounts["Delos Networks"].id) is None
    assert world.row(reseller, crm.account, accounts["Accor"].id) is not None


def test_hnd_06_the_list_of_handovers_is_filtered_by_reseller_and_status(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    world.confirm(world.plan(accounts["Accor"], to=reseller))
    other = world.tenant_reseller(name="Meridian IT")
    world.plan(world.account(bill_to=other), to=other)
    mara = visits()

    mara.goes_to("/handovers")
    assert mara.page.locator("tbody tr").count() == 2
    mara.finds_nothing_with_axe()
    mara.page.get_by_label("Any status").select_option("planned")
    mara.page.locator("tbody tr", has_text="Helios Cloud").wait_for(state="detached")
    assert mara.page.locator("tbody tr").count() == 1
    mara.goes_to(f"/handovers?tenant_reseller_id={reseller.account_id}")
    assert mara.page.locator("tbody tr", has_text="Helios Cloud").count() == 1
    assert mara.page.locator("tbody tr").count() == 1


def test_ui_02_a_plan_that_is_being_made_shows_its_progress_and_survives_leaving(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    plan = world.plan(accounts["Accor"], to=reseller)
    world.update(world.distributor(), channel.handover, plan.id, status="planning", digest=None)
    mara = visits()

    mara.goes_to(f"/handovers/{plan.id}")
    mara.sees("Planning what goes to Helios Cloud")
    mara.finds_nothing_with_axe()
    mara.goes_to("/handovers")
    world.update(world.distributor(), channel.handover, plan.id, status="planned", digest=plan.digest)
    mara.presses("Transfer Accounts", "table")
    mara.sees("What will be")


def test_ten_20_a_reader_sees_the_plan_and_is_told_why_he_cannot_confirm(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    plan = world.plan(accounts["Accor"], to=reseller)
    above = world.distributor()
    user = world.insert(above, "tenant_user", email="ines@example.org", name="Ines").id
    role = world.insert(above, "role", name="Onlooker", permissions=["handover:view", "tenant_resellers:view"]).id
    world.insert(above, "user_role", user_id=user, role_id=role)
    ines = visits(Tenant(world, above.id, above.code, above.name, user, above.rule_id))

    ines.goes_to(f"/handovers/{plan.id}")
    button = ines.page.get_by_role("button", name="Confirm 1 account")
    assert button.get_attribute("aria-disabled") == "true"
    assert "TEN-20" in ines.page.locator("#why-confirm").text_content()
    ines.goes_to(f"/tenant-resellers/{reseller.account_id}/transfer-accounts")
    ines.sees("handover:plan")


def test_ten_02_another_tenants_handover_looks_like_an_unknown_one(
    world: World, visits: Visits, story: tuple[Tenant, dict[str, Row]]
) -> None:
    reseller, accounts = story
    plan = world.plan(accounts["Accor"], to=reseller)
    stranger, mara = visits(world.tenant("distributor")), visits()

    mara.goes_to(f"/handovers/{plan.id}")
    mara.sees("What will be")
    said = []
    for id_ in (plan.id, "01a2005e-9099-75ac-a4e7-646134732bbf", "nonsense"):
        stranger.goes_to(f"/handovers/{id_}")
        said.append(stranger.page.locator(".problem-sentence").inner_text())
    assert len(set(said)) == 1
