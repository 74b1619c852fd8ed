"""One unit of work: one transaction, one actor, one tenant; and the pools it comes from."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from tenantry.database import driver, planned, walls
from tenantry.database.changes import Changes
from tenantry.kernel import clock
from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.problems import Problem


@dataclass(frozen=True)
class Work:
    """A transaction that belongs to one tenant; everything written in it is committed together or not at all.

    `at` is the moment that everything in it happened. Statements still name the tenant themselves:
    the wall is the second line.
    """

    connection: sa.Connection
    tenant_id: UUID
    actor: Actor
    at: datetime
    # What was read once in this transaction and does not change in it, by name.
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @contextmanager
    def across(self, tenants: Sequence[UUID]) -> Iterator[sa.Connection]:
        """Read these tenants for a moment, as a preview must;
        who asks has to have checked that the handover names them.
        """
        _put_on(self.connection, walls.CHANNEL_READ, self.tenant_id, tenants)
        try:
            yield self.connection
        finally:
            self._come_back()

    @contextmanager
    def reaching(self, tenants: Sequence[UUID]) -> Iterator[sa.Connection]:
        """Write in these tenants for a moment, as the channel alone may, and in those it was opened for afterwards."""
        role, before = self.connection.exec_driver_sql("SELECT current_role, current_setting('app.tenants')").one()
        _put_on(self.connection, role, self.tenant_id, tenants)
        yield self.connection
        _put_on(self.connection, role, self.tenant_id, [UUID(one) for one in before.strip("{}").split(",")])

    @contextmanager
    def searching(self) -> Iterator[sa.Connection]:
        """Search by index, which row-level security would forbid; only the search columns can be read so."""
        _put_on(self.connection, walls.SEARCHER, self.tenant_id)
        try:
            yield self.connection
        finally:
            self._come_back()

    @contextmanager
    def governing(self) -> Iterator[sa.Connection]:
        """Suspend, resume or close the tenants right below for a moment; nothing else of them can be changed so."""
        _put_on(self.connection, walls.PARENT, self.tenant_id)
        try:
            yield self.connection
        finally:
            self._come_back()

    def _come_back(self) -> None:
        below = self.connection.connection.driver_connection
        # A transaction that failed does nothing more, so there is no role to take off.
        if below is not None and below.info.transaction_status == TransactionStatus.INTRANS:
            _put_on(self.connection, walls.APP, self.tenant_id)


class Database:
    """The program's connections: one login, which inherits nothing and puts a role on for each unit of work."""

    def __init__(self, url: str | sa.URL, *, pool: int = 10) -> None:
        self.engine = sa.create_engine(
            url,
            pool_size=pool,
            max_overflow=pool,
            pool_pre_ping=False,
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args={"cursor_factory": driver.Cursor},
        )
        sa.event.listen(self.engine, "connect", driver.made)
        self.changes = Changes(self.engine)

    @contextmanager
    def work(self, tenant_id: UUID, actor: Actor = SYSTEM) -> Iterator[Work]:
        """Open a unit of work for one tenant; it commits at the end of the block, unless something was raised."""
        with self.engine.begin() as connection:
            _put_on(connection, walls.APP, tenant_id)
            try:
                yield Work(connection, tenant_id, actor, clock.now())
            except Problem as problem:
                # A refusal may have something to keep, such as the new plan that it points at.
                if problem.commits:
                    connection.commit()
                raise

    @contextmanager
    def channel(
        self,
        tenant_id: UUID,
        tenants: Sequence[UUID],
        actor: Actor = SYSTEM,
        *,
        snapshot: bool = False,
        by_key: bool = False,
    ) -> Iterator[Work]:
        """Open a unit of work over several tenants, as a handover runs; `tenant_id` is the giver's.

        With `snapshot` it sees all of them as they were at its first statement, and fails when somebody was faster.
        With `by_key` its statements are planned once for always, to find every row by its key (UP-40): what a batch
        costs does not depend on how much there is, nor on what the statistics know of it.
        """
        with self.engine.begin() as connection, ExitStack() as stack:
            if snapshot:
                _say(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _put_on(connection, walls.MIRROR if by_key else walls.CHANNEL, tenant_id, tenants)
            if by_key:
                _say(connection, planned.BY_KEY)
                stack.enter_context(driver.prepares(_below(connection)))
            yield Work(connection, tenant_id, actor, clock.now())

    @contextmanager
    def installation(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees local tables only: sign-in, sessions, jobs."""
        with self.engine.begin() as connection:
            _say(connection, f"SET LOCAL ROLE {walls.APP}")
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _put_on(connection: sa.Connection, role: str, tenant_id: UUID, tenants: Sequence[UUID] = ()) -> None:
    listed = ",".join(str(UUID(str(tenant))) for tenant in tenants)
    _say(
        connection,
        f"SET LOCAL ROLE {role}; SET LOCAL app.tenant = '{UUID(str(tenant_id))}'"
        + (f"; SET LOCAL app.tenants = '{{{listed}}}'" if tenants else ""),
    )


def _say(connection: sa.Connection, words: str) -> None:
    driver.say(_below(connection), words)


def _below(connection: sa.Connection) -> psycopg.Connection[Any]:
    below: psycopg.Connection[Any] | None = connection.connection.driver_connection
    if below is None:
        message = "the connection is closed"
        raise RuntimeError(message)
    return below
