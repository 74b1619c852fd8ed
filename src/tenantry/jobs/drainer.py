"""Drain messages tenant by tenant: woken by NOTIFY, one drainer per tenant at a time, with a sweep as the net."""

import contextlib
import queue
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

from tenantry.database.work import Database
from tenantry.jobs.library import conninfo
from tenantry.jobs.messages import CHANNEL

Apply = Callable[[Database, UUID], int]

SWEEP = 3.0
REST = 5.0
LISTEN_FOR = 0.5
# So many tenants are drained at once by one worker, each with a connection of the pool while it is.
WIDTH = 4

# The first half of the two-part key of the advisory locks; the second is the tenant.
LOCK_CLASS = 0x7465_6E61

_OVERTAKEN = {"40001", "40P01"}

# Steps from tenant to tenant over the key's index: costs a lookup per tenant, not per message.
_TENANTS = """
WITH RECURSIVE step AS (
    (SELECT tenant_id FROM message ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT tenant_id FROM message WHERE tenant_id > step.tenant_id ORDER BY tenant_id LIMIT 1)
      FROM step WHERE step.tenant_id IS NOT NULL)
SELECT tenant_id FROM step WHERE tenant_id IS NOT NULL
"""

log = structlog.get_logger(__name__)

_registered: list[Apply] = []


def applies_messages(apply: Apply) -> Apply:
    """Declare what applies messages.

    `apply(database, tenant_id)` claims and applies one batch, commits, and says how many it took; 0 ends the drain.
    """
    _registered[:] = [apply]
    return apply


def registered() -> Apply | None:
    """Give what was declared to apply messages, if anything was."""
    return _registered[0] if _registered else None


@dataclass
class Drainer:
    """Calls `apply` for every tenant with messages, a batch each in turn, several at once: neither a backlog of one
    nor a long batch of his delays another (UP-46).

    All locks are held by the one connection that listens, so drainers that have nothing to do cost one connection.
    """

    database_url: str
    database: Database
    apply: Apply
    stop: threading.Event
    width: int = WIDTH
    due: dict[UUID, float] = field(default_factory=dict)
    busy: set[UUID] = field(default_factory=set)
    _given: "queue.SimpleQueue[UUID | None]" = field(default_factory=queue.SimpleQueue)
    _ended: "queue.SimpleQueue[tuple[UUID, float | None]]" = field(default_factory=queue.SimpleQueue)
    _bell: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)

    def run(self) -> None:
        """Drain until `stop` is set, finish what is in hand; a lost connection is made anew."""
        hands = [
            threading.Thread(target=self._work, name=f"drainer {place}", daemon=True) for place in range(self.width)
        ]
        for hand in hands:
            hand.start()
        while not self.stop.is_set():
            try:
                with psycopg.connect(conninfo(self.database_url, "drainer"), autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._drain(connection)
            except psycopg.OperationalError as fault:
                log.warning("drainer lost its connection", fault=str(fault))
                self.stop.wait(1)
        for _ in hands:
            self._given.put(None)
        for hand in hands:
            hand.join()

    def _drain(self, connection: psycopg.Connection) -> None:
        next_sweep = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= next_sweep:
                for (tenant_id,) in connection.execute(_TENANTS):
                    self.due.setdefault(tenant_id, 0.0)
                next_sweep = time.monotonic() + SWEEP
            self._take_back(connection)
            self._hand_out(connection)
            self._wait(connection)

    def _hand_out(self, connection: psycopg.Connection) -> None:
        """Give the tenants that have waited longest to the hands that are free."""
        ready = [id for id, at in self.due.items() if at <= time.monotonic() and id not in self.busy]
        for tenant_id in ready[: self.width - len(self.busy)]:
            del self.due[tenant_id]
            # Another's holder was woken by the same notification; what it misses the sweep finds.
            if _said_yes(connection, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", _key(tenant_id)):
                self.busy.add(tenant_id)
                self._given.put(tenant_id)

    def _take_back(self, connection: psycopg.Connection) -> None:
        while not self._ended.empty():
            tenant_id, again_at = self._ended.get()
            self.busy.discard(tenant_id)
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", _key(tenant_id))
            if again_at is not None:
                # Behind all that wait: a batch each in turn.
                self.due[tenant_id] = max(again_at, self.due.pop(tenant_id, 0.0))

    def _wait(self, connection: psycopg.Connection) -> None:
        """Wait for a notification, or for a batch to end."""
        heard = list(connection.notifies(timeout=0))
        can_go_on = len(self.busy) < self.width and any(
            at <= time.monotonic() and id not in self.busy for id, at in self.due.items()
        )
        if not heard and not can_go_on:
            select.select([connection.fileno(), self._bell[0].fileno()], [], [], LISTEN_FOR)
            heard = list(connection.notifies(timeout=0))
        with contextlib.suppress(BlockingIOError):
            self._bell[0].recv(4096, socket.MSG_DONTWAIT)
        for notification in heard:
            self.due.setdefault(UUID(notification.payload), 0.0)

    def _work(self) -> None:
        while (tenant_id := self._given.get()) is not None:
            self._ended.put((tenant_id, self._apply(tenant_id)))
            self._bell[1].send(b".")

    def _apply(self, tenant_id: UUID) -> float | None:
        """Apply a batch; gives when the tenant has its next turn, None when nothing is left."""
        try:
            took = self.apply(self.database, tenant_id)
        except Exception as fault:
            if isinstance(fault, DBAPIError) and getattr(fault.orig, "sqlstate", None) in _OVERTAKEN:
                return 0.0
            log.exception("messages could not be applied", tenant_id=str(tenant_id))
            return time.monotonic() + REST
        return 0.0 if took else None


def _key(tenant_id: UUID) -> tuple[int, str]:
    return LOCK_CLASS, str(tenant_id)


def _said_yes(connection: psycopg.Connection, question: str, values: tuple[object, ...]) -> bool:
    row = connection.execute(question.encode(), values).fetchone()
    return bool(row and row[0])
