"""`tenantry invoices`: what is pending, what would be made, and what is (CLI-01, BIL-02)."""

from tests.cli.conftest import Say

TENANT = ("--tenant", "meridian")


def test_cli_01_bil_02_what_is_pending_is_shown_and_what_is_due_invoiced_once_agreed(say: Say) -> None:
    due = say("invoices", "pending", *TENANT, "--json").json
    assert due["items"][0]["is_due"]

    seen = say("invoices", "generate", *TENANT, "--plan", "--json")
    asked = say("invoices", "generate", *TENANT, "--json")

    assert (seen.code, asked.code) == (0, 4), "shown, and waiting for somebody to agree"
    assert seen.json["invoices"] == due["total"]

    made = say("invoices", "generate", *TENANT, "--yes", "--json")

    assert made.code == 0
    assert (made.json["status"], made.json["invoices"]) == ("completed", seen.json["invoices"])
    assert made.json["sums"] == seen.json["sums"]
    assert "Nothing is yet to be invoiced" in say("invoices", "pending", *TENANT).out


def test_cli_01_bil_02_an_account_that_is_not_there_is_refused_with_the_way_out(say: Say) -> None:
    refused = say("invoices", "pending", *TENANT, "--account", "5")

    assert refused.code == 1
    assert "There is no account with the number 5." in refused.err
