"""The commands as scripts and people use them (CLI-01)."""

from datetime import UTC, datetime
from pathlib import Path

from tenantry.cli.doctor import Diagnosis, of_jobs
from tenantry.jobs import JobFigures
from tenantry.tenancy import keys
from tenantry.web.http.metrics import metrics_token
from tests.cli.conftest import Say
from tests.conftest import SECRET


def test_cli_01_demo_says_who_is_who(say: Say) -> None:
    said = say("demo", "--json").json

    assert [(one["code"], one["kind"]) for one in said["tenants"]] == [
        ("meridian", "distributor"),
        ("nordlicht", "reseller"),
        ("aegean", "reseller"),
        ("skerry", "reseller"),
    ]
    assert said["loaded"] is False
    assert {"email", "password", "tenant", "name"} <= said["people"][0].keys()


def test_cli_01_a_token_is_made_for_a_user_and_an_unknown_one_is_refused_with_the_way_out(say: Say) -> None:
    made = say("token", "create", "--tenant", "meridian", "--user", "mara@meridian.example", "--json")
    assert made.code == 0
    assert made.json["token"].startswith("tnt_")

    refused = say("token", "create", "--tenant", "meridian", "--user", "nobody@meridian.example", "--json")
    assert refused.code == 1
    assert refused.json["faults"][0]["field"] == "user"
    unknown = say("token", "create", "--tenant", "nowhere", "--user", "mara@meridian.example")
    assert unknown.code == 1
    assert "nowhere" in unknown.err
    assert "meridian" in unknown.err


def test_cli_01_cat_04_accounts_are_planned_then_imported_and_refused_rows_are_written_down(
    say: Say, tmp_path: Path
) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(
        "Company;Land;E-Mail\n"
        "Müller GmbH;Deutschland;office@mueller.example\n"
        ";DE;x@y.example\n"
        "Bad Mail AG;DE;not an address\n",
        "latin-1",
    )

    planned = say("import", "accounts", str(file), "--tenant", "meridian", "--plan", "--json")
    assert planned.code == 0
    assert planned.json["counts"]["refused"] == 2
    assert {row["line"] for row in planned.json["rows"] if row["verdict"] == "refused"} == {3, 4}

    refused = tmp_path / "refused.csv"
    done = say("import", "accounts", str(file), "--tenant", "meridian", "--yes", "--json", "--refused", str(refused))
    assert done.code == 3
    assert done.json["counts"]["imported"] == 1
    assert "Bad Mail AG" in refused.read_text()
    assert "Müller" not in refused.read_text()


def test_cli_01_what_a_file_says_is_shown_as_it_stands_and_a_line_stays_one(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "[red]customers.csv"
    file.write_text("name,email,currency\nBrackets Ltd,[/red] is no address however long it is,EUR\n")

    planned = say("import", "accounts", str(file), "--tenant", "meridian", "--plan")

    assert planned.code == 0, planned.err
    assert "[red]customers.csv" in planned.out
    lines = [line for line in planned.out.splitlines() if "[/red] is no address" in line]
    assert lines
    assert all("name@company.example" in line for line in lines)
    missing = say("import", "accounts", str(file), "--tenant", "[/red]", "--plan")
    assert missing.code == 1
    assert "'[/red]'" in missing.err


def test_cli_01_cat_04_a_plan_without_a_column_for_the_name_says_so_and_fails(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("Alpha,Country\nNobody Ltd,GB\n")

    for asked in ("--plan", "--yes"):
        assert say("import", "accounts", str(file), "--tenant", "meridian", asked).code == 1
    planned = say("import", "accounts", str(file), "--tenant", "meridian", "--json")
    assert planned.code == 1
    assert (planned.json["counts"]["ready"], planned.json["counts"]["refused"]) == (0, 1)
    assert [one["code"] for one in planned.json["findings"]] == ["no-name-column"]
    mended = say("import", "accounts", str(file), "--tenant", "meridian", "--column", "Alpha=name", "--plan", "--json")
    assert (mended.code, mended.json["counts"]["refused"]) == (0, 0)


def test_cli_01_an_import_nobody_confirmed_brings_in_nothing(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("name,country\nUnconfirmed Ltd,GB\n")

    assert say("import", "accounts", str(file), "--tenant", "meridian", "--json").code == 4
    planned = say("import", "accounts", str(file), "--tenant", "meridian", "--plan", "--skip-duplicates", "--json")

    assert planned.json["counts"].get("skipped", 0) == 0


def test_cli_01_dn_01_accounts_are_planned_transferred_listed_and_undone(say: Say, tmp_path: Path) -> None:
    plan = say("handover", "transfer-accounts", "--reseller", "nordlicht", "--all", "--plan", "--json")
    assert plan.code == 0
    assert (plan.json["status"], plan.json["counts"]["held"]) == ("planned", 1)
    assert {one["rule"] for one in plan.json["findings"]} >= {"DN-32", "DN-23", "DN-24", "DN-33", "DN-13"}
    assert say("handover", "transfer-accounts", "--reseller", "nordlicht", "--all", "--json").code == 4

    done = say("handover", "transfer-accounts", "--reseller", "nordlicht", "--all", "--yes", "--json")
    assert done.code == 0
    assert (done.json["status"], done.json["counts"]["copied"]) == ("completed", plan.json["total"])
    listed = say("handover", "list", "--tenant", "meridian")
    assert str(done.json["number"]) in listed.out

    undone = say("handover", "undo", "--tenant", "meridian", "--number", str(done.json["number"]), "--yes", "--json")
    assert undone.code == 0
    assert undone.json["status"] == "undone"


def test_cli_01_dn_02_a_file_of_accounts_names_every_line_that_is_none(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "accounts.txt"
    file.write_text("999999999\nnonsense\n")

    said = say("handover", "transfer-accounts", "--reseller", "nordlicht", "--accounts", str(file), "--yes", "--json")

    assert said.code == 1
    assert [fault["field"] for fault in said.json["faults"]] == ["line 1", "line 2"]
    neither = say("handover", "transfer-accounts", "--reseller", "nordlicht", "--yes")
    assert neither.code == 1
    assert "--all" in neither.err


def test_cli_01_doctor_looks_at_the_installation(say: Say) -> None:
    found = {one["name"]: one["well"] for one in say("doctor", "--json").json}

    assert {"Server", "Logins", "Walls", "Tenants", "Handovers", "Jobs"} <= found.keys()
    assert all(found[name] for name in ("Server", "Logins", "Walls", "Tenants", "Handovers"))


def test_ops_03_doctor_takes_waiting_jobs_for_a_hint_and_failed_ones_for_a_fault() -> None:
    def found(**now: int) -> Diagnosis:
        figures = {"waiting": 0, "running": 0, "failed": 0, "oldest_waiting_seconds": 0, "messages": 0, "set_aside": 0}
        return of_jobs(JobFigures(**figures | now))

    quiet, waiting = found(), found(waiting=2, oldest_waiting_seconds=90)
    failed, parked = found(failed=1, waiting=1, oldest_waiting_seconds=90), found(set_aside=1)

    assert (quiet.well, quiet.hint, quiet.remedy) == (True, False, "")
    assert (waiting.well, waiting.hint) == (True, True)
    assert "tenantry worker" in waiting.remedy
    assert not failed.well
    assert "log" in failed.remedy
    assert "tenantry worker" in failed.remedy
    assert not parked.well


def test_ops_03_doctor_says_where_the_figures_are_and_tells_no_secret(say: Say) -> None:
    said = say("doctor")
    token = say("token", "metrics").out.strip()

    assert "http://127.0.0.1:8000/metrics" in said.out
    assert "tenantry token metrics" in said.out
    keys.use(SECRET)
    assert token == metrics_token() == say("token", "metrics", "--json").json["token"]
    assert token not in said.out
    assert SECRET not in said.out


def test_cli_01_help_names_every_command_and_bench_its_benches(say: Say) -> None:
    words = say("--help").out
    assert all(
        name in words
        for name in ("serve", "worker", "migrate", "demo", "import", "handover", "token", "bench", "doctor")
    )
    assert all(name in say("bench").out for name in ("transfer-accounts", "preview", "pages"))
    assert say("bench", "nonsense").code == 1


def test_cli_01_cat_04_a_later_year_of_prices_is_shown_as_a_difference(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "saas.csv"
    file.write_text(
        "product,year,kind,name,price,currency,unit\n"
        "Crate,2021,plan,TEAM,15,EUR,user/month\n"
        "Crate,2022,plan,TEAM,20,EUR,user/month\n"
        "Crate,2022,plan,OTHER,20,XXX,user/month\n"
    )
    command = ("import", "products", str(file), "--tenant", "meridian")

    first = say(*command, "--year", "2021", "--yes", "--json")
    assert (first.code, first.json["counts"]["imported"], first.json["counts"]["skipped"]) == (0, 1, 2)
    planned = say(*command, "--plan", "--json")

    [refused, ready] = planned.json["rows"]
    assert (planned.code, refused["verdict"], ready["line"]) == (0, "refused", 3)
    assert ready["changes"] == [{"field": "monthly price in EUR", "before": "15", "after": "20"}]
    assert "monthly price in EUR: 15 → 20" in say(*command, "--plan").out
    assert say(*command, "--yes", "--json").code == 3
    prices = tmp_path / "prices.csv"
    prices.write_text("sku,price,currency,cycle\nCRATE-TEAM,9,EUR,yearly\n")
    assert say("import", "prices", str(prices), "--tenant", "meridian", "--yes", "--json").code == 0


def test_cli_01_cat_04_subscriptions_are_planned_then_imported_and_refused_ones_are_told(
    say: Say, tmp_path: Path
) -> None:
    today = datetime.now(tz=UTC).date()
    accounts, products, file = (tmp_path / f"{name}.csv" for name in ("accounts", "products", "running"))
    accounts.write_text("name,country,currency\nRunning Ltd,DE,EUR\n")
    products.write_text("product,name,price,currency,unit\nBarrel,TEAM,15,EUR,user/month\n")
    for kind, one in (("accounts", accounts), ("products", products)):
        assert say("import", kind, str(one), "--tenant", "meridian", "--yes", "--json").json["counts"]["imported"] == 1
    file.write_text(
        "account,product,cycle,quantity,start_on\n"
        f"Running Ltd,BARREL-TEAM,monthly,3,{today}\n"
        f"Running Ltd,BARREL-TEAM,monthly,0,{today}\n"
        f"Nobody Ltd,BARREL-TEAM,monthly,1,{today}\n"
    )
    command = ("import", "subscriptions", str(file), "--tenant", "meridian")

    planned = say(*command, "--plan", "--json")
    assert (planned.code, planned.json["counts"]["ready"], planned.json["counts"]["imported"]) == (0, 1, 0)
    assert [(row["line"], row["problems"][0]["code"]) for row in planned.json["rows"] if row["problems"]] == [
        (3, "quantity-unfit"),
        (4, "account-unknown"),
    ]
    assert f"charged from: nothing → {today}" in say(*command, "--plan").out
    done = say(*command, "--yes", "--json")
    assert (done.code, done.json["counts"]["imported"], done.json["counts"]["refused"]) == (3, 1, 2)


def test_cli_01_cat_20_a_tenant_is_updated_from_the_line_the_difference_first(say: Say) -> None:
    command = ("update-tenant", "--reseller", "nordlicht")

    planned = say(*command, "--plan", "--json")
    assert planned.code == 0, planned.err
    assert planned.json["state"] == "planned"
    first = planned.json["differences"][0]
    assert first["rule"] == "CAT-20"
    shown = say(*command, "--plan").out
    assert planned.json["summary"] in shown
    assert first["what"] in shown
    unanswered = say(*command, "--json")
    assert unanswered.code == 4, "it was planned, and waits for somebody to confirm"
    assert unanswered.json["state"] == "planned"
    assert say(*command, "--user", "ines@meridian.example", "--yes", "--json").code == 1
    done = say(*command, "--yes", "--json")
    assert (done.code, done.json["state"]) == (0, "applied")
    again = say(*command, "--yes", "--json")
    assert (again.code, again.json["differences"]) == (0, [])


def test_cli_01_cat_20_only_the_tenant_of_a_reseller_is_updated(say: Say) -> None:
    above = say("update-tenant", "--reseller", "meridian", "--plan", "--json")
    assert (above.code, above.json["faults"][0]["field"]) == (1, "reseller")
    nobody = say("update-tenant", "--reseller", "nowhere", "--plan")
    assert nobody.code == 1
    assert "nowhere" in nobody.err
