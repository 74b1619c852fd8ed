"""Suspending, resuming and closing a tenant reseller by a program and on the pages (TEN-05 to TEN-07)."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient
from tests.tenancy.conftest import PASSWORD
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import Tenant, World

from tenantry.crm.storefront_users import sessions as shop
from tenantry.kernel.actor import looks
from tenantry.kernel.ids import new_id
from tenantry.tenancy import passwords
from tenantry.web.http.access import access_of
from tenantry.web.storefront.access import COOKIE

# What a person does with his own sign-in, and what asks without keeping anything.
HIS_OWN = {("PATCH", "/users/current")}


@pytest.fixture
def reseller(world: World) -> Tenant:
    return world.tenant_reseller(state="live")


def changing(app: FastAPI) -> list[tuple[str, str, str]]:
    """Give every call of the API that changes something: method, path, and the permission that it asks for."""
    found = []
    for context in iter_route_contexts(app.routes):
        route, access = context.original_route, access_of(context.endpoint)
        path = str(context.path)
        if isinstance(route, APIRoute) and path.startswith("/api/v1/") and access and access.permission is not None:
            methods = sorted(set(route.methods) - {"GET", "HEAD", "OPTIONS"})
            found += [(method, path.removeprefix("/api/v1"), access.permission) for method in methods]
    return found


def test_ten_07_every_call_that_changes_something_is_refused_while_he_is_suspended(
    app: FastAPI, asks: Enter, world: World, reseller: Tenant
) -> None:
    me, calls = asks(reseller), changing(app)
    assert len(calls) > 100
    world.suspend(reseller)

    through = set()
    for method, path, permission in calls:
        filled = "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))
        answer = me.ask(method, filled, json={})
        if (answer.status_code, answer.json().get("rule")) != (409, "TEN-07"):
            assert permission == "" or looks(permission), (method, path)
            through.add((method, path))
    assert through == HIS_OWN


def test_ten_07_a_token_reads_on_and_a_program_learns_the_reason(asks: Enter, world: World, reseller: Tenant) -> None:
    me = asks(reseller)
    acme = {"name": "Acme", "country": "GR", "currency": "EUR"}
    me.make("/accounts", **acme)
    world.suspend(reseller)

    refused = me.ask("POST", "/accounts", json=acme)

    assert (refused.status_code, refused.json()["rule"]) == (409, "TEN-07")
    assert "you may look" in refused.json()["detail"]
    assert [one["name"] for one in me.get("/accounts")["items"]] == ["Acme"]


def test_ten_07_his_pages_say_that_he_may_only_look_and_no_button_does_more(
    visits: Visits, world: World, reseller: Tenant
) -> None:
    acme, he = world.account(reseller, name="Acme"), visits(reseller)
    before = read(he, f"/accounts/{acme.id}")
    assert "you may look" not in before
    assert "What runs goes on." not in before
    world.suspend(reseller)

    page = read(he, f"/accounts/{acme.id}")

    assert page.count("you may look, but not sell or change") > 5
    assert "or change anything. What runs goes on." in read(he, "/")
    refused = send(he, f"/accounts/{acme.id}/suspend")
    assert (refused.status_code, "TEN-07" in refused.text) == (409, True)
    row = world.row(reseller, "account", acme.id)
    assert row
    assert row.status == "active"


def test_ten_07_a_program_sees_the_effects_suspends_resumes_and_closes(
    asks: Enter, world: World, reseller: Tenant
) -> None:
    me, here = asks(), f"/tenant-resellers/{reseller.account_id}"
    assert {one["code"]: one["count"] for one in me.get(f"{here}/suspension")["items"]}["users"] == 1
    suspended = me.ask("PUT", f"{here}/suspension", json={"because": "Unpaid"}).json()
    assert (suspended["state"], bool(suspended["suspended_at"])) == ("suspended", True)
    assert "sell and change again" in me.get(f"{here}/suspension")["items"][0]["says"]
    assert suspended["actions"]["transfer_accounts"]["rule"] == "TEN-07"

    resumed = me.ask("DELETE", f"{here}/suspension").json()
    assert (resumed["state"], resumed["suspended_at"]) == ("live", None)

    world.account(managed_by=reseller.id, standing="mirrored", bill_to=reseller)
    stops = [one for one in me.get(f"{here}/closure")["items"] if one["stops"]]
    assert [(one["code"], one["count"]) for one in stops] == [("customers", 1)]
    refused = me.ask("PUT", f"{here}/closure", json={})
    assert (refused.status_code, refused.json()["rule"]) == (409, "TEN-07")
    assert refused.json()["counts"] == {"customers": 1}
    assert refused.json()["remedy"]

    other = world.tenant_reseller()
    closed = me.ask("PUT", f"/tenant-resellers/{other.account_id}/closure", json={})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert me.get(f"/tenant-resellers/{other.account_id}")["number"]


def test_ten_07_on_the_page_a_pop_up_says_first_what_follows(visits: Visits, world: World, reseller: Tenant) -> None:
    me, here = visits(), f"/tenant-resellers/{reseller.account_id}"
    page = read(me, here)
    assert f'hx-post="{here}/previews/suspend"' in page
    assert page.index(f'hx-post="{here}/previews/suspend"') < page.index('name="suspend-because"'), "what follows first"
    said = send(me, f"{here}/previews/suspend")
    assert "1 user" in said.text
    assert "may look, but neither sell nor change" in said.text

    assert send(me, f"{here}/suspend", **{"suspend-because": "Unpaid"}).headers["location"] == here
    page = read(me, here)
    assert "Suspended since" in page
    assert "The tenant reseller was suspended: Unpaid" in page
    assert f'hx-post="{here}/previews/suspend"' not in page
    send(me, f"{here}/resume")
    world.account(managed_by=reseller.id, standing="mirrored", bill_to=reseller)

    said = send(me, f"{here}/previews/close")
    assert "He cannot be closed yet" in said.text
    assert "1 customer in his hands" in said.text
    refused = send(me, f"{here}/close")
    assert "would be nobody&#39;s any more" in read(me, here, tenantry_flash=refused.cookies["tenantry_flash"])
    assert send(me, f"{here}/previews/nonsense").status_code == 404


def test_ten_07_at_a_closed_organisation_sign_in_cookie_and_token_get_a_clear_word(
    http: TestClient, asks: Enter, visits: Visits, world: World
) -> None:
    reseller = world.tenant_reseller()
    with world.web.work(reseller.id) as work:
        passwords.set_password(work, reseller.admin_id, PASSWORD)
    he, program = visits(reseller), asks(reseller)
    mine: dict[str, Any] = {"email": f"admin@{reseller.code}.example", "password": PASSWORD}
    entered = http.post("/sign-in", data=mine, follow_redirects=False)
    assert entered.status_code == 303
    http.cookies.clear()

    world.close(reseller)

    for answer in (http.post("/sign-in", data=mine, follow_redirects=False), he.http.get("/", headers=cookie(he))):
        assert answer.status_code == 401
        assert "organisation is closed" in answer.text
    wrong = http.post("/sign-in", data={**mine, "password": "not his"}, follow_redirects=False)
    assert "is closed" not in wrong.text
    refused = program.ask("GET", "/accounts")
    assert (refused.status_code, refused.json()["code"]) == (401, "organisation-closed")


def cookie(he: Any) -> dict[str, str]:
    return {"cookie": f"tenantry_session={he.cookie}"}


def test_ten_06_the_page_says_who_sells_in_each_state(visits: Visits, world: World) -> None:
    me = visits()
    says = {
        "set_up": "You sell to his customers",
        "accounts_transferred": "buys for them in your storefront until live",
        "live": "He sells to his customers in his own tenant",
        "suspended": "Nobody sells to the customers in his hands until he is resumed",
        "closed": "Nobody sells there any more",
    }
    for state, words in says.items():
        assert words in read(me, f"/tenant-resellers/{world.tenant_reseller(state).account_id}"), state


def test_ten_05_the_shortcuts_are_complete_and_each_leads_somewhere_or_says_why_not(
    visits: Visits, world: World, reseller: Tenant
) -> None:
    me = visits()
    page = read(me, f"/tenant-resellers/{reseller.account_id}")
    menu = page[page.index("Shortcuts") : page.index("</details>", page.index("Shortcuts"))]
    names = ["Transfer Accounts", "Transfer Subscriptions", "Activate Back Ordering", "Update Tenant", "Reconcile"]
    places = [menu.index(f"<span>{name}") for name in (*names, "Suspend", "Resume", "Close")]
    assert places == sorted(places)
    assert "Comes with" not in menu


def test_ten_07_his_shop_says_that_nothing_can_be_bought_and_later_that_it_is_closed(
    http: TestClient, world: World, reseller: Tenant
) -> None:
    world.update(reseller, "tenant", reseller.id, edition="premium")
    product = world.product(reseller, name="Mail")
    world.insert(reseller, "product_price", product_id=product.id, cycle="monthly", currency="EUR", unit_price=5)
    of = world.account(reseller)
    ada = world.contact(of, reseller, storefront_user=True)
    with world.web.work(reseller.id) as work:
        held = {"cookie": f"{COOKIE}={shop.start(work, ada.id, of.id)}"}
    page = f"/shop/{reseller.code}/products/{product.id}"
    before = http.get(page, headers=held).text
    assert ("Nothing can be bought" in before, "Add to basket" in before) == (False, True)

    world.suspend(reseller)

    said = http.get(page, headers=held)
    assert said.status_code == 200
    assert "Nothing can be bought from" in said.text
    assert "sells nothing" in said.text
    assert "Add to basket" not in said.text
    assert "Nothing can be bought from" in http.get(f"/shop/{reseller.code}/sign-in").text
    world.close(reseller)
    closed = http.get(f"/shop/{reseller.code}/sign-in")
    assert "is closed" in closed.text
    assert 'name="password"' not in closed.text
    assert http.get(page, headers=held, follow_redirects=False).status_code == 303
