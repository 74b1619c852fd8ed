"""The document of the API is complete, and what it says works (API-01, API-02, API-07)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from tests.web.conftest import Asker, Enter
from tests.world import World

from tenantry.schema import catalog
from tenantry.web.api import shapes
from tenantry.web.api.document import PREFIX, document
from tenantry.web.api.examples import SOMEBODY

# Their examples say something of records that other tests make.
NOT_ALONE = {"{id}/items", "{id}/items/{item_id}", "{id}/address-order"}


@pytest.fixture(scope="module")
def doc(app: FastAPI) -> dict[str, Any]:
    """Give the document."""
    return document(app)


def operations(doc: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every operation with method and path."""
    for path, methods in doc["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_api_01_every_operation_is_described_and_says_who_may(doc: dict[str, Any]) -> None:
    for method, path, operation in operations(doc):
        name = f"{method} {path}"
        assert operation["summary"], name
        assert operation["description"].strip()[0].isupper(), name
        assert operation["tags"], name
        assert operation["security"] or path == f"{PREFIX}/oauth/token", name
        assert {"401", "403", "404", "422"} <= set(operation["responses"]), name
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), name


def test_api_01_every_body_has_an_example(doc: dict[str, Any]) -> None:
    missing = [f"{method} {path}" for method, path, body in bodies(doc) if not body.get("examples")]

    assert missing == []


def test_api_01_every_field_is_described(doc: dict[str, Any]) -> None:
    assert shapes.silent == set()
    silent = [
        f"{name}.{field}"
        for name, schema in doc["components"]["schemas"].items()
        for field, said in schema.get("properties", {}).items()
        if not said.get("description") and not name.startswith("Body_")
    ]
    assert silent == []


def test_api_01_the_document_is_openapi_3_1_and_open_to_everybody(asks: Enter) -> None:
    answer = asks().http.get(f"{PREFIX}/openapi.json")

    assert answer.json()["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in answer.json()["components"]["schemas"]


def test_api_02_paths_are_nouns_and_plural(doc: dict[str, Any]) -> None:
    verbs = {"suspend", "close", "submit", "execute", "cancel", "confirm", "create", "delete", "edit", "undo", "list"}
    for _, path, _ in operations(doc):
        words = [word for word in path.removeprefix(PREFIX).split("/") if word and not word.startswith("{")]
        assert not verbs & set(words), path
        assert words[0].endswith("s") or words[0] in {"oauth", "search", "reference", "single-sign-on"}, path


def test_api_06_every_post_takes_an_idempotency_key(doc: dict[str, Any]) -> None:
    for method, path, operation in operations(doc):
        names = {parameter["name"] for parameter in operation.get("parameters", ())}
        assert (method == "post" and path != f"{PREFIX}/oauth/token") == ("Idempotency-Key" in names), path


def bodies(doc: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every JSON body."""
    for method, path, operation in operations(doc):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            yield method, path, content["application/json"]["schema"] | content["application/json"]


def test_api_01_the_examples_work(doc: dict[str, Any], asks: Enter, world: World) -> None:
    me, known = asks(), things(world)
    made: dict[str, str] = {"accounts": known["account_id"], "tenants": "current", "api-options": "account"}
    made["tenant-resellers"] = known["tenant_reseller_id"]
    made["subscriptions"], made["assets"] = known["subscription_ids"], known["asset_id"]

    for method, path, body in bodies(doc):
        if method == "post" and "{" not in path:
            answer = me.ask("POST", path.removeprefix(PREFIX), json=placed(body["examples"][0], known))
            assert answer.status_code == 201, f"{path}: {answer.text}"
            if path not in {f"{PREFIX}/accounts", f"{PREFIX}/tenant-resellers"}:
                made[path.removeprefix(f"{PREFIX}/")] = answer.json()["id"]

    # A closed account is only read, so it is closed last.
    for method, path, body in sorted(bodies(doc), key=lambda one: one[1].endswith("/closure")):
        collection, _, rest = path.removeprefix(f"{PREFIX}/").partition("/")
        if "{" in path and rest not in NOT_ALONE and (method == "patch" or collection == "accounts"):
            target = re.sub(r"\{(id|entity)\}", made.get(collection, ""), path.removeprefix(PREFIX))
            if "{" not in target:
                answer = me.ask(method, target, json=placed(body["examples"][0], known))
                assert answer.status_code in {200, 201, 204}, f"{method} {target}: {answer.text}"


def things(world: World) -> dict[str, str]:
    """Make what the examples refer to."""
    reseller = world.tenant_reseller()
    account = world.account(bill_to=reseller)
    product = world.product()
    price_list = world.insert(world.distributor(), catalog.price_list, name="Everything", currency="EUR")
    world.insert(
        world.distributor(),
        catalog.price_list_item,
        price_list_id=price_list.id,
        product_id=product.id,
        cycle="monthly",
        price=4,
    )
    world.insert(
        world.distributor(), catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=4
    )
    made = {
        "account_id": account.id,
        "about_id": account.id,
        "ids": world.address(account).id,
        "product_id": product.id,
        "price_list_id": price_list.id,
        "system_id": world.insert(world.distributor(), catalog.provisioning_system, name="Mail").id,
        "tenant_reseller_id": reseller.account_id,
        "reseller": world.account(reselling_enabled=True).id,
        "subscription_ids": world.subscription(account, product).id,
        "asset_id": world.asset(account, product).id,
    }
    return {name: str(id) for name, id in made.items()}


def placed(example: Any, known: dict[str, str], name: str = "") -> Any:
    """Put real ids where an example has one that stands for any."""
    if isinstance(example, dict):
        own = known | ({"account_id": known["reseller"]} if "admin_email" in example else {})
        return {field: placed(value, own, field) for field, value in example.items()}
    if isinstance(example, list):
        return [placed(one, known, name) for one in example]
    return known[name] if example == SOMEBODY else example


def test_api_07_a_record_says_what_may_be_done_with_it(asks: Enter, world: World) -> None:
    reseller = world.tenant_reseller()
    managed = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    own = world.account()
    me = asks()

    for record in (read(me, "accounts", managed.id), read(me, "accounts", own.id)):
        assert all(set(act) >= {"allowed", "rule", "why", "remedy"} for act in record["actions"].values())
    refused = read(me, "accounts", managed.id)
    assert refused["standing"] == "handed_down"
    assert refused["ribbon"] == f"This account is managed by {reseller.name} Tenant Reseller"
    assert (refused["actions"]["suspend"]["allowed"], refused["actions"]["suspend"]["rule"]) == (False, "UP-20")
    assert refused["locked_fields"]["name"]["rule"] == "UP-02"
    assert refused["locked_fields"]["name"]["why"]
    allowed = read(me, "accounts", own.id)
    assert (allowed["ribbon"], allowed["locked_fields"]) == (None, {})
    assert allowed["actions"]["suspend"] == {"allowed": True, "rule": "", "why": "", "issue": "", "remedy": ""}


def read(me: Asker, kind: str, id: object) -> dict[str, Any]:
    """Read a record."""
    record: dict[str, Any] = me.get(f"/{kind}/{id}")
    return record


def test_api_07_what_is_locked_is_refused_and_what_is_not_is_changed(asks: Enter, world: World) -> None:
    reseller = world.tenant_reseller()
    managed = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    me = asks()

    locked = me.ask("PATCH", f"/accounts/{managed.id}", json={"name": "Other"})
    assert (locked.status_code, locked.json()["rule"]) == (409, "UP-02")
    assert me.ask("PATCH", f"/accounts/{managed.id}", json={"description": "Ours"}).status_code == 200
