"""Single sign-on as programs set it up, and as a browser is sent to the provider and back (SEC-03, SEC-04)."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.tenancy.provider import Provider, at_provider
from tests.web.conftest import Enter
from tests.web.test_operation import logged
from tests.world import Tenant, World

from tenantry.schema import tenant as t
from tenantry.web.http.identity import COOKIE

__all__ = ["at_provider", "logged"]

SECRET = "given by the provider"


def setting(at: Tenant, issuer: str) -> dict[str, object]:
    return {
        "name": "Acme Login",
        "issuer": issuer,
        "client_id": "tenantry",
        "client_secret": SECRET,
        "domains": [f"{at.code}.example"],
    }


def test_sec_03_an_administrator_sets_single_sign_on_up_and_nobody_reads_its_secret(asks: Enter, world: World) -> None:
    at = world.tenant()
    chief, half = asks(at), asks(at, "setup:edit", "setup:view")
    given = setting(at, "https://login.example.com")
    assert chief.ask("GET", "/single-sign-on").status_code == 404

    assert half.ask("PUT", "/single-sign-on", json=given).status_code == 403
    made = chief.ask("PUT", "/single-sign-on", json=given)

    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    shown = half.get("/single-sign-on")
    assert shown == made.json()
    assert shown["domains"] == given["domains"]
    assert not {"client_secret", "sealed_secret"} & shown.keys()
    assert SECRET not in made.text

    again = {name: one for name, one in given.items() if name != "client_secret"} | {"name": "Renamed"}
    assert chief.ask("PUT", "/single-sign-on", json=again, headers={"if-match": '"7"'}).status_code == 412
    assert chief.ask("PUT", "/single-sign-on", json=again, headers={"if-match": '"1"'}).json()["name"] == "Renamed"
    plain = chief.ask("PUT", "/single-sign-on", json=given | {"issuer": "http://login.example.com"})
    assert (plain.status_code, plain.json()["faults"][0]["field"]) == (422, "issuer")
    assert half.ask("DELETE", "/single-sign-on").status_code == 403
    assert chief.ask("DELETE", "/single-sign-on").status_code == 204
    assert chief.ask("GET", "/single-sign-on").status_code == 404


@pytest.fixture
def here(asks: Enter, world: World, at_provider: Provider) -> Tenant:
    at = world.tenant()
    assert asks(at).ask("PUT", "/single-sign-on", json=setting(at, at_provider.url)).status_code == 200
    email = f"admin@{at.code}.example"
    world.update(at, t.tenant_user, at.admin_id, email=email)
    at_provider.knows("admin", email=email, email_verified=True)
    return at


def test_sec_03_a_browser_goes_to_the_provider_and_comes_back_signed_in_once(
    app: FastAPI, here: Tenant, at_provider: Provider, logged: io.StringIO
) -> None:
    http = TestClient(app, base_url="http://tenantry.test", follow_redirects=False)
    offer = http.post("/sign-in/sign-on", data={"organisation": here.code, "next": "/accounts"})
    assert "Sign in with Acme Login" in offer.text

    sent = http.get(f"/sign-in/sign-on/to/{here.code}?next=/accounts")
    assert sent.headers["location"].startswith(at_provider.url)
    assert "HttpOnly" in sent.headers["set-cookie"]
    assert parse_qs(urlsplit(sent.headers["location"]).query)["redirect_uri"] == [
        "http://tenantry.test/sign-in/sign-on/back"
    ]
    said = at_provider.asks(sent.headers["location"], "admin")
    back = http.get("/sign-in/sign-on/back", params=said)

    assert (back.status_code, back.headers["location"]) == (303, "/accounts")
    assert http.cookies.get(COOKIE)
    assert http.get("/accounts").status_code == 200
    again = http.get("/sign-in/sign-on/back", params=said)
    assert (again.status_code, "sign-on-ended" in again.text) == (401, True)
    for secret in (*at_provider.tokens, said["code"], said["state"], SECRET):
        assert secret not in logged.getvalue() + again.text + back.text + str(back.headers)


def test_sec_03_a_refusal_says_code_rule_and_way_out(app: FastAPI, here: Tenant, at_provider: Provider) -> None:
    http = TestClient(app, base_url="http://tenantry.test", follow_redirects=False)
    at_provider.knows("nobody", email=f"nobody@{here.code}.example", email_verified=True)
    sent = http.get(f"/sign-in/sign-on/to/{here.code}?next=//evil.example")
    said = at_provider.asks(sent.headers["location"], "nobody")

    back = http.get("/sign-in/sign-on/back", params=said)

    assert back.status_code == 401
    assert COOKIE not in http.cookies
    for words in ("nobody-here", "SEC-03", "Ask an administrator", "/sign-in/sign-on"):
        assert words in back.text
    assert "nobody@" not in back.text
    unknown = http.post("/sign-in/sign-on", data={"organisation": "no-such-place"})
    assert (unknown.status_code, "no single sign-on" in unknown.text) == (422, True)
    assert http.get("/sign-in/sign-on/to/no-such-place").status_code == 404

    sent = http.get(f"/sign-in/sign-on/to/{here.code}?next=//evil.example")
    back = http.get("/sign-in/sign-on/back", params=at_provider.asks(sent.headers["location"], "admin"))
    assert (back.status_code, back.headers["location"]) == (303, "/")
