"""Drain messages tenant by tenant: woken by NOTIFY, one drainer per tenant at a time, with a sweep as the net."""

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
    """Calls `apply` for every tenant with messages, a batch each in turn: a backlog of one delays no other (UP-46)."""

    database_url: str
    database: Database
    apply: Apply
    stop: threading.Event
    due: dict[UUID, float] = field(default_factory=dict)

    def run(self) -> None:
        """Drain until `stop` is set; a lost connection is made anew."""
        while not self.stop.is_set():
            try:
                with psycopg.connect(conninfo(self.database_url, "drainer"), autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._drain(connection)
            except psycopg.OperationalError as fault:
                log.warning("drainer lost its connection", fault=str(fault))
                self.stop.wait(1)

    def _drain(self, connection: psycopg.Connection) -> None:
        next_sweep = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= next_sweep:
                for (tenant_id,) in connection.execute(_TENANTS):
                    self.due.setdefault(tenant_id, 0.0)
                next_sweep = time.monotonic() + SWEEP
            ready = [tenant_id for tenant_id, at in self.due.items() if at <= time.monotonic()]
            for tenant_id in ready:
                self._turn(connection, tenant_id)
            self._listen(connection, 0.0 if ready else LISTEN_FOR)

    def _turn(self, connection: psycopg.Connection, tenant_id: UUID) -> None:
        if self.stop.is_set():
            return
        key = (LOCK_CLASS, str(tenant_id))
        if not _said_yes(connection, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", key):
            # Its holder was woken by the same notification; what it misses the sweep finds.
            del self.due[tenant_id]
            return
        try:
            self._apply(tenant_id)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)

    def _apply(self, tenant_id: UUID) -> None:
        try:
            took = self.apply(self.database, tenant_id)
        except Exception as fault:
            if isinstance(fault, DBAPIError) and getattr(fault.orig, "sqlstate", None) in _OVERTAKEN:
                return
            log.exception("messages could not be applied", tenant_id=str(tenant_id))
            self.due[tenant_id] = time.monotonic() + REST
        else:
            if not took:
                del self.due[tenant_id]

    def _listen(self, connection: psycopg.Connection, seconds: float) -> None:
        for notification in connection.notifies(timeout=seconds, stop_after=1):
            self.due.setdefault(UUID(notification.payload), 0.0)


def _said_yes(connection: psycopg.Connection, question: str, values: tuple[object, ...]) -> bool:
    row = connection.execute(question.encode(), values).fetchone()
    return bool(row and row[0])
