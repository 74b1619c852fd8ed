"""What the operator asks and sees (OPS-03), and what no browser may be left without (SEC-04)."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient
from tests.conftest import SECRET
from tests.web.conftest import Enter, statements
from tests.world import World

from tenantry.database import Database
from tenantry.logs import use_logs
from tenantry.settings import Settings
from tenantry.web.app import create_app
from tenantry.web.http.metrics import metrics_token
from tenantry.web.http.statics import static


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[io.StringIO]:
    """Log as a machine reads it, where the test can read it."""
    said = io.StringIO()
    use_logs(Settings(data=tmp_path, log_format="json"), said)
    yield said
    structlog.reset_defaults()


def test_ops_03_health_and_readiness(http: TestClient, app: FastAPI) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/readyz").json() == {"status": "ok"}


def test_ops_03_without_a_database_it_lives_but_is_not_ready(tmp_path: Path) -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    with TestClient(create_app(nowhere, Settings(data=tmp_path, secret_key=SecretStr(SECRET)))) as http:
        assert http.get("/healthz").status_code == 200
        ready = http.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "the database does not answer")
        answer = http.get("/api/v1/accounts", headers={"authorization": f"Bearer tnt_{'0' * 32}_{'x' * 43}"})
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "127.0.0.1" not in answer.text


def test_ops_03_figures_are_for_the_machine_itself_or_for_their_token(app: FastAPI, asks: Enter) -> None:
    asks().get("/accounts")
    near = TestClient(app, client=("127.0.0.1", 40_000))
    far = TestClient(app, client=("203.0.113.7", 40_000))

    text = near.get("/metrics").text
    assert 'tenantry_requests_total{method="GET",route="/api/v1/accounts",status="200"}' in text
    assert "tenantry_jobs{" in text
    assert near.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"}).status_code == 404
    assert far.get("/metrics").status_code == 404
    assert far.get("/metrics", headers={"authorization": f"Bearer {metrics_token()}"}).status_code == 200
    assert far.get("/metrics", headers={"authorization": f"Bearer {asks().token}"}).status_code == 404


def test_ops_03_a_line_a_request_with_tenant_actor_and_handover(asks: Enter, world: World, logged: io.StringIO) -> None:
    me, id = asks(), world.account().id
    me.ask("GET", f"/handovers/{id}", headers={"x-request-id": "trace-me-1"})

    line = json.loads(logged.getvalue().splitlines()[-1])
    assert line["route"] == "/api/v1/handovers/{id}"
    assert (line["status"], line["request_id"]) == (404, "trace-me-1")
    assert (line["tenant"], line["actor_id"]) == (world.distributor().code, str(me.user_id))
    assert line["handover"] == str(id)


def test_sec_04_no_secret_in_a_log(
    asks: Enter, app: FastAPI, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = asks()
    me.ask("POST", "/users?secret=hush-hush", json={"email": "ada@x.example", "name": "hunter2", "nope": "hunter2"})
    monkeypatch.setattr("tenantry.web.http.answers.to_json", lambda *_, **__: 1 / 0)
    assert me.ask("GET", "/accounts?search=hunter2").status_code == 500

    said = logged.getvalue()
    assert "ZeroDivisionError" in said
    assert me.token not in said
    assert me.token.rpartition("_")[2][:12] not in said
    assert "hunter2" not in said
    assert "hush-hush" not in said


def test_sec_04_every_answer_has_its_headers(http: TestClient, asks: Enter) -> None:
    answers = [
        http.get("/healthz"),
        http.get("/nothing"),
        asks().ask("GET", "/accounts"),
        http.get(static("css/base.css")),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers


def test_sec_04_over_https_browsers_are_told_to_stay_there(web_database: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret_key=SecretStr(SECRET), base_url="https://tenantry.example")
    http = TestClient(create_app(web_database, settings))

    assert http.get("/healthz").headers["strict-transport-security"].startswith("max-age=31536000")


def test_files_are_kept_for_ever_under_their_hash(http: TestClient) -> None:
    hashed, plain = http.get(static("css/base.css")), http.get("/static/css/base.css")

    assert hashed.content == plain.content
    assert "immutable" in hashed.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert http.get("/static/../app.py").status_code == 404


def test_api_answers_are_never_cached(asks: Enter) -> None:
    assert asks().ask("GET", "/accounts").headers["cache-control"] == "no-store"


def test_a_request_is_few_statements_and_a_page_of_100_is_no_more(asks: Enter, world: World) -> None:
    me = asks()
    one = world.account()
    paths = [
        "/accounts",
        "/contacts",
        "/addresses",
        "/activities",
        "/orders",
        "/subscriptions",
        "/products",
        "/users",
        "/tenant-resellers",
        f"/accounts/{one.id}",
        f"/accounts/{one.id}/history",
    ]
    me.get("/accounts")

    def counts() -> dict[str, int]:
        found = {}
        for path in paths:
            with statements(world.web) as sent:
                me.get(f"{path}?limit=200" if path.count("/") == 1 else path)
            found[path] = len(sent)
        return found

    product = world.product()
    before = counts()
    for _ in range(30):
        account = world.account()
        world.contact(account)
        world.contact(one)
        world.address(account)
        world.order(account)
        world.subscription(account, product)
        world.product()
    world.tenant_reseller()

    assert counts() == before
    assert max(before.values()) <= 8
