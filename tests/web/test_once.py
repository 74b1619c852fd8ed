"""Sent twice, done once; changed only as it was read (API-06)."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from tests.web.conftest import Enter
from tests.world import World

from tenantry.schema import catalog
from tenantry.schema.tenant import idempotency

NEW = {"sku": "ONCE", "name": "Once"}


def test_api_06_the_same_key_and_body_is_done_once_and_answered_the_same(asks: Enter, world: World) -> None:
    me, key = asks(), {"idempotency-key": "k-1"}

    first = me.ask("POST", "/products", json=NEW, headers=key)
    again = me.ask("POST", "/products", json=NEW, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again.headers["etag"], again.headers["location"]) == (first.headers["etag"], first.headers["location"])
    assert again.headers["idempotency-replayed"] == "true"
    assert len(world.rows(world.distributor(), catalog.product, sku="ONCE")) == 1


def test_api_06_the_same_key_with_another_body_is_refused(asks: Enter, world: World) -> None:
    me, key = asks(), {"idempotency-key": "k-2"}
    assert me.ask("POST", "/products", json=NEW, headers=key).status_code == 201

    for path, body in (("/products", NEW | {"name": "Other"}), ("/price-lists", NEW)):
        answer = me.ask("POST", path, json=body, headers=key)
        if path == "/products":
            assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-key-reused")
    assert len(world.rows(world.distributor(), catalog.product)) == 1


def test_api_06_what_was_refused_may_be_sent_again_under_its_key(asks: Enter) -> None:
    me, key = asks(), {"idempotency-key": "k-3"}
    other = me.make("/products", **NEW)

    assert me.ask("POST", "/products", json=NEW, headers=key).status_code == 422
    assert me.ask("PATCH", f"/products/{other['id']}", json={"sku": "MOVED"}).status_code == 200
    assert me.ask("POST", "/products", json=NEW, headers=key).status_code == 201


def test_api_06_a_key_belongs_to_its_user_and_tenant(asks: Enter, world: World) -> None:
    key = {"idempotency-key": "k-4"}

    for who in (asks(), asks(world.tenant())):
        assert "idempotency-replayed" not in who.ask("POST", "/products", json=NEW, headers=key).headers


def test_api_06_two_at_once_make_one(asks: Enter, world: World) -> None:
    me, key, answers = asks(), {"idempotency-key": "k-5"}, []
    start = threading.Barrier(6)

    def send() -> None:
        start.wait()
        answers.append(me.ask("POST", "/products", json=NEW, headers=key))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(world.rows(world.distributor(), catalog.product, sku="ONCE")) == 1
    codes = {answer.status_code for answer in answers}
    assert codes <= {201, 409}
    assert 201 in codes
    assert {one.json()["code"] for one in answers if one.status_code == 409} <= {"idempotency-key-in-use"}


def test_api_06_a_request_under_way_is_not_waited_for(asks: Enter, world: World) -> None:
    me, at = asks(), world.distributor()
    name = f"{at.id} {me.user_id} k-6"
    lock = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0x1D)))

    with world.web.work(at.id) as other:
        other.connection.execute(lock)
        answer = me.ask("POST", "/products", json=NEW, headers={"idempotency-key": "k-6"})

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-key-in-use")
    assert me.ask("POST", "/products", json=NEW, headers={"idempotency-key": "k-6"}).status_code == 201


def test_api_06_a_secret_is_not_kept_for_the_second_time(asks: Enter, world: World) -> None:
    me, key = asks(), {"idempotency-key": "k-7"}
    new = {"name": "Nightly", "scopes": ["accounts:view"]}

    first = me.ask("POST", "/tokens", json=new, headers=key).json()
    again = me.ask("POST", "/tokens", json=new, headers=key).json()

    assert first["secret"].startswith("tnt_")
    assert again == first | {"secret": None}
    assert first["secret"] not in str(world.rows(world.distributor(), idempotency, key="k-7"))


def test_api_06_a_file_sent_again_is_the_same_though_its_form_differs(asks: Enter) -> None:
    me, key = asks(), {"idempotency-key": "k-8"}
    file = {"file": ("companies.csv", b"name\nAcme\n")}

    first = me.ask("POST", "/imports", files=file, headers=key)
    again = me.ask("POST", "/imports", files=file, headers=key)
    other = me.ask("POST", "/imports", files={"file": ("companies.csv", b"name\nOther\n")}, headers=key)

    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert other.json()["code"] == "idempotency-key-reused"


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_api_06_a_key_that_makes_no_sense_is_refused(asks: Enter, key: str) -> None:
    answer = asks().ask("POST", "/products", json=NEW, headers={"idempotency-key": key})

    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "Idempotency-Key")


def changeable(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Name a record of every kind, and a change to it."""
    account = world.account()
    product = world.product()
    return [
        (f"/accounts/{account.id}", {"industry": "Food"}),
        (f"/contacts/{world.contact(account).id}", {"company_role": "Buyer"}),
        (f"/addresses/{world.address(account).id}", {"city": "Chania"}),
        (f"/orders/{world.order(account).id}", {"campaign": "Spring"}),
        (f"/products/{product.id}", {"category": "Mail"}),
        (f"/users/{world.distributor().admin_id}", {"name": "Somebody Else"}),
        ("/tenants/current", {"time_zone": "Europe/Athens"}),
    ]


def test_api_06_a_record_that_was_changed_since_it_was_read_is_not_overwritten(asks: Enter, world: World) -> None:
    me = asks()
    for path, change in changeable(world):
        read = me.ask("GET", path)
        stale = me.ask("PATCH", path, json=change, headers={"if-match": '"99"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "stale"), path
        assert me.get(path) == read.json(), path

        changed = me.ask("PATCH", path, json=change, headers={"if-match": read.headers["etag"]})
        assert changed.status_code == 200, changed.text
        assert changed.headers["etag"] != read.headers["etag"], path
        assert me.ask("PATCH", path, json=change, headers={"if-match": read.headers["etag"]}).status_code == 412, path


@pytest.mark.parametrize(
    ("tag", "status"), [("*", 200), ('W/"1"', 200), ('"x"', 412), ("1", 422), ('"' + "9" * 40 + '"', 412)]
)
def test_api_06_whatever_if_match_says_gets_a_clear_answer(asks: Enter, world: World, tag: str, status: int) -> None:
    account = world.account()

    answer = asks().ask("PATCH", f"/accounts/{account.id}", json={"industry": "Food"}, headers={"if-match": tag})

    assert answer.status_code == status, answer.text
