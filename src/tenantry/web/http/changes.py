"""What open pages are told: that something in their tenant changed, and nothing else (Server-Sent Events).

One connection of a program listens for all its pages. A page looks again by itself, as whoever is in front of it, so
what he may see is decided where it always is.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
import sqlalchemy as sa
import structlog

from tenantry.database.changes import CHANNEL

# Seconds: how long a stream lives until the browser has to ask again, as whoever it then is; and how often it hears.
LASTS, AWAKE = 120.0, 15.0
# Milliseconds by which clocks may differ: a page made so shortly after a change looks again.
DOUBT = 1_000
AGAIN = 2.0

log = structlog.get_logger()


class Hub:
    """Who of this program's pages wants to be told about which tenant."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._waiting: dict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._changed: dict[UUID, int] = {}
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        # Since when every change was heard, in milliseconds.
        self._heard_since = 0
        self._closed = False

    async def stream(self, tenant_id: UUID, seen: int) -> AsyncIterator[str]:
        """Tell of the changes of a tenant since `seen`, in milliseconds, until it is time to ask anew."""
        self._listen()
        woken, ends = asyncio.Event(), time.monotonic() + LASTS
        self._waiting[tenant_id].add(woken)
        try:
            yield "retry: 1000\n\n"
            await self._ready.wait()
            woken.clear()
            if seen < self._heard_since or self._changed.get(tenant_id, 0) >= seen - DOUBT:
                woken.set()
            else:
                yield _event("hello")
            while not self._closed and time.monotonic() < ends:
                try:
                    await asyncio.wait_for(woken.wait(), AWAKE)
                except TimeoutError:
                    yield ": \n\n"
                    continue
                woken.clear()
                if not self._closed:
                    yield _event("changed")
        finally:
            self._waiting[tenant_id].discard(woken)
            if not self._waiting[tenant_id]:
                del self._waiting[tenant_id]

    def close(self) -> None:
        """End every stream: the program stops."""
        self._closed = True
        self._ready.set()
        for tenant_id in list(self._waiting):
            self._wake(tenant_id)
        if self._listening:
            self._listening.cancel()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        if self._listening is None or self._listening.done() or self._listening.get_loop() is not loop:
            self._ready.clear()
            self._listening = loop.create_task(self._hear())

    async def _hear(self) -> None:
        while not self._closed:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._heard_since = _now()
                    self._ready.set()
                    # Whatever was told while nobody listened is unknown: everybody looks again.
                    for tenant_id in list(self._waiting):
                        self._wake(tenant_id)
                    async for told in connection.notifies():
                        with contextlib.suppress(ValueError):
                            self._tell(UUID(told.payload))
            except psycopg.OperationalError as fault:
                log.warning("changes_not_heard", fault=type(fault).__name__)
            await asyncio.sleep(AGAIN)

    def _tell(self, tenant_id: UUID) -> None:
        self._changed[tenant_id] = _now()
        self._wake(tenant_id)

    def _wake(self, tenant_id: UUID) -> None:
        for woken in self._waiting.get(tenant_id, ()):
            woken.set()


def _event(name: str) -> str:
    now = _now()
    return f"id: {now}\nevent: {name}\ndata: {now}\n\n"


def _now() -> int:
    return time.time_ns() // 1_000_000
