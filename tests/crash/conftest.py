"""A durable PostgreSQL of its own, which these tests may kill."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Database, embedded, walls
from tenantry.database.installation import NAME
from tenantry.database.migrate import login_url, migrate
from tests.conftest import SECRET
from tests.world import Tenant, World


@dataclass
class Ground:
    """The data folder, the server that may be killed in it, its database's URLs, and the world in it."""

    folder: Path
    server: embedded.Server
    owner_url: sa.URL
    worker_url: sa.URL
    world: World

    @cached_property
    def home(self) -> Tenant:
        return self.world.distributor()

    @cached_property
    def reseller(self) -> Tenant:
        return self.world.tenant_reseller()

    @property
    def plain_url(self) -> str:
        return self.owner_url.set(drivername="postgresql").render_as_string(hide_password=False)

    def new_connections(self) -> None:
        """Give the world new pools after the server was killed."""
        for database in (self.world.web, self.world.worker):
            database.engine.dispose()

    def count(self, question: str, tenant_id: UUID | None = None) -> int:
        """Ask for a number as the owner, who sees everything."""
        with psycopg.connect(self.plain_url) as connection:
            row = connection.execute(question.encode(), [tenant_id] if tenant_id else None).fetchone()
        assert row
        return int(row[0])


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    folder = tmp_path / "data"
    with embedded.server(folder) as server:
        owner = sa.make_url(server.create(NAME))
        migrate(owner, SECRET, [jobs.grants_sql()])
        web, worker = (login_url(owner, login, SECRET) for login in (walls.WEB_LOGIN, walls.WORKER_LOGIN))
        world = World(Database(web), Database(worker))
        yield Ground(folder, server, owner, worker, world)
        for database in (world.web, world.worker):
            database.close()
