"""The set-up in the browser: every page, what it asks, and what it refuses."""

import pytest
from tests.browser.conftest import Visits
from tests.browser.office import fills
from tests.world import World

PAGES = (
    "organisation",
    "organisation/edit",
    "users",
    "roles",
    "roles/new",
    "groups",
    "groups/new",
    "permission-rules",
    "permission-rules/new",
    "api-options",
    "api-options/account/edit",
    "custom-fields",
    "custom-fields/new",
    "payment-methods",
    "payment-methods/new",
    "currencies",
    "order-types",
    "order-types/new",
    "api-tokens",
    "api-tokens/new",
    "audit-log",
)


@pytest.mark.parametrize("page", PAGES)
def test_ui_01_every_page_of_the_set_up_is_accessible(visits: Visits, page: str) -> None:
    mara = visits()
    mara.goes_to(f"/setup/{page}")
    mara.page.locator("h1").wait_for()
    mara.finds_nothing_with_axe()


def test_ten_23_a_custom_field_is_defined_asked_for_and_shown(world: World, visits: Visits) -> None:
    accor = world.account(name="Accor")
    mara = visits()
    mara.goes_to("/setup/custom-fields/new")
    fills(mara, name="Sales region", label="Sales region", choices="North\nSouth")
    mara.page.get_by_label("Type").select_option("choice")
    mara.presses("Save")
    mara.sees("This cannot be a name.")
    assert mara.page.locator("#field-choices").input_value() == "North\nSouth"
    fills(mara, name="sales_region")
    mara.page.get_by_label("Compulsory").check()
    mara.presses("Save")
    mara.sees("The field was defined.")

    mara.goes_to(f"/accounts/{accor.id}/edit")
    mara.presses("Save")
    mara.sees("Sales region must be filled.")
    mara.finds_nothing_with_axe()
    mara.page.get_by_label("Sales region").select_option("South")
    mara.presses("Save")
    mara.sees("Accor was saved.", "South")


def test_ten_20_a_role_is_a_matrix_of_permissions(world: World, visits: Visits) -> None:
    mara = visits()
    mara.goes_to("/setup/roles/new")
    mara.page.get_by_label("View See accounts").check()
    mara.presses("Save")
    mara.sees("This must be filled.")
    assert mara.page.get_by_label("View See accounts").is_checked()
    fills(mara, name="Front desk")
    mara.presses("Save")
    mara.sees("The role was created.", "Accounts (view)")
    assert [one.permissions for one in world.rows(world.distributor(), "role", name="Front desk")] == [
        ["accounts:view"]
    ]


def test_ten_21_a_permission_rule_names_who_gets_what(world: World, visits: Visits) -> None:
    above = world.distributor()
    mara = visits()
    mara.goes_to("/setup/groups/new")
    fills(mara, name="Care")
    mara.page.locator("input[name=user_ids]").first.check()
    mara.presses("Save")
    mara.sees("The group was created.")
    mara.goes_to("/setup/permission-rules/new")
    fills(mara, name="Care edits")
    mara.page.get_by_label("Line 1: who").select_option(label="Care")
    mara.page.get_by_label("Line 1: how much").select_option("edit")
    mara.page.get_by_label("Contacts").check()
    mara.presses("Save")
    mara.sees("The permission rule was created.", "Care: edit")
    rule = world.rows(above, "permission_rule", name="Care edits")[0]
    assert [one.access for one in world.rows(above, "permission_grant", rule_id=rule.id)] == ["edit"]
    assert [one.entity for one in world.rows(above, "permission_default", rule_id=rule.id)] == ["contact"]


def test_ten_22_api_options_say_who_gets_what_the_system_creates(world: World, visits: Visits) -> None:
    above = world.distributor()
    mara = visits()
    mara.goes_to("/setup/api-options")
    mara.sees("falls back")
    mara.presses("Edit", "table")
    mara.page.get_by_label("Responsible user").select_option(str(above.admin_id))
    mara.presses("Save")
    mara.sees("The options of accounts were saved.")
    assert [one.responsible_user_id for one in world.rows(above, "api_option", entity="account")] == [above.admin_id]


def test_api_03_a_tokens_secret_is_shown_once(world: World, visits: Visits) -> None:
    mara = visits()
    mara.goes_to("/setup/api-tokens/new")
    mara.presses("Make token")
    mara.sees("A token has at least one scope.")
    fills(mara, name="Nightly export")
    mara.page.get_by_label("accounts:view").check()
    mara.presses("Make token")
    mara.sees("Copy it now: it is not shown again.")
    secret = mara.page.locator(".once").inner_text()
    mara.finds_nothing_with_axe()
    answer = mara.page.request.get(
        f"{mara.site}/api/v1/accounts", headers={"authorization": f"Bearer {secret}", "cookie": ""}
    )
    assert answer.status == 200
    mara.presses("Done")
    mara.sees("Nightly export")
    assert secret not in mara.page.content()
    mara.presses("Revoke", "table")
    mara.presses("Revoke", "dialog[open]")
    mara.sees("The token was revoked.")
    assert secret not in mara.page.content()


def test_ten_30_currencies_come_with_rate_source_and_date(visits: Visits) -> None:
    mara = visits()
    mara.goes_to("/setup/currencies")
    mara.sees("European Central Bank")
    mara.presses("Activate", ".action-bar")
    mara.page.locator("#activate select").select_option("CHF")
    mara.presses("Activate", "#activate")
    mara.sees("CHF was activated.", "Swiss Franc")
    mara.finds_nothing_with_axe()


def test_sec_06_the_audit_log_says_who_did_what(world: World, visits: Visits) -> None:
    mara = visits()
    mara.goes_to("/setup/order-types/new")
    fills(mara, name="Renewal")
    mara.presses("Save")
    mara.goes_to("/setup/audit-log")
    mara.sees("Made the order type 'Renewal'.")
    mara.page.get_by_label("What about").select_option("currencies")
    mara.presses("Show")
    assert mara.page.get_by_text("Renewal").count() == 0
