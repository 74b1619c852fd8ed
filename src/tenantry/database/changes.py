"""Say after a commit that something of a tenant changed, so that the pages that show it can look again.

It is a hint and carries nothing but the tenant: one that is lost costs a page its freshness until the next. So it is no
part of the transaction, where a NOTIFY would make those who commit wait for each other, but is sent after it, and what
comes close together goes as one.
"""

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from uuid import UUID

import psycopg
import sqlalchemy as sa
import structlog

from tenantry.database import driver

CHANNEL = "tenantry_changed"
# Seconds in which changes are gathered before they are sent.
GATHER = 0.02

log = structlog.get_logger()


class Changes:
    """What changed and was not sent yet; a thread sends it and ends."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._tenants: set[UUID] = set()
        self._lock = threading.Lock()
        self._sending = False

    def tell(self, tenant_id: UUID) -> None:
        """Say, after the commit, that something in this tenant changed; costs the caller nothing."""
        with self._lock:
            self._tenants.add(tenant_id)
            if self._sending:
                return
            self._sending = True
        threading.Thread(target=self._send, name="changes", daemon=True).start()

    def _send(self) -> None:
        while True:
            time.sleep(GATHER)
            with self._lock:
                tenants, self._tenants = self._tenants, set()
                if not tenants:
                    self._sending = False
                    return
            try:
                self._notify(tenants)
            except (psycopg.Error, sa.exc.SQLAlchemyError) as fault:
                log.warning("changes_not_told", tenants=len(tenants), fault=type(fault).__name__)

    def _notify(self, tenants: Iterable[UUID]) -> None:
        told = "; ".join(f"NOTIFY {CHANNEL}, '{UUID(str(tenant_id))}'" for tenant_id in tenants)
        with closing(self._engine.raw_connection()) as connection:
            if connection.driver_connection is not None:
                driver.say(connection.driver_connection, f"{told}; COMMIT")
