"""What is said when something is wrong (API-05), and that it is always said that way."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.web.conftest import Enter
from tests.world import World

from tenantry.kernel.problems import Fault, Invalid
from tenantry.web.http.access import public
from tenantry.web.http.problems import MEMBERS

JSON = {"content-type": "application/json"}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Read a problem, which must be this one."""
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code), found
    assert set(MEMBERS) <= set(found)
    assert found["type"] == f"urn:tenantry:problem:{code}"
    assert answer.headers["x-request-id"] in found["instance"]
    return found


def test_api_05_a_refusal_carries_rule_reason_and_way_out(asks: Enter, world: World) -> None:
    reseller = world.tenant_reseller()
    own = world.account()
    managed = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    me = asks()

    assert me.ask("PUT", f"/accounts/{own.id}/suspension").status_code == 200
    refused = problem(me.ask("PUT", f"/accounts/{managed.id}/suspension"), 409, "refused")
    assert (refused["rule"], refused["detail"][:17]) == ("UP-20", "Only the reseller")


def test_api_05_every_field_that_is_wrong_is_named_at_once(asks: Enter) -> None:
    answer = asks().ask("POST", "/products", json={"name": 7, "colour": "red", "active": "yes"})

    faults = {fault["field"]: fault for fault in problem(answer, 422, "invalid")["faults"]}
    assert set(faults) == {"sku", "name", "colour", "active"}
    assert faults["sku"]["message"] == "It is needed."
    assert "no such field" in faults["colour"]["message"]
    assert "7" not in faults["name"]["message"]


def test_api_05_a_value_of_the_wrong_kind_is_told_in_our_words_with_the_way_out(asks: Enter, world: World) -> None:
    me, order = asks(), world.order(world.account())
    item = {"product_id": "none", "cycle": "weekly", "quantity": 1.5, "start_on": "2026-02-30", "trial": "perhaps"}

    answer = me.ask("POST", f"/orders/{order.id}/items", json=item)

    said = {one["field"]: one for one in problem(answer, 422, "invalid")["faults"]}
    assert {field: one["message"] for field, one in said.items()} == {
        "product_id": "This is no id.",
        "cycle": "It is none of 'one_off', 'monthly', 'quarterly', 'half_yearly' or 'yearly'.",
        "quantity": "This is no whole number.",
        "start_on": "This is no day.",
        "trial": "This is neither true nor false.",
    }
    assert all(one["remedy"] for one in said.values())
    none = problem(me.ask("POST", f"/orders/{order.id}/delivery", json={"items": []}), 422, "invalid")
    assert [one["message"] for one in none["faults"]] == ["There are too few: 1 at least."]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "unreadable"),
        (b"[" * 100_000, 400, "unreadable"),
        (b'{"sku": ' + b"9" * 5_000 + b"}", 400, "unreadable"),
        (b'{"sku": "\xff"}', 400, "unreadable"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'{"sku": "A\\u0000", "name": "B"}', 422, "invalid"),
        (b'{"sku": "\\ud800", "name": "B"}', 422, "invalid"),
        (b'{"sku": "A", "name": "' + b"x" * 500_000 + b'"}', 422, "invalid"),
        (b'{"sku": "A", "name": "' + b"x" * 5_000_000 + b'"}', 413, "too-large"),
    ],
)
def test_api_05_bad_input_gets_a_clear_answer(asks: Enter, body: bytes, status: int, code: str) -> None:
    me = asks()
    problem(me.ask("POST", "/products", content=body, headers=JSON), status, code)
    assert me.ask("POST", "/products", content=b'{"sku": "A", "name": "B"}', headers=JSON).status_code == 201


@pytest.mark.parametrize(
    "given",
    [
        {"credit_limit": 1e300},
        {"credit_limit": "NaN"},
        {"billing_day": 10**30},
        {"billing_day": True},
        {"responsible_user_id": "nobody"},
        {"custom_fields": {"a": {"b": [1e308, "\x00"]}}},
        {"custom_fields": "x"},
    ],
)
def test_api_05_what_no_column_can_hold_is_refused(asks: Enter, world: World, given: dict[str, Any]) -> None:
    account, me = world.account(), asks()

    found = problem(me.ask("PATCH", f"/accounts/{account.id}", content=json.dumps(given), headers=JSON), 422, "invalid")
    assert found["faults"][0]["field"].startswith(next(iter(given)))
    assert me.get(f"/accounts/{account.id}")["version"] == 1


def test_api_05_a_fault_of_plain_form_has_a_code_and_one_against_a_rule_names_it(asks: Enter, world: World) -> None:
    me = asks()
    path = f"/accounts/{world.account().id}"

    form = problem(me.ask("PATCH", path, json={"name": ""}), 422, "invalid")["faults"][0]
    rule = problem(me.ask("PATCH", path, json={"country": "Atlantis"}), 422, "invalid")["faults"][0]

    assert (form["rule"], form["code"]) == ("", "needed")
    assert (rule["rule"], rule["code"]) == ("TEN-30", "")


def test_api_05_a_body_of_another_kind_is_not_read(asks: Enter) -> None:
    me = asks()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        answer = me.ask("POST", "/products", content=b'{"sku": "A", "name": "B"}', headers={"content-type": kind})
        problem(answer, 415, "wrong-content-type")


def test_api_05_a_body_that_grows_too_large_on_the_way_is_refused(asks: Enter) -> None:
    me = asks()
    answer = me.ask("POST", "/products", content=(b"x" * 100_000 for _ in range(30)), headers=JSON)

    problem(answer, 413, "too-large")


def test_api_05_wrong_addresses_and_methods(asks: Enter, http: TestClient) -> None:
    me = asks()
    problem(me.ask("GET", "/nothing"), 404, "not-found")
    answer = me.ask("PUT", "/accounts")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"
    answer = http.get("/api/v1/accounts")
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_api_05_a_fault_of_the_program_tells_nothing_but_its_number(app: FastAPI, http: TestClient) -> None:
    @app.get("/api/v1/broken-for-a-test", include_in_schema=False)
    @public("A test breaks it.")
    def broken() -> None:
        message = "the password is hunter2"
        raise RuntimeError(message)

    found = problem(http.get("/api/v1/broken-for-a-test"), 500, "internal-error")

    assert "hunter2" not in json.dumps(found)
    assert found["instance"].rpartition(":")[2] in found["remedy"]


def test_api_05_faults_of_actions_keep_their_rule(app: FastAPI, http: TestClient) -> None:
    @app.get("/api/v1/invalid-for-a-test", include_in_schema=False)
    @public("A test asks.")
    def invalid() -> None:
        raise Invalid(Fault("name", "It is taken.", "CAT-01", "Take another."))

    found = problem(http.get("/api/v1/invalid-for-a-test"), 422, "invalid")

    assert found["faults"] == [
        {"field": "name", "message": "It is taken.", "rule": "CAT-01", "remedy": "Take another.", "code": ""}
    ]
