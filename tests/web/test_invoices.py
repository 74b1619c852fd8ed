"""Invoices through pages and API: what is pending, the preview, the runs, by hand, the document (BIL-02, UP-22)."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from tests.billing.stories import charged
from tests.web.conftest import Asker, Enter, statements
from tests.web.visiting import Visits, read, send
from tests.world import World

from tenantry.schema.tenant import tenant
from tenantry.web.http.identity import COOKIE


def document(me: Asker, id: str) -> str:
    """Give the words of an invoice's document."""
    answer = me.ask("GET", f"/invoices/{id}/print-out")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\N{NO-BREAK SPACE}", " ")


def test_bil_02_what_is_pending_is_previewed_and_generated_by_api(asks: Enter, world: World) -> None:
    me, acme, other = asks(), world.account(name="Acme"), world.account(name="Other")
    for of, amount in ((acme, "10"), (other, "5")):
        charged(world, of, amount)

    page = me.get("/pending-invoices?limit=1")
    assert (page["total"], [one["bill_to"]["name"] for one in page["items"]]) == (2, ["Acme"])
    following = me.get(f"/pending-invoices?limit=1&cursor={page['next']}")
    assert ([one["bill_to"]["name"] for one in following["items"]], following["next"]) == (["Other"], None)
    seen = me.get(f"/invoice-previews?account_id={acme.id}")
    assert [(one["code"], one["bill_to"]["name"]) for one in seen["documents"]] == [("INV-1001", "Acme")]
    stale = me.ask("POST", "/invoice-runs", json={"digest": seen["digest"]})
    assert (stale.status_code, stale.json()["code"], stale.json()["rule"]) == (409, "stale-preview", "BIL-02")

    made = me.make("/invoice-runs", account_ids=[str(acme.id)], digest=seen["digest"])

    assert (made["status"], made["invoices"], made["sums"][0]["amount"]) == ("completed", 1, "10.000000")
    [listed] = me.get(f"/invoices?filter[run_id]={made['id']}")["items"]
    assert (listed["code"], listed["bill_to"], listed["total"]) == ("INV-1001", "Acme", "10.000000")
    [found] = me.get("/invoices?search=inv-1001")["items"]
    assert found["id"] == listed["id"]
    assert me.get("/pending-invoices")["total"] == 1
    assert me.get("/invoice-runs")["items"][0]["invoices"] == 1


def test_bil_03_a_line_names_the_subscription_but_not_once_more_the_product(asks: Enter, world: World) -> None:
    me, acme, mail = asks(), world.account(name="Acme"), world.product(name="Mail")
    for name in ("Mail", "Mail of the workshop"):
        charged(world, acme, product=mail, subscription_id=world.subscription(acme, mail, name=name).id)
    digest = me.get(f"/invoice-previews?account_id={acme.id}")["digest"]
    made = me.make("/invoice-runs", account_ids=[str(acme.id)], digest=digest)
    [listed] = me.get(f"/invoices?filter[run_id]={made['id']}")["items"]

    said = document(me, listed["id"])

    assert said.count("Mail of the workshop") == 1
    assert said.count("Mail") == len(["Mail", "Mail", "Mail of the workshop"])


def test_up_22_an_invoice_by_hand_is_drafted_issued_and_printed(asks: Enter, world: World) -> None:
    home, below = world.distributor(), world.tenant_reseller(name="Nordlicht")
    world.update(home, tenant, home.id, name="Meridian GmbH", street="Speicherstraße 14")
    acme = world.account(name="Acme", bill_to=below, standing="mirrored", managed_by=below.id)
    me = asks()
    made = me.make("/invoices", account_id=str(acme.id), lines=[{"name": "Installation", "unit_price": "80"}])
    assert (made["bill_to"]["name"], made["status"], made["total"]["amount"]) == ("Nordlicht", "draft", "80.000000")
    me.make(f"/invoices/{made['id']}/lines", name="Travel", unit_price="12.5", quantity="2", explains="By train")
    assert "Invoice (draft)" in document(me, made["id"])

    issued = me.ask("PUT", f"/invoices/{made['id']}/issue").json()

    assert (issued["code"], issued["total"]["amount"]) == ("INV-1001", "105.000000")
    assert issued["actions"]["edit"] == {
        "allowed": False,
        "rule": "BO-12",
        "why": "It was issued, and issued documents never change; what is wrong goes on the next one.",
        "issue": "",
        "remedy": "Put the correction on the next invoice.",
    }
    again = me.ask("PATCH", f"/invoices/{made['id']}", json={"note": "Sorry"})
    assert (again.status_code, again.json()["rule"]) == (409, "BO-12")
    world.update(home, tenant, home.id, name="Zenith GmbH")
    said = document(me, made["id"])
    for words in ("Meridian GmbH Speicherstraße 14", "Bill to Nordlicht", "For Acme", "Invoice No. INV-1001"):
        assert words in said
    for words in ("By train", "12.50 EUR 25.00 EUR", "Total 105.00 EUR", "naming INV-1001"):
        assert words in said
    assert "Zenith" not in said


def test_bil_02_the_pages_show_what_would_be_made_and_make_it(visits: Visits, world: World) -> None:
    acme, other = world.account(name="Acme"), world.account(name="Other")
    charged(world, acme, "10", explains="10 × EUR 1.00 a month")
    charged(world, other, "5")
    visitor = visits()
    for path in ("/pending-invoices", f"/accounts/{acme.id}/pending-invoices"):
        assert "Acme" in read(visitor, path)
    assert "10 × EUR 1.00 a month" in read(visitor, f"/accounts/{acme.id}/pending-invoices")
    shown = read(visitor, f"/invoices/generate?account={acme.id}")
    assert "INV-1001" in shown
    assert "Other" not in shown
    assert "Generate 2 invoices" in read(visitor, "/invoices/generate")
    assert "Nothing is due" in read(visitor, "/invoices/generate?up_to=2026-01-01")
    no_day = visitor.http.get("/invoices/generate?up_to=2026-13-40", headers={"cookie": f"{COOKIE}={visitor.cookie}"})
    assert no_day.status_code == 422
    assert "This is no date. Write it as" in no_day.text

    page = read(visitor, "/invoices/generate")
    given = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[-1] for name in ("digest", "up_to", "accounts")}
    stale = send(visitor, "/invoices/generate", **{**given, "digest": "seen before"})
    assert stale.headers["location"].startswith("/invoices/generate?")
    made = send(visitor, "/invoices/generate", **given)
    where = made.headers["location"]

    for path, words in (
        ("/invoices", "INV-1002"),
        ("/invoices?q=acme", "Acme"),
        (where, "INV-1002"),
        ("/invoice-runs", "Completed"),
        (f"/accounts/{acme.id}/invoices", "10.00"),
        ("/pending-invoices", "Nothing to be invoiced"),
    ):
        assert words in read(visitor, path), path


def test_api_04_the_page_of_an_invoice_takes_as_many_statements_for_many_lines(
    asks: Enter, visits: Visits, world: World
) -> None:
    me, visitor = asks(), visits()
    ids: list[Any] = []
    for lines in (1, 30):
        acme = world.account()
        for _ in range(lines):
            charged(world, acme, "1")
        me.make("/invoice-runs", account_ids=[str(acme.id)])
        ids.append(me.get(f"/invoices?filter[bill_to_id]={acme.id}")["items"][0]["id"])
    sent = []
    for id in ids:
        read(visitor, f"/invoices/{id}")
        with statements(world.web) as counted:
            read(visitor, f"/invoices/{id}")
        sent.append(len(counted))

    assert sent[0] == sent[1]


def test_bil_04_series_are_made_and_changed_by_api(asks: Enter) -> None:
    me = asks()
    made = me.make("/invoice-series", name="Projects", prefix="P-")
    changed = me.ask("PATCH", f"/invoice-series/{made['id']}", json={"days_to_pay": 7}).json()
    assert (changed["days_to_pay"], changed["next"], changed["is_default"]) == (7, 1, False)
    assert me.ask("PUT", f"/invoice-series/{made['id']}/default").json()["is_default"]
    assert [one["name"] for one in me.get("/invoice-series")["items"]] == ["Projects", "Invoices"]


def test_bil_07_a_charge_leads_to_the_invoice_that_it_is_on(asks: Enter, visits: Visits, world: World) -> None:
    me, acme = asks(), world.account()
    charged(world, acme)
    assert me.get("/charges?fields=invoice,invoice_id")["items"][0]["invoice"] is None
    me.make("/invoice-runs")

    [item] = me.get("/charges?fields=invoice,invoice_id")["items"]
    assert item["invoice"] == "INV-1001"
    assert f'href="/invoices/{item["invoice_id"]}"' in read(visits(), "/charges?columns=invoice")


def test_ui_06_a_german_organisations_invoice_is_german(asks: Enter, world: World) -> None:
    """A word of the document that the language lacks would be read here in English."""
    home, below = world.distributor(), world.tenant_reseller(name="Nordlicht")
    world.update(home, tenant, home.id, name="Meridian", language="de")
    acme = world.account(name="Acme", bill_to=below, standing="mirrored", managed_by=below.id)
    me = asks()
    days = {"period_from": "2027-03-01", "period_until": "2027-03-31"}
    line = {"name": "Wartung", "unit_price": "1234.5", "discount_percent": "10", **days}
    made = me.make("/invoices", account_id=str(acme.id), lines=[line])
    draft = document(me, made["id"])
    issued = me.ask("PUT", f"/invoices/{made['id']}/issue").json()

    paper = document(me, made["id"])

    for words in ("Rechnung (Entwurf)", "Dies ist ein Entwurf.", "Beträge verstehen sich ohne Umsatzsteuer."):
        assert words in draft, words
    for words in (
        f"Nr. {issued['code']}",
        *("Rechnung an", "Rechnungsdatum", "Fällig am", "Menge", "Einzelpreis", "1.234,50 EUR", "Gesamtbetrag"),
        *("01.03.2027 bis 31.03.2027", "Rabatt 10 %", f"unter Angabe von {issued['code']}.", "Seite 1 von 1"),
    ):
        assert words in paper, words
    for english in ("Invoice", "Bill", "Due", "Product", "Quantity", "Amount", "Total", "Net", "Page", "pay", "draft"):
        assert english not in f"{draft} {paper}", english
