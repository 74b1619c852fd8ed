"""Lists, search and records over HTTP with a full tenant: the pages of the back office and the API, beside the driver alone."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr

from tenantry.bench.ground import SECRET, Field, ground, peak_mb
from tenantry.settings import Settings
from tenantry.tenancy import sessions, tokens
from tenantry.web.app import create_app
from tenantry.web.http.identity import COOKIE

FLOOR = "SELECT id, number, name, status, country, bill_to_id FROM account WHERE tenant_id = %s ORDER BY sort_name, id LIMIT 50"
ROUNDS = 60
WARM = 5


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure each page `pairs` times sixty requests; seconds are the median, p95 stands beside it. Floor: the page's first query by the driver."""
    size = rows or 100_000
    say(f"Filling a distributor with {size:,} accounts ...")
    with ground(size) as filled, filled.copy("pages") as field:
        field.analyse()
        floor = floor_of(field, FLOOR)
        with served(field) as url, client_of(field, url) as client:
            account = client.get("/api/v1/accounts", params={"limit": 1, "search": "Company 777"}).json()["items"][0][
                "id"
            ]
            for name, path in _pages(account).items():
                seconds = measured(client, path, pairs)
                say(f"  {name}: {median(seconds) * 1000:.1f} ms")
                yield {
                    "bench": "pages",
                    "page": name,
                    "rows": size,
                    "seconds": round(median(seconds), 5),
                    "p95": round(quantiles(seconds, n=20)[18], 5),
                    "floor_seconds": round(floor, 5),
                    "ratio": round(median(seconds) / floor, 2),
                    "per_row_ms": round(median(seconds) * 1000, 3),
                    "peak_mb": peak_mb(),
                }


def _pages(account: str) -> dict[str, str]:
    return {
        "list": "/accounts",
        "list-by-created": "/accounts?sort=-created_at",
        "search": "/accounts?q=company+777",
        "record": f"/accounts/{account}",
        "home": "/",
        "api-list": "/api/v1/accounts?limit=50",
        "api-list-of-1": "/api/v1/accounts?limit=1",
        "api-search": "/api/v1/accounts?search=company%20777",
        "api-record": f"/api/v1/accounts/{account}",
        "global-search": "/api/v1/search?search=company%20777",
    }


def measured(client: httpx.Client, path: str, pairs: int) -> list[float]:
    """Ask for a page sixty times a pair; gives the seconds of each."""
    seconds = []
    for number in range(ROUNDS * pairs + WARM):
        started = time.perf_counter()
        answer = client.get(path)
        took = time.perf_counter() - started
        if answer.status_code != httpx.codes.OK:
            message = f"{path} answers {answer.status_code}"
            raise RuntimeError(message)
        if number >= WARM:
            seconds.append(took)
    return seconds


def floor_of(field: Field, query: str) -> float:
    """Read a page of records by the driver alone, in the order of their names; the query names the tenant."""
    seconds = []
    giver = field.ground.giver
    with field.by_hand() as connection:
        connection.execute(f"SET ROLE tenantry_app; SET app.tenant = '{giver}'".encode())
        for _ in range(ROUNDS):
            started = time.perf_counter()
            connection.execute(query.encode(), [giver]).fetchall()
            seconds.append(time.perf_counter() - started)
    return median(seconds)


@contextlib.contextmanager
def served(field: Field) -> Iterator[str]:
    """Serve the database as `tenantry serve` does."""
    settings = Settings(secret_key=SecretStr(SECRET), log_level="error")
    # As `tenantry serve` does, so that small answers are sent at once.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(field.web, settings), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@contextlib.contextmanager
def client_of(field: Field, url: str) -> Iterator[httpx.Client]:
    """Sign in as the admin: a session for the pages, a token for the API."""
    actor = field.ground.actor
    with field.web.work(field.ground.giver, actor) as work:
        token = tokens.create(work, tokens.NewToken(name="bench", scopes=["*"]))
        assert actor.id is not None  # noqa: S101 - the ground made it
        _, cookie = sessions.start(work, actor.id)
    headers = {"Authorization": f"Bearer {token.secret}"}
    with httpx.Client(base_url=url, cookies={COOKIE: cookie}, timeout=60) as client:

        def as_program(request: httpx.Request) -> None:
            if request.url.path.startswith("/api/"):
                request.headers.update(headers)

        client.event_hooks = {"request": [as_program]}
        yield client
