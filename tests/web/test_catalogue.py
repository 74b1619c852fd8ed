"""The catalogue through the pages and the API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import World

from tenantry.channel.catalogue_updates.applying import apply
from tenantry.tenancy.sessions import csrf_token
from tenantry.web.http.identity import COOKIE


def test_cat_01_a_product_is_made_and_described_on_its_page(visits: Visits, world: World) -> None:
    somebody = visits()
    large = world.product(name="Mail L", sku="MAIL-L")
    form = {"name": "Mail S", "sku": "MAIL-S", "kind": "service", "active": "on", "in_shop": "on"}
    numbers = {"min_quantity": "1", "max_quantity": "", "trial_days": "14", "active_from": "", "active_until": ""}

    wrong = send(somebody, "/products/new", **form, **{**numbers, "min_quantity": "0"})
    assert wrong.status_code == 422
    assert "Give a whole number from 1" in wrong.text
    made = send(somebody, "/products/new", **form, **numbers)
    assert made.status_code == 303, made.text
    url = made.headers["location"]
    send(somebody, f"{url}/characteristics", name="Storage", value="50 GB")
    send(somebody, f"{url}/paths", kind="upgrade", to_product_id=str(large.id))
    send(somebody, f"{url}/prices/new", cycle="yearly", currency="EUR", unit_price="40", cost="", term_months="12")

    page = read(somebody, url)
    for shown in ("Storage", "50 GB", "Upgrade", "Mail L", "40.00", "12 months", "Product Mail S was created"):
        assert shown in page, shown


def test_cat_01_a_product_is_made_and_described_through_the_api(asks: Enter, world: World) -> None:
    me = asks()
    other = world.product()
    terms = me.make("/terms-documents", name="Terms", edition="1", body="Be good.")
    product = me.make("/products", sku="M", name="Mail", max_quantity=9, terms_document_id=terms["id"])
    path = f"/products/{product['id']}"

    me.make(f"{path}/characteristics", name="Storage", value="50 GB")
    assert me.ask("PUT", f"{path}/paths/{other.id}", json={"kind": "downgrade"}).status_code == 200
    refused = me.ask("PUT", f"{path}/paths/{product['id']}", json={"kind": "downgrade"})
    me.make(f"{path}/prices", cycle="monthly", currency="EUR", unit_price="4.5", term_months=24)

    assert (refused.status_code, refused.json()["faults"][0]["rule"]) == (422, "CAT-01")
    found = me.get(path)
    assert (found["max_quantity"], found["terms_document_name"]) == (9, "Terms, 1")
    assert [(one["name"], one["value"]) for one in found["characteristics"]] == [("Storage", "50 GB")]
    assert [(one["id"], one["kind"]) for one in found["paths"]] == [(str(other.id), "downgrade")]
    assert found["prices"][0]["term_months"] == 24
    assert me.get(f"{path}/history?limit=1")["items"][0]["sentence"] == "The monthly price in EUR was set"
    assert me.ask("DELETE", f"/terms-documents/{terms['id']}").json()["code"] == "terms-in-use"


def test_sf_02_terms_are_written_on_their_page(visits: Visits) -> None:
    somebody = visits()

    made = send(somebody, "/terms-documents/new", name="Terms of use", edition="2027", body="Be good.", active="on")

    assert made.status_code == 303
    assert "Be good." in read(somebody, made.headers["location"])
    assert "Terms of use" in read(somebody, "/terms-documents")
    assert send(somebody, "/terms-documents/new", name="", edition="", body="").status_code == 422
    assert send(somebody, f"{made.headers['location']}/delete").status_code == 303


def test_cat_02_a_price_list_is_kept_on_its_page(visits: Visits, world: World) -> None:
    somebody, product = visits(), world.product(name="Mail")
    made = send(somebody, "/price-lists/new", name="Friends", currency="EUR", active="on").headers["location"]
    price = {"product_id": str(product.id), "cycle": "monthly", "price": "7.50", "margin_percent": "", "valid_from": ""}

    done = send(somebody, f"{made}/prices/new", **price, min_quantity="10", valid_until="")
    overlaps = send(somebody, f"{made}/prices/new", **{**price, "valid_from": "2027-01-01"}, min_quantity="10")

    assert done.status_code == 303, done.text
    assert overlaps.status_code == 422
    assert "from 10 units on, on all days" in overlaps.text
    page = read(somebody, made)
    for shown in ("Mail", "7.50", "A price of Mail was set"):
        assert shown in page, shown
    item = page.split(f"{made}/prices/")[2][:36]
    changed = {**price, "price": "", "margin_percent": "20", "valid_until": "2027-12-31", "min_quantity": "10"}
    assert send(somebody, f"{made}/prices/{item}/edit", **changed).status_code == 303
    assert "20 % on cost" in read(somebody, f"{made}?q=mail")
    assert "Nothing matches" in read(somebody, f"{made}?q=zzzz")


def test_cat_02_a_price_list_is_kept_through_the_api(asks: Enter, world: World) -> None:
    me, product = asks(), world.product(name="Mail")
    path = f"/price-lists/{me.make('/price-lists', name='Friends', currency='EUR')['id']}"

    def put(**price: Any) -> Any:
        return me.ask("PUT", f"{path}/prices/{product.id}", json={"cycle": "monthly", **price})

    assert put(price="8", valid_until="2027-06-30").status_code == 200
    refused = put(price="9", valid_from="2027-06-30")
    assert (refused.status_code, refused.json()["code"]) == (409, "price-overlaps")
    assert put(margin_percent="10", min_quantity=10).status_code == 200
    assert put(price="1", margin_percent="10", min_quantity=20).status_code == 422
    [first, second] = me.get(f"{path}/prices")["items"]
    assert (first["price"]["amount"], second["margin_percent"], second["min_quantity"]) == ("8.000000", "10.000000", 10)
    changed = me.ask("PATCH", f"{path}/prices/{first['id']}", json={"valid_until": None})
    assert changed.json()["valid_until"] is None
    assert me.get(path)["prices"] == 2
    assert me.get(f"{path}/history")["items"][0]["sentence"] == "A price of Mail was changed"
    assert me.ask("DELETE", path).status_code == 204


def test_cat_03_a_promotion_is_kept_on_its_page_and_through_the_api(asks: Enter, visits: Visits, world: World) -> None:
    me, somebody, product = asks(), visits(), world.product(name="Mail")
    form = {"name": "Spring", "product_id": str(product.id), "kind": "percent", "off": "20", "duration": "once"}

    assert "more than 0" in send(somebody, "/promotions/new", **{**form, "off": "0"}, active="on").text
    made = send(somebody, "/promotions/new", **form, cycle="", currency="", cycles="", code="", active="on")
    assert made.status_code == 303, made.text
    page = read(somebody, made.headers["location"])
    for shown in ("Spring", "Mail", "20", "The first cycle", "Promotion Spring was created"):
        assert shown in page, shown
    assert "Spring" in read(somebody, "/promotions?q=spring")

    [found] = me.get("/promotions?search=spring")["items"]
    changed = me.ask("PATCH", f"/promotions/{found['id']}", json={"code": "MAY"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["code"]) == (200, "MAY")
    other = me.make("/promotions", name="Ten", product_id=str(product.id), kind="amount", off="10", currency="EUR")
    assert me.get(f"/promotions/{other['id']}")["product"]["name"] == "Mail"
    assert me.ask("POST", "/promotions", json={**form, "off": "200"}).status_code == 422
    assert me.ask("DELETE", f"/promotions/{other['id']}").status_code == 204
    assert send(somebody, f"{made.headers['location']}/delete").status_code == 303


def test_cat_21_a_plan_is_kept_on_its_page_and_through_the_api(asks: Enter, visits: Visits, world: World) -> None:
    me, somebody, product = asks(), visits(), world.product(name="Mail", sku="MAIL")
    at = f"/products/{product.id}"

    assert f"/plans/new?product={product.id}" in read(somebody, at)
    assert "Mail (MAIL)" in read(somebody, f"/plans/new?product={product.id}")
    assert "It is needed." in send(somebody, "/plans/new", name="", product_id="Mail (MAIL)").text
    made = send(somebody, "/plans/new", name="Mail for all", product_id="Mail (MAIL)")
    assert made.status_code == 303, made.text
    here = made.headers["location"]
    assert send(somebody, f"{here}/edit", name="Mail for everyone", version="1").status_code == 303
    page = read(somebody, here)
    for shown in ("Mail for everyone", "Own", at, "Plan Mail for all was created", "Plan was renamed"):
        assert shown in page, shown
    assert "Descends from" not in page
    assert here in read(somebody, at)

    delegated = {"descends_from_id": product.id, "descends_from_name": "Business", "standing": "inherited"}
    other = world.insert(world.distributor(), "plan", product_id=product.id, name="Ours", **delegated)
    page = read(somebody, f"/plans/{other.id}")
    for shown in ("Descends from", "Business", "From the distributor", "CAT-21"):
        assert shown in page, shown
    found = read(somebody, "/plans?q=busi")
    assert f"/plans/{other.id}" in found
    assert here not in found
    filtered = read(somebody, "/plans?standing=own")
    assert here in filtered
    assert f"/plans/{other.id}" not in filtered
    assert "Business" in somebody.http.get("/plans.csv", headers={"cookie": f"{COOKIE}={somebody.cookie}"}).text

    [found] = me.get("/plans?search=everyone")["items"]
    changed = me.ask("PATCH", f"/plans/{found['id']}", json={"name": "Post"}, headers={"If-Match": '"2"'})
    assert (changed.status_code, changed.json()["name"], changed.json()["actions"]["delete"]["allowed"]) == (
        200,
        "Post",
        True,
    )
    assert me.get(f"/plans/{found['id']}/history")["items"][0]["sentence"] == "Plan was renamed"
    third = me.make("/plans", product_id=str(product.id), name="Third")
    assert [one["id"] for one in me.get(f"/plans?filter[descends_from_id]={product.id}")["items"]] == [str(other.id)]
    assert me.ask("DELETE", f"/plans/{other.id}").json()["rule"] == "CAT-21"
    assert me.ask("DELETE", f"/plans/{third['id']}").status_code == 204
    assert send(somebody, f"{here}/delete").status_code == 303
    assert len(world.rows(world.distributor(), "plan")) == 1


def test_cat_20_a_tenant_is_updated_from_its_page_and_through_the_api(
    asks: Enter, visits: Visits, world: World
) -> None:
    me, somebody, home, reseller = asks(), visits(), world.distributor(), world.tenant_reseller()
    mail = world.product(name="Mail", sku="MAIL")
    listed = {"price_list_id": reseller.price_list_id, "product_id": mail.id, "cycle": "monthly"}
    world.insert(home, "price_list_item", **listed, price=8)
    at = f"/tenant-resellers/{reseller.account_id}"

    assert f"{at}/updates" in read(somebody, at)
    assert "No updates yet" in read(somebody, f"{at}/updates")
    planned = send(somebody, f"{at}/updates", mode="full")
    here = planned.headers["location"]
    page = read(somebody, here)
    for shown in ("Mail (MAIL)", "New", "The price list has it now.", "CAT-20", "Mail, monthly in EUR"):
        assert shown in page, shown
    digest = page.partition("confirmation?digest=")[2][:64]
    stale = send(somebody, f"{here}/confirmation?digest=x")
    assert "digest" in read(somebody, stale.headers["location"])
    assert send(somebody, f"{here}/confirmation?digest={digest}").status_code == 303
    assert "Being applied" in read(somebody, f"{at}/updates")
    assert apply(world.worker, home.id, UUID(here.rpartition("/")[2]))
    assert "Applied" in read(somebody, f"{at}/updates")
    assert len(world.rows(reseller, "product", sku="MAIL")) == 1

    world.update(home, "price_list_item", world.rows(home, "price_list_item")[0].id, price=7)
    made = me.make(f"{at}/catalogue-updates", mode="purchase_prices")
    [change] = made["differences"]
    assert (change["field"], change["before"], change["after"], change["rule"]) == ("cost", "8", "7", "CAT-20")
    path = f"/catalogue-updates/{made['id']}"
    assert me.ask("PUT", f"{path}/confirmation", json={"digest": "x"}).json()["code"] == "stale-digest"
    assert me.ask("PUT", f"{path}/confirmation", json={"digest": made["digest"]}).status_code == 202
    assert me.get(path)["state"] == "confirmed"
    assert len(me.get(f"{at}/catalogue-updates")["items"]) == 2
    assert me.ask("POST", f"{at}/catalogue-updates", json={"mode": "half"}).status_code == 422


HEAD = "product,year,kind,name,price,currency,unit,available_for,description,billing_factors"
FIRST = f"{HEAD}\nBox,2021,plan,TEAM,15,USD,user/month,,,monthly=1.0\nBox,2022,plan,TEAM,20,USD,user/month,,,\n"


def test_cat_04_products_are_imported_on_their_pages_year_by_year(visits: Visits, world: World) -> None:
    somebody = visits()

    def bring(year: str) -> str:
        given = {"csrf_token": csrf_token(somebody.session_id), "kind": "products", "year": year}
        headers = {"cookie": f"{COOKIE}={somebody.cookie}"}
        file = {"file": ("saas.csv", FIRST.encode(), "text/csv")}
        answer = somebody.http.post("/imports", data=given, files=file, headers=headers, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        at: str = answer.headers["location"]
        return at

    def confirm(url: str) -> None:
        digest = read(somebody, url).partition('name="digest" value="')[2].partition('"')[0]
        assert send(somebody, f"{url}/confirmation", digest=digest).status_code == 303

    assert "What the rows are" in read(somebody, "/imports/new?kind=products")
    first = bring("2021")
    page = read(somebody, first)
    for shown in ("Import 1 product", "New products", "It is of another year", "Year"):
        assert shown in page, shown
    confirm(first)
    assert "See the products" in read(somebody, first)
    second = bring("")
    assert "Monthly price in USD: 15 → 20." in read(somebody, f"{second}?verdict=ready")
    confirm(second)
    [box] = world.rows(world.distributor(), "product", sku="BOX-TEAM")
    assert "20.00" in read(somebody, f"/products/{box.id}")
    assert f"/products/{box.id}" in read(somebody, f"{second}?verdict=imported")


def test_cat_04_products_are_imported_through_the_api(asks: Enter, world: World) -> None:
    me = asks()
    sent = me.ask("POST", "/imports", data={"kind": "products", "year": "2021"}, files={"file": ("a.csv", FIRST)})
    assert sent.status_code == 201, sent.text
    plan = sent.json()
    assert (plan["kind"], plan["counts"]["ready"], plan["counts"]["skipped"]) == ("products", 1, 1)
    path = f"/imports/{plan['id']}"
    assert "price" in {one["name"] for one in me.get("/imports/kinds/products/fields?limit=200")["items"]}

    again = me.ask("PUT", f"{path}/mapping", json={"mapping": {}, "year": "2022"}).json()
    assert me.get(f"{path}/rows?verdict=ready")["items"][0]["line"] == 3
    done = me.ask("PUT", f"{path}/confirmation", json={"digest": again["digest"]})

    assert (done.status_code, done.json()["status"]) == (200, "completed")
    [box] = me.get("/products?search=box")["items"]
    price = me.get(f"/products/{box['id']}")["prices"][0]["price"]
    assert price["amount"].startswith("20")
    prices = "sku,price,currency,cycle\nBOX-TEAM,25,USD,monthly\n"
    plan = me.ask("POST", "/imports", data={"kind": "prices"}, files={"file": ("p.csv", prices)}).json()
    change = {"field": "monthly price in USD", "before": "20", "after": "25"}
    assert me.get(f"/imports/{plan['id']}/rows")["items"][0]["changes"] == [change]


def test_cat_04_subscriptions_are_imported_through_the_api_and_shown_on_the_page(
    asks: Enter, visits: Visits, world: World
) -> None:
    me, home = asks(), world.distributor()
    world.account(name="Alpha")
    mail = world.product(sku="MAIL", name="Mail")
    world.insert(home, "product_price", product_id=mail.id, cycle="monthly", currency="EUR", unit_price=10)
    today = datetime.now(tz=UTC).date()
    content = f"account,product,cycle,start_on\nAlpha,MAIL,monthly,{today}\nNobody,MAIL,monthly,{today}\n"
    plan = me.ask("POST", "/imports", data={"kind": "subscriptions"}, files={"file": ("running.csv", content)}).json()
    assert (plan["kind"], plan["counts"]["ready"], plan["counts"]["refused"]) == ("subscriptions", 1, 1)
    fields = {one["name"] for one in me.get("/imports/kinds/subscriptions/fields?limit=200")["items"]}
    assert {"account", "unit_price", "trial_until"} <= fields

    somebody, url = visits(), f"/imports/{plan['id']}"
    page = read(somebody, f"{url}?verdict=all")
    asked = ("Import 1 subscription?", "that are here already change them as each row shows")
    for shown in (*asked, "Nothing is charged for the past", "Charged from", "no such account here"):
        assert shown in page, shown
    assert "Subscriptions" in read(somebody, "/imports/new?kind=subscriptions")
    done = me.ask("PUT", f"{url}/confirmation", json={"digest": plan["digest"]})

    assert (done.status_code, done.json()["status"]) == (200, "completed")
    [made] = world.rows(home, "subscription")
    assert f"/subscriptions/{made.id}" in read(somebody, f"{url}?verdict=imported")
    assert "Subscription was imported from running.csv" in read(somebody, f"/subscriptions/{made.id}")


PAGES = ["/products/new", "/plans/new", "/plans", "/terms-documents/new", "/terms-documents", "/promotions/new"]


@pytest.mark.parametrize("path", PAGES)
def test_ui_03_pages_of_the_catalogue_open(visits: Visits, path: str) -> None:
    read(visits(), path)
