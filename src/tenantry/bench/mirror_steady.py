"""How long it takes from the commit of a change below until it can be seen above, under a steady stream (UP-45).

Both moments are the server's own: those at which the two transactions were committed.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from tenantry.bench.channel_ground import told, two_grounds
from tenantry.bench.ground import SECRET, Field, peak_mb
from tenantry.channel import mirror
from tenantry.channel.handovers import running
from tenantry.database import walls
from tenantry.database.migrate import login_url
from tenantry.jobs.drainer import Drainer
from tenantry.kernel.memory import keep_what_is_there

MIRRORED = 10_000
PER_SECOND = 100
SECONDS = 30
# A worker that runs has compiled and planned its statements long ago.
WARM_UP = 500
# What is copied at the same time, the second time round.
COPIED = (0, 100_000)
PATIENCE = 120

Told = tuple[Any, ...]


def bench(rows: int | None, _pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure the time to be seen under 100 changes a second: alone, and beside a copy of 100,000 accounts."""
    for copied in COPIED:
        yield _at(rows or MIRRORED, copied, say)


def _at(mirrored: int, copied: int, say: Callable[[str], object]) -> dict[str, Any]:
    say(f"Filling a distributor with {mirrored:,} mirrored subscriptions, and {copied:,} accounts to transfer ...")
    with two_grounds(mirrored, copied or 1) as (filled, other), filled.copy("work") as field:
        copying = _copying(Field(other, "work"), copied) if copied else None
        told(field.url, filled, WARM_UP + PER_SECOND * SECONDS, mirrored)
        with field.as_owner() as connection:
            waiting = connection.execute(_TAKE).fetchall()
        stop = threading.Event()
        # As a worker does when it starts.
        keep_what_is_there()
        url = login_url(field.url, walls.WORKER_LOGIN, SECRET).render_as_string(hide_password=False)
        drainer = threading.Thread(target=Drainer(url, field.worker, mirror.apply, stop).run, daemon=True)
        drainer.start()
        try:
            with field.as_owner() as connection:
                connection.autocommit = True
                connection.execute(_NOTED)
                _tell(connection, waiting[:WARM_UP])
                _until_applied(connection)
                if copying:
                    copying.start()
                connection.execute("TRUNCATE noted")
                seconds = _tell(connection, waiting[WARM_UP:])
                copied_meanwhile = copying is not None and not copying.is_alive()
                _until_applied(connection)
                lags = [row[0] for row in connection.execute(_LAGS)]
        finally:
            if copying and copying.ident:
                copying.join()
            stop.set()
            drainer.join()
    return {
        "bench": "mirror-steady",
        "rows": mirrored,
        "copied": copied,
        "copied_meanwhile": copied_meanwhile,
        "per_second": round((len(waiting) - WARM_UP) / seconds),
        "measured": len(lags),
        "p50_ms": _at_most(lags, 0.5),
        "p99_ms": _at_most(lags, 0.99),
        "worst_ms": _at_most(lags, 1.0),
        "peak_mb": peak_mb(),
    }


def _copying(field: Field, rows: int) -> threading.Thread:
    id_ = field.confirmed(rows)
    return threading.Thread(target=running.run, args=(field.worker, field.ground.giver, id_), daemon=True)


def _tell(connection: psycopg.Connection, waiting: list[Told]) -> float:
    """Tell of each change in a transaction of its own, at its time; gives how many seconds it took."""
    started = time.perf_counter()
    for place, one in enumerate(waiting):
        time.sleep(max(0.0, started + place / PER_SECOND - time.perf_counter()))
        with connection.transaction():
            connection.execute(_TELL, one)
    return time.perf_counter() - started


def _until_applied(connection: psycopg.Connection) -> None:
    ends = time.monotonic() + PATIENCE
    while (row := connection.execute(_LEFT).fetchone()) and row[0]:
        if time.monotonic() > ends:
            message = f"{row[0]} changes were not applied within {PATIENCE} seconds"
            raise RuntimeError(message)
        time.sleep(0.1)


def _at_most(lags: list[float], share: float) -> float:
    return round(lags[min(len(lags) - 1, int(len(lags) * share))] * 1000, 1)


# The changes were made by then, in any number of transactions; what counts is the one that tells of them.
_TAKE = b"""
WITH taken AS (DELETE FROM message RETURNING id, tenant_id, account_id, kind, subject_id, fact_id)
SELECT tenant_id, account_id, kind, subject_id, fact_id FROM taken ORDER BY id
"""
_NOTED = b"CREATE TEMPORARY TABLE noted (fact_id uuid, told_by xid)"
_TELL = b"""
WITH told AS (
    INSERT INTO message (tenant_id, account_id, kind, subject_id, fact_id, told_at)
    VALUES (%s, %s, %s, %s, %s, clock_timestamp()) RETURNING tenant_id, fact_id),
noted AS (INSERT INTO noted SELECT fact_id, pg_current_xact_id()::xid FROM told WHERE fact_id IS NOT NULL)
SELECT pg_notify('tenantry_message', tenant_id::text) FROM told
"""
_LEFT = b"SELECT count(*) FROM message"
# What changed nothing but present rows leaves nothing to read the moment from; it is applied in the same batches.
_LAGS = b"""
SELECT extract(epoch FROM pg_xact_commit_timestamp(c.xmin) - pg_xact_commit_timestamp(n.told_by))::float8 AS lag
  FROM noted AS n JOIN tenant AS t ON t.parent_id IS NULL
  JOIN subscription_change AS c ON c.tenant_id = t.id AND c.id = n.fact_id ORDER BY lag
"""
