"""What one call of the API costs: processor time of the program and of the database, and statements; beside the driver alone."""

import contextlib
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing.sharedctypes import Synchronized
from typing import Any

import httpx
import psutil
import psycopg
import sqlalchemy as sa
import uvicorn
from pydantic import SecretStr

from tenantry.bench.ground import SECRET, Field, ground
from tenantry.catalog import actions as catalog
from tenantry.database import Database, walls
from tenantry.database.migrate import login_url
from tenantry.kernel.ids import new_id
from tenantry.settings import Settings
from tenantry.tenancy import keys, tokens
from tenantry.web.app import create_app
from tenantry.web.server import Server

ROUNDS = 200
WARM = 20
READY = 30.0


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure `rows` calls of each verb, `pairs` times; `seconds` are processor time of the program, a call.

    The database's own processes stand beside it, as `database_seconds`. Of the pairs the one that cost the program
    least counts: what others do on the machine only ever adds.
    """
    calls = rows or ROUNDS
    say("Filling a distributor with 1,000 accounts ...")
    with ground(1_000) as filled, filled.copy("api") as field:
        field.analyse()
        products = _products(field)
        said: Synchronized[int] = multiprocessing.get_context("fork").Value("i", 0)
        _lend(field)
        with _served(field, said) as (url, server), _client(field, url) as client:
            account = client.get("/api/v1/accounts", params={"limit": 1, "search": "Company 777"}).json()["items"][0]
            verbs: dict[str, Callable[[int], Callable[[], httpx.Response]]] = {
                "create-account": lambda number: lambda: client.post("/api/v1/accounts", json=_account(number)),
                "execute-order": lambda _number: _ordered(client, account["id"], products),
            }
            floor = _floor(field, calls)
            for name, verb in verbs.items():
                for number in range(WARM):
                    _done(verb(number)())
                cost = min(
                    (_measured(verb, _Meter(server, field, said), calls) for _ in range(pairs)),
                    key=lambda cost: cost.program,
                )
                say(f"  {name}: {cost.program * 1000:.2f} ms, {cost.statements:.0f} statements")
                yield {
                    "bench": "api",
                    "call": name,
                    "rows": calls * pairs,
                    "seconds": round(cost.program, 5),
                    "database_seconds": round(cost.database, 5),
                    "wall_seconds": round(cost.wall, 5),
                    "statements": round(cost.statements, 1),
                    "floor_seconds": round(floor, 5),
                    "ratio": round(cost.program / floor, 2),
                    "per_row_ms": round(cost.program * 1000, 3),
                }


@dataclass(frozen=True)
class _Cost:
    """What one call cost, or what all did: processor seconds of the program and the database, seconds, statements."""

    program: float
    database: float
    wall: float
    statements: float

    def __sub__(self, other: "_Cost") -> "_Cost":
        return _Cost(
            self.program - other.program,
            self.database - other.database,
            self.wall - other.wall,
            self.statements - other.statements,
        )


class _Meter:
    """Reads what the program and the database have used since they started."""

    def __init__(self, server: int, field: Field, said: "Synchronized[int]") -> None:
        self.server = server
        self.said = said
        postmaster = psutil.Process(field.ground.server.cluster.pid())
        # What writes to the disk later answers nobody.
        self.backends = [child.pid for child in postmaster.children() if "[local]" in " ".join(child.cmdline())]

    def read(self) -> _Cost:
        return _Cost(_processor([self.server]), _processor(self.backends), time.perf_counter(), self.said.value)


def _measured(verb: Callable[[int], Callable[[], httpx.Response]], meter: _Meter, calls: int) -> _Cost:
    """Give what a call costs; what it needs beforehand is not counted."""
    costs = []
    for number in range(calls):
        call = verb(number)
        before = meter.read()
        _done(call())
        costs.append(meter.read() - before)
    return _Cost(*(sum(getattr(cost, name) for cost in costs) / calls for name in _Cost.__dataclass_fields__))


def _done(answer: httpx.Response) -> None:
    if answer.is_error:
        message = f"the call answers {answer.status_code}: {answer.text[:400]}"
        raise RuntimeError(message)


def _processor(processes: Sequence[int]) -> float:
    """Add up the processor seconds of processes by their clocks, which count nanoseconds where /proc counts ticks."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in processes)


def _account(number: int) -> dict[str, Any]:
    return {
        "name": f"Bench {number}",
        "email": f"office{number}@bench.example",
        "addresses": [{"street": "Street 1", "city": "Berlin", "postcode": "10115", "country": "DE"}],
        "contacts": [
            {"first_name": "Eva", "last_name": f"Weber {number}", "email": f"eva{number}@bench.example"},
            {"first_name": "Max", "last_name": f"Kaya {number}", "email": f"max{number}@bench.example"},
        ],
    }


def _ordered(client: httpx.Client, account: str, products: list[str]) -> Callable[[], httpx.Response]:
    """Make and submit an order with three items; gives the call that executes it."""
    items = [{"product_id": product, "cycle": "monthly", "quantity": 3} for product in products]
    order = client.post("/api/v1/orders", json={"account_id": account, "items": items}).raise_for_status().json()
    client.put(f"/api/v1/orders/{order['id']}/submission").raise_for_status()
    return lambda: client.put(f"/api/v1/orders/{order['id']}/execution", json={})


def _products(field: Field) -> list[str]:
    """Put three products on sale."""
    with field.web.work(field.ground.giver, field.ground.actor) as work:
        made = [catalog.create_product(work, catalog.NewProduct(f"B{place}", f"Bench {place}")) for place in range(3)]
        for id in made:
            catalog.set_price(work, id, "monthly", "EUR", Decimal(10))
    return [str(id) for id in made]


def _lend(field: Field) -> None:
    """Let every account owe what the calls come to."""
    with field.as_owner() as connection:
        connection.execute("UPDATE account SET credit_limit = 1000000000")


def _floor(field: Field, calls: int) -> float:
    """Write the rows of an account with two contacts and an address by the driver alone; processor time a time."""
    ground = field.ground
    with field.by_hand() as connection:
        connection.execute("SET ROLE tenantry_app")
        connection.commit()
        started = time.process_time()
        for number in range(calls):
            _write_account(connection, ground.giver, ground.actor.id, number)
        return (time.process_time() - started) / calls


def _write_account(connection: psycopg.Connection, tenant: object, user: object, number: int) -> None:
    words = {"tenant": tenant, "user": user, "id": new_id(), "number": 900_000 + number}
    with connection.transaction():
        connection.execute(f"SET LOCAL app.tenant = '{tenant}'".encode())
        row = connection.execute("SELECT common_rule_id FROM tenant WHERE id = %s", [tenant]).fetchone()
        words["rule"] = row[0] if row else None
        connection.execute(_ACCOUNT, words)
        for position in range(2):
            connection.execute(_CONTACT, {**words, "contact": new_id(), "name": f"Weber {position}"})
        connection.execute(_ADDRESS, {**words, "address": new_id()})


_ACCOUNT = """INSERT INTO account (tenant_id, id, number, name, bill_to_id, currency, responsible_user_id, permission_rule_id)
VALUES (%(tenant)s, %(id)s, %(number)s, 'Floor', %(id)s, 'EUR', %(user)s, %(rule)s)"""
_CONTACT = """INSERT INTO contact (tenant_id, id, account_id, last_name, responsible_user_id, permission_rule_id)
VALUES (%(tenant)s, %(contact)s, %(id)s, %(name)s, %(user)s, %(rule)s)"""
_ADDRESS = """INSERT INTO address (tenant_id, id, account_id, city, country)
VALUES (%(tenant)s, %(address)s, %(id)s, 'Berlin', 'DE')"""


@contextlib.contextmanager
def _served(field: Field, said: "Synchronized[int]") -> Iterator[tuple[str, int]]:
    """Serve the API in a process of its own, so that its processor time can be told from the caller's."""
    field.web.close()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        child = multiprocessing.get_context("fork").Process(target=_serve, args=(field.url, listener, said))
        child.start()
        try:
            _wait(url)
            yield url, child.pid or 0
        finally:
            child.terminate()
            child.join()


def _serve(url: str, listener: socket.socket, said: "Synchronized[int]") -> None:
    keys.use(SECRET)
    database = Database(login_url(url, walls.WEB_LOGIN, SECRET))

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def _count(*_words: Any) -> None:
        said.value += 1

    app = create_app(database, Settings(secret_key=SecretStr(SECRET), log_level="error"))
    Server(app, uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])


def _wait(url: str) -> None:
    until = time.monotonic() + READY
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/api/v1/tenants/current")
            return
        time.sleep(0.05)
    message = "the server did not start"
    raise RuntimeError(message)


@contextlib.contextmanager
def _client(field: Field, url: str) -> Iterator[httpx.Client]:
    with field.web.work(field.ground.giver, field.ground.actor) as work:
        token = tokens.create(work, tokens.NewToken(name="bench", scopes=["*"]))
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token.secret}"}, timeout=60) as client:
        yield client
