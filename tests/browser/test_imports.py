"""Imports in the browser: a file is read and matched, every row gets its verdict, what is ready is brought in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.browser.conftest import Visitor, Visits
from tests.world import World

from tenantry.schema import crm, intake

HEAD = "Firma;Land;Stadt;Ansprechpartner;Bemerkung;Etwas"
ROWS = (
    "Accor;FR;Paris;Claire Fontaine;Gruppe;x",
    "Acciona;Spanien-ohne-Wort;Madrid;;;y",
    ";DE;Berlin;Wer Auchimmer;;z",
    "Ionia Foods;GR;Patras;;;",
)


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    """A German file with semicolons in Latin-1: one row without a name, one with a country that is none."""
    path = tmp_path / "Kunden.csv"
    path.write_bytes("\r\n".join((HEAD, *ROWS)).encode("latin-1"))
    return path


def brings(visitor: Visitor, path: Path) -> None:
    visitor.goes_to("/imports/new")
    visitor.page.set_input_files("#field-file", path)
    visitor.presses("Read the file")


def test_cat_04_a_file_is_mapped_judged_chosen_and_brought_in(world: World, visits: Visits, companies: Path) -> None:
    mara = visits()
    mara.goes_to("/imports")
    mara.sees("No imports yet")
    mara.finds_nothing_with_axe()
    mara.presses("Import a file")
    mara.finds_nothing_with_axe()
    brings(mara, companies)

    # Matched by name, in German; problems first, each with its rule and the way out.
    mara.sees("Kunden.csv")
    assert mara.page.get_by_label("Firma goes to").input_value() == "name"
    assert mara.page.get_by_label("Etwas goes to").input_value() == ""
    refused = mara.page.locator("#rows-results tbody tr")
    assert refused.count() == int(mara.page.locator(".stat", has_text="Refused").locator(".stat-value").inner_text())
    assert "CAT-04" in refused.first.inner_text() or "TEN-" in refused.first.inner_text()
    assert world.rows(world.distributor(), crm.account, name="Accor") == []
    mara.finds_nothing_with_axe()

    # By hand.
    mara.page.get_by_label("Etwas goes to").select_option("source")
    mara.presses("Judge every row anew")
    mara.sees("Every row was judged anew.")
    assert "Chosen by hand" in mara.page.locator("tr", has_text="Etwas").first.inner_text()

    # One row is left out.
    mara.page.get_by_role("link", name="All").click()
    mara.page.get_by_label("Choose Ionia Foods").check()
    mara.presses("Leave them out")
    mara.sees("1 row left out.", "left out by hand")

    mara.presses("Import", ".wizard-foot")
    mara.presses("Import", "#ask-confirm")
    mara.page.locator("h1 + .pill", has_text="Completed").wait_for()
    mara.finds_nothing_with_axe()
    above = world.distributor()
    [accor] = world.rows(above, crm.account, name="Accor")
    assert [one.city for one in world.rows(above, crm.address, account_id=accor.id)] == ["Paris"]
    assert [one.last_name for one in world.rows(above, crm.contact, account_id=accor.id)] == ["Fontaine"]
    assert world.rows(above, crm.account, name="Ionia Foods") == []
    mara.presses("Accor", "#rows-results")
    assert mara.at == f"/accounts/{accor.id}"


def test_cat_04_refused_rows_come_back_as_a_file(visits: Visits, companies: Path) -> None:
    mara = visits()
    brings(mara, companies)

    mara.sees("Kunden.csv")
    with mara.page.expect_download() as download:
        mara.page.get_by_role("link", name="Refused rows as CSV").click()

    text = download.value.path().read_text("utf-8-sig")
    assert text.splitlines()[0].endswith("Line,Reason")
    assert "Wer Auchimmer" in text
    assert "Accor" not in text


@pytest.mark.parametrize(("name", "content"), [("empty.csv", b""), ("picture.xlsx", b"PK\x03\x04 nothing")])
def test_cat_04_a_file_that_cannot_be_read_is_said_so_and_nothing_is_kept(
    world: World, visits: Visits, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    mara = visits()

    brings(mara, path)

    mara.sees("The file could not be read.")
    assert "CAT-04" in mara.page.locator(".field-error").inner_text()
    assert world.rows(world.distributor(), intake.import_run) == []
    mara.finds_nothing_with_axe()


def test_cat_04_no_file_and_two_columns_for_one_field_are_refused(visits: Visits, companies: Path) -> None:
    mara = visits()
    mara.goes_to("/imports/new")
    mara.presses("Read the file")
    mara.sees("No file was chosen.")

    brings(mara, companies)
    mara.page.get_by_label("Etwas goes to").select_option("name")
    mara.presses("Judge every row anew")
    mara.sees("Two columns fill name.")
    assert mara.page.get_by_label("Etwas goes to").input_value() == ""


def test_ui_02_a_large_import_is_run_by_a_worker_and_watched(
    world: World, visits: Visits, tmp_path: Path, working: None
) -> None:
    path = tmp_path / "many.csv"
    path.write_text("name,country\n" + "".join(f"Company {number},DE\n" for number in range(1_200)))
    mara = visits()
    brings(mara, path)

    mara.presses("Import 1,200 accounts")
    mara.presses("Import", "#ask-confirm")
    mara.page.locator("h1 + .pill", has_text="Completed").wait_for(timeout=30_000)
    assert len(world.rows(world.distributor(), crm.account)) == 1_200


def test_ui_02_an_import_that_is_read_shows_so(world: World, visits: Visits, companies: Path) -> None:
    mara = visits()
    brings(mara, companies)
    mara.sees("Kunden.csv")
    world.update(
        world.distributor(),
        intake.import_run,
        world.rows(world.distributor(), intake.import_run)[0].id,
        status="reading",
    )

    mara.page.reload()
    mara.sees("Every row gets its verdict")
    mara.finds_nothing_with_axe()
    mara.presses("Cancel", ".page-head")
    mara.presses("Cancel the import", "#ask-cancel")
    mara.sees("The import was cancelled.")


def test_cat_04_a_plan_is_withdrawn(world: World, visits: Visits, companies: Path) -> None:
    mara = visits()
    brings(mara, companies)

    mara.presses("Withdraw", ".wizard-foot")
    mara.presses("Withdraw", "#ask-cancel")
    mara.sees("The import was cancelled.")
    assert world.rows(world.distributor(), crm.account) == []
    mara.goes_to("/imports")
    assert mara.page.locator("tbody tr", has_text="Kunden.csv").inner_text().count("Cancelled") == 1


def test_cat_04_running_subscriptions_are_brought_in_and_a_wrong_row_is_told(
    world: World, visits: Visits, tmp_path: Path
) -> None:
    above, today = world.distributor(), datetime.now(tz=UTC).date()
    world.account(name="Alpha")
    mail = world.product(sku="MAIL", name="Mail")
    world.insert(above, "product_price", product_id=mail.id, cycle="monthly", currency="EUR", unit_price=10)
    path = tmp_path / "running.csv"
    path.write_text(
        "account,product,cycle,quantity,start_on\n"
        f"Alpha,MAIL,monthly,3,{today}\n"
        f"Nobody,MAIL,monthly,3,{today}\n"
        f"Alpha,MAIL,monthly,0,{today}\n"
    )
    mara = visits()
    mara.goes_to("/imports/new")
    mara.page.get_by_label("What the rows are").select_option("subscriptions")
    mara.page.set_input_files("#field-file", path)
    mara.presses("Read the file")
    mara.sees("running.csv", "There is no such account here.", "Nothing is charged for the past")
    mara.finds_nothing_with_axe()
    assert world.rows(above, "subscription") == []
    mara.page.get_by_role("link", name="All").click()
    mara.sees("Charged from")
    mara.presses("Import", ".wizard-foot")
    mara.presses("Import", "#ask-confirm")
    mara.page.locator("h1 + .pill", has_text="Completed").wait_for()
    mara.finds_nothing_with_axe()
    (made,) = world.rows(above, "subscription")
    assert (made.quantity, made.status) == (3, "active")
    mara.presses("Alpha", "#rows-results")
    assert mara.at == f"/subscriptions/{made.id}"
    mara.sees("Subscription was imported from running.csv")
