"""Accounts with addresses and contacts from files: verdicts row by row, a digest, and nothing half imported."""

import csv
import io

import pytest
import sqlalchemy as sa

from tenantry.intake import actions, queries, running
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from tenantry.schema import crm
from tenantry.schema.tenant import custom_field, tenant_currency
from tests.intake.stories import COMPANIES, accounts, act, bring, codes, confirm, needs_companies, rows, table, view
from tests.world import World


@needs_companies
def test_cat_04_companies_go_in_as_they_are(world: World) -> None:
    home = world.distributor()
    id = bring(world, COMPANIES.read_bytes(), name="companies.csv")

    planned = view(world, id)
    assert planned.format == "csv, UTF-8, comma"
    assert planned.counts["rows"] == 1837
    assert planned.counts["refused"] == 0
    assert {"country-missing", "currency-missing", "currency-inactive", "website-unclear", "like-row"} == {
        finding["code"] for finding in planned.findings
    }
    confirm(world, id)
    running.run(world.worker, home.id, id, lambda: None)

    done = view(world, id)
    assert (done.status, done.done, done.total, done.counts["imported"]) == ("completed", 1837, 1837, 1837)
    [mmm] = world.rows(home, crm.account, name="3M")
    assert (mmm.country, mmm.state, mmm.currency, mmm.website, mmm.bill_to_id) == (
        "US",
        "US-MN",
        "EUR",
        "3m.com",
        mmm.id,
    )
    [address] = world.rows(home, crm.address, account_id=mmm.id)
    assert (address.city, address.country, address.is_billing) == ("Maplewood", "US", True)
    [line] = world.rows(home, crm.history_line, subject_id=mmm.id)
    assert (line.sentence, line.actor_id) == ("Account was imported from companies.csv", home.admin_id)
    numbers = [row.number for row in world.rows(home, crm.account)]
    assert len(set(numbers)) == 1837


def test_cat_04_a_row_brings_account_address_and_contacts(world: World) -> None:
    home = world.distributor()
    content = table(
        "Firma;Straße;PLZ;Ort;Land;Währung;Ansprechpartner;Kontakt E-Mail;Contact 2 last name;Contact 2 phone".replace(
            ";", "|"
        ),
        "Müller GmbH|Goethestraße 1|10115|Berlin|Deutschland|Euro|Anna Weber|anna@mueller.example|Schmidt|030 1",
    )
    id = bring(world, content)

    assert view(world, id).counts["ready"] == 1
    confirm(world, id)

    [account] = world.rows(home, crm.account, name="Müller GmbH")
    assert (account.country, account.currency, account.standing) == ("DE", "EUR", "own")
    [address] = world.rows(home, crm.address, account_id=account.id)
    assert (address.street, address.postcode, address.country) == ("Goethestraße 1", "10115", "DE")
    people = world.rows(home, crm.contact, account_id=account.id)
    assert {(one.first_name, one.last_name, one.email) for one in people} == {
        ("Anna", "Weber", "anna@mueller.example"),
        ("", "Schmidt", ""),
    }
    assert [line.sentence for line in world.rows(home, crm.history_line, subject_id=people[0].id)] == [
        "Contact was imported from customers.csv"
    ]


def test_cat_04_ten_thousand_rows_say_which_seven_are_bad_and_why(world: World) -> None:
    bad = {
        5: "|DE|EUR|a@b.example",
        77: "Row|Atlantis|EUR|a@b.example",
        1_000: "Row|DE|XXZ|a@b.example",
        2_500: "Row|DE|EUR|nobody",
        5_000: f"{'x' * 400}|DE|EUR|a@b.example",
        9_998: "Row|DE|EUR|a@@b.example",
        10_001: f"{'y' * 5_000_000}|DE|EUR|a@b.example",
    }
    lines = [bad.get(line, f"Company {line}|DE|EUR|info{line}@company.example") for line in range(2, 10_002)]
    id = bring(world, table("Name|Country|Currency|E-mail", *lines))

    assert view(world, id).status == "reading"
    act(world, "plan", id)

    planned = view(world, id)
    assert (planned.counts["rows"], planned.counts["refused"]) == (10_000, 7)
    refused = rows(world, id, "refused")
    assert codes(refused) == {
        5: ["name-missing"],
        77: ["country-unknown"],
        1_000: ["currency-unknown"],
        2_500: ["email-invalid"],
        5_000: ["too-long"],
        9_998: ["email-invalid"],
        10_001: ["too-long"],
    }
    problem = refused[1].problems[0]
    assert (problem["column"], problem["value"], problem["rule"]) == ("Country", "Atlantis", "TEN-30")
    assert problem["remedy"]
    assert "5,000,000 characters" in refused[6].problems[0]["message"]


def test_cat_04_refused_rows_are_exported_mended_and_brought_again(world: World) -> None:
    home = world.distributor()
    id = bring(world, table("Name|Country|Phone", "Good|DE|1", "Bad|Atlantis|+49 30 1", "=Worse()|Mordor|+1+cmd"))
    confirm(world, id)
    with world.web.work(home.id, world.admin(home)) as work:
        exported = "".join(queries.refused_csv(work, id))

    found = list(csv.reader(io.StringIO(exported.removeprefix("\ufeff"))))
    assert found[0] == ["Name", "Country", "Phone", "Line", "Reason"]
    assert found[1][:4] == ["Bad", "Atlantis", "+49 30 1", "3"]
    assert "This is no country" in found[1][4]
    assert found[2][:3] == ["'=Worse()", "Mordor", "'+1+cmd"]
    mended = bring(world, exported.replace("Atlantis", "FR").replace("Mordor", "FR").encode())
    assert view(world, mended).mapping == {
        "Name": "name",
        "Country": "country",
        "Phone": "phone",
        "Line": "",
        "Reason": "",
    }
    confirm(world, mended)
    assert {"Good", "Bad", "=Worse()"} <= set(accounts(world))


def test_cat_04_columns_are_matched_by_hand(world: World) -> None:
    id = bring(world, table("Alpha|Beta|Gamma", "Acme|DE|ignored"))
    blind = view(world, id)
    assert (blind.digest, [one["code"] for one in blind.findings]) == (None, ["no-name-column"])
    assert (blind.counts["ready"], blind.counts["refused"]) == (0, 1)
    assert codes(rows(world, id)) == {2: ["no-name-column"]}
    with pytest.raises(Conflict) as refused:
        act(world, "confirm", id, "anything")
    assert refused.value.code == "no-plan"

    act(world, "map", id, {"Alpha": "name", "Beta": "country"}, {"currency": "USD"})

    seen = view(world, id)
    assert seen.counts["ready"] == 1
    assert rows(world, id)[0].values == {"name": "Acme", "country": "DE", "currency": "USD"}
    for wrong in ({"Delta": "name"}, {"Gamma": "standing"}, {"Gamma": "name"}):
        with pytest.raises(Invalid):
            act(world, "map", id, wrong)
    with pytest.raises(Invalid) as bad:
        act(world, "map", id, {}, {"country": "Atlantis"})
    assert bad.value.faults[0].field == "options.defaults.country"
    assert view(world, id) == seen


def test_cat_04_defaults_stand_in_for_what_is_missing(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller(name="Aegean Cloud")
    content = table("Name|Country", "With|FR", "Without|")
    bare = bring(world, content)
    id = bring(world, content, defaults={"country": "Greece", "currency": "EUR", "bill_to": "Aegean Cloud"})

    assert view(world, bare).counts["warning"] == 2
    assert view(world, id).counts["ready"] == 2
    confirm(world, id)

    made = {row.name: row for row in world.rows(home, crm.account) if row.name in {"With", "Without"}}
    assert {name: row.country for name, row in made.items()} == {"With": "FR", "Without": "GR"}
    assert {(row.bill_to_id, row.parent_id) for row in made.values()} == {(reseller.account_id, reseller.account_id)}


def test_ten_01_a_currency_that_is_not_activated_is_replaced_or_refused(world: World) -> None:
    content = table("Name|Country|Currency", "Kyoto|JP|JPY")

    replaced, refused = bring(world, content), bring(world, content, other_currency="refuse")

    assert codes(rows(world, replaced)) == codes(rows(world, refused)) == {2: ["currency-inactive"]}
    assert [view(world, id).counts["refused"] for id in (replaced, refused)] == [0, 1]
    with pytest.raises(Conflict) as nothing:
        confirm(world, refused)
    assert nothing.value.code == "nothing-to-import"


def test_ten_08_likeness_is_a_warning_and_duplicates_are_skipped_on_request(world: World) -> None:
    world.account(name="Acme", number=5001, vat_number="DE136695976")
    content = table(
        "Name|Country|Currency|VAT",
        " ACME |DE|EUR|",
        "Other|DE|EUR|DE136695976",
        "Twice|DE|EUR|",
        "twice|DE|EUR|",
        "New|DE|EUR|",
    )

    id, skipping = bring(world, content), bring(world, content, skip_duplicates=True)

    assert codes(rows(world, id)) == {2: ["like-account"], 3: ["like-account"], 4: [], 5: ["like-row"], 6: []}
    assert rows(world, id)[0].problems[0]["message"] == "Account 5001 has the same name."
    assert view(world, id).counts["warning"] == 3
    assert view(world, skipping).counts["skipped"] == 3
    confirm(world, skipping)
    assert accounts(world) == ["Acme", "New", "Twice"]


def test_ten_02_likeness_never_looks_into_another_tenant(world: World) -> None:
    elsewhere = world.tenant("distributor")
    world.account(elsewhere, name="Acme")

    id = bring(world, table("Name|Country|Currency", "Acme|DE|EUR"))

    assert view(world, id).counts["ready"] == 1
    for unknown in (id, new_id()):
        with pytest.raises(NotFound):
            view(world, unknown, at=elsewhere)
        with pytest.raises(NotFound):
            act(world, "cancel", unknown, at=elsewhere)


def test_hnd_02_only_the_plan_that_was_seen_is_confirmed_and_only_once(world: World) -> None:
    home = world.distributor()
    id = bring(world, table("Name|Country|Currency", "Acme|DE|EUR", "Beta|DE|EUR"))
    seen = view(world, id).digest

    act(world, "choose", id, [3], False)
    with pytest.raises(Conflict) as stale:
        act(world, "confirm", id, seen)
    assert stale.value.code == "stale-digest"
    now = view(world, id).digest
    world.insert(home, tenant_currency, currency="JPY")
    with pytest.raises(Conflict) as changed:
        act(world, "confirm", id, now)
    assert changed.value.code == "stale-plan"
    act(world, "plan", id)
    confirm(world, id)

    assert accounts(world) == ["Acme"]
    assert {row.line: row.verdict for row in rows(world, id)} == {2: "imported", 3: "ready"}
    with pytest.raises(Conflict) as again:
        confirm(world, id)
    assert again.value.code == "import-completed"
    with pytest.raises(Invalid):
        act(world, "choose", bring(world, table("Name", "X")), [99], False)


def test_ten_20_importing_needs_the_permissions_of_what_it_makes(world: World) -> None:
    home = world.distributor()
    id = bring(world, table("Name|Country|Currency|Contact", "Acme|DE|EUR|Anna Weber"))
    digest = view(world, id).digest
    assert digest

    for words, allowed in (
        ("imports:view", False),
        ("imports:edit", False),
        ("imports:edit accounts:edit", False),
        ("imports:edit accounts:edit contacts:edit", True),
    ):
        actor = Actor(home.admin_id, "Clerk", frozenset(words.split()), None, None, None)
        with world.web.work(home.id, actor) as work:
            if allowed:
                actions.confirm(work, id, digest)
            else:
                with pytest.raises(Forbidden):
                    actions.confirm(work, id, digest)
    assert accounts(world) == ["Acme"]


def test_ten_23_a_column_can_fill_one_of_the_tenants_own_fields(world: World) -> None:
    home = world.distributor()
    world.insert(
        home, custom_field, entity="account", name="segment", label="Segment", type="choice", choices=["A", "B"]
    )
    id = bring(world, table("Name|Country|Currency|Segment", "Acme|DE|EUR|A", "Beta|DE|EUR|C"))

    assert codes(rows(world, id, "refused")) == {3: ["segment-invalid"]}
    confirm(world, id)

    [acme] = world.rows(home, crm.account, name="Acme")
    assert acme.custom_fields == {"segment": "A"}


def test_dn_14_state_and_country_are_read_together(world: World) -> None:
    id = bring(
        world,
        table(
            "Name|Country|State|Currency",
            "A|United States|Minnesota|EUR",
            "B|US|mn|EUR",
            "C||US-MN|EUR",
            "D|DE|US-MN|EUR",
            "E|US|Nowhere|EUR",
        ),
    )

    found = rows(world, id)
    assert [(row.values["country"], row.values["state"]) for row in found[:3]] == [("US", "US-MN")] * 3
    assert codes(found[3:]) == {5: ["state-elsewhere"], 6: ["state-unclear"]}
    assert [row.verdict for row in found] == ["ready", "ready", "ready", "refused", "warning"]


def test_cat_04_a_page_of_one_row_and_of_a_hundred_costs_the_same_statements(world: World) -> None:
    home = world.distributor()
    one, many = (bring(world, table("Name|Country", *(f"C {n}|DE" for n in range(size)))) for size in (1, 100))
    statements: list[str] = []
    counted = []
    for id in (one, many):
        statements.clear()
        with world.web.work(home.id, world.admin(home)) as work:
            sa.event.listen(work.connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
            queries.rows(work, id, limit=100)
        counted.append(len(statements))

    assert counted[0] == counted[1]
