"""Who may call what: declared by every endpoint, asked first, the same answer for the unknown and the foreign."""

import re
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient
from tests.web.conftest import Enter, Visitor
from tests.world import World

from tenantry.kernel.ids import new_id
from tenantry.tenancy.sessions import csrf_token
from tenantry.web.http.access import ANYBODY_SIGNED_IN, Undeclared, access_of, check_declared, endpoints, may, public

PREFIX = "/api/v1"


def guarded(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Give method, path and permission of every guarded operation of the API."""
    for route in iter_route_contexts(app.routes):
        access = access_of(route.endpoint)
        if access and access.permission is not None and str(route.path).startswith(PREFIX):
            for method in route.methods or ():
                yield method, str(route.path).removeprefix(PREFIX), access.permission


def filled(path: str) -> str:
    """Fill the ids of a path with ones that nobody has."""
    return re.sub(r"\{[^}]+\}", lambda _: str(new_id()), path)


def test_sec_02_an_endpoint_without_a_declared_permission_does_not_start() -> None:
    router = APIRouter()

    @router.get("/declared")
    @may("accounts:view")
    def declared(work: object) -> None:
        """Ask for a permission."""

    @router.get("/open")
    @public("Everybody may know.")
    def open_to_all() -> None:
        """Ask for none, for a reason."""

    app = FastAPI(openapi_url=None)
    app.include_router(router, prefix="/x")
    check_declared(app.routes)

    @router.get("/silent")
    def silent() -> None:
        """Ask for nothing and say nothing."""

    with pytest.raises(Undeclared, match="/x/silent"):
        check_declared(app.routes)


def test_sec_02_a_permission_that_does_not_exist_stops_the_program() -> None:
    with pytest.raises(ValueError, match="accounts:vew"):
        may("accounts:vew")


def test_sec_02_every_public_endpoint_says_why(app: FastAPI) -> None:
    reasons = [access_of(endpoint) for _, endpoint in endpoints(app.routes)]

    assert all(one is not None and (one.permission is not None or one.reason.endswith(".")) for one in reasons)


def test_sec_02_nobody_gets_in_without_a_token(app: FastAPI, http: TestClient) -> None:
    answers = {
        f"{method} {path}": http.request(method, PREFIX + filled(path), json={}).status_code
        for method, path, _ in guarded(app)
    }

    assert len(answers) > 100
    assert {name for name, status in answers.items() if status != 401} == set()


def test_sec_02_each_operation_asks_for_its_permission_before_it_reads_what_was_sent(
    app: FastAPI, asks: Enter, world: World
) -> None:
    only_audit, only_tokens = asks(world.distributor(), "audit:view"), asks(world.distributor(), "tokens:view")

    for method, path, permission in guarded(app):
        who = only_tokens if permission == "audit:view" else only_audit
        answer = who.ask(method, filled(path) + "?no=such", json={"no": "such"})
        if permission != ANYBODY_SIGNED_IN:
            assert (answer.status_code, answer.json()["permission"]) == (403, permission), f"{method} {path}"
        else:
            assert answer.status_code != 403, f"{method} {path}"


def test_sec_01_another_tenants_record_cannot_be_told_from_an_unknown_one(asks: Enter, world: World) -> None:
    mine, other = world.distributor(), world.tenant()
    here = world.account(at=mine)
    theirs = world.account(at=other)
    records = {
        "accounts": theirs.id,
        "contacts": world.contact(theirs, at=other).id,
        "addresses": world.address(theirs, at=other).id,
        "orders": world.order(theirs, at=other).id,
        "products": world.product(other).id,
        "users": other.admin_id,
        "payment-methods": world.payment_method(other).id,
    }
    me = asks(mine)

    assert me.get(f"/accounts/{here.id}")["name"] == here.name
    for kind, id in records.items():
        for method in ("GET", "PATCH"):
            foreign = me.ask(method, f"/{kind}/{id}", json={})
            unknown = me.ask(method, f"/{kind}/{new_id()}", json={})
            nonsense = me.ask(method, f"/{kind}/no-id-at-all", json={})
            assert foreign.status_code == 404, kind
            bodies = [{**one.json(), "instance": ""} for one in (foreign, unknown, nonsense)]
            assert bodies[0] == bodies[1] == bodies[2], kind


def test_ten_02_lists_and_searches_show_ones_own_tenant_only(asks: Enter, world: World) -> None:
    mine, other = world.distributor(), world.tenant()
    world.account(at=mine, name="Twin Mine")
    world.account(at=other, name="Twin Theirs")

    for path in ("/accounts?search=twin", "/accounts?filter[name]=starts:Twin", "/search?search=twin"):
        assert [one["name"] for one in asks(mine).get(path)["items"]] == ["Twin Mine"], path
        assert [one["name"] for one in asks(other).get(path)["items"]] == ["Twin Theirs"], path


def test_ten_02_a_token_of_one_tenant_with_the_id_of_another_is_nobodys(asks: Enter, world: World) -> None:
    mine, other = world.distributor(), world.tenant()
    me = asks(mine)

    assert me.ask("GET", "/tenants/current").status_code == 200
    me.token = me.token.replace(mine.id.hex, other.id.hex)
    assert me.ask("GET", "/tenants/current").status_code == 401


def test_api_03_a_token_may_do_no_more_than_its_scopes(asks: Enter, world: World) -> None:
    account = world.account()
    reader = asks(scopes=("accounts:view",))

    assert reader.ask("GET", f"/accounts/{account.id}").status_code == 200
    assert reader.ask("PATCH", f"/accounts/{account.id}", json={"industry": "Food"}).status_code == 403


def test_api_03_a_token_is_shown_once_and_revoked_at_once(asks: Enter) -> None:
    me = asks()
    made = me.make("/tokens", name="Nightly", scopes=["accounts:view"])
    other = type(me)(me.http, made["secret"], me.user_id)
    assert other.ask("GET", "/accounts").status_code == 200

    assert made["secret"] not in me.ask("GET", f"/tokens/{made['id']}").text
    assert me.ask("DELETE", f"/tokens/{made['id']}").status_code == 204
    assert other.ask("GET", "/accounts").status_code == 401


def test_api_03_a_client_exchanges_its_secret_for_a_token_of_an_hour(asks: Enter, http: TestClient) -> None:
    me = asks()
    client = me.make("/tokens", name="Shop", scopes=["products:view"], client=True)
    form = {"grant_type": "client_credentials"}

    granted = http.post(f"{PREFIX}/oauth/token", data=form, auth=(client["id"], client["secret"]))
    refused = http.post(f"{PREFIX}/oauth/token", data=form, auth=(client["id"], me.token))

    assert (granted.status_code, granted.json()["expires_in"]) == (200, 3600)
    assert type(me)(http, granted.json()["access_token"], me.user_id).ask("GET", "/products").status_code == 200
    assert type(me)(http, client["secret"], me.user_id).ask("GET", "/products").status_code == 401
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_sec_04_a_cookie_changes_nothing_without_the_token_of_the_page(visits: object, world: World) -> None:
    visitor: Visitor = visits()
    account = world.account()
    path, change = f"/accounts/{account.id}", {"industry": "Food"}
    right = {"x-csrf-token": csrf_token(visitor.session_id)}

    assert visitor.ask("GET", path).status_code == 200
    assert visitor.ask("PATCH", path, json=change).json()["code"] == "csrf"
    assert visitor.ask("PATCH", path, json=change, headers={"x-csrf-token": "wrong"}).json()["code"] == "csrf"
    foreign = visitor.ask("PATCH", path, json=change, headers=right | {"origin": "https://evil.example"})
    assert foreign.json()["code"] == "csrf"
    own = visitor.ask("PATCH", path, json=change, headers=right | {"origin": "http://tenantry.test"})
    assert (own.status_code, own.json()["industry"]) == (200, "Food")


def test_sec_04_a_token_in_the_address_opens_nothing(asks: Enter, http: TestClient) -> None:
    me = asks()

    assert me.ask("GET", "/accounts").status_code == 200
    assert http.get(f"{PREFIX}/accounts", params={"access_token": me.token}).status_code == 401
