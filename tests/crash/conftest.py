"""A durable PostgreSQL of its own, which these tests may kill, with 20,000 customers of one reseller in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Database, embedded, walls
from tenantry.database.migrate import login_url, migrate
from tests.conftest import SECRET
from tests.world import Tenant, World

ACCOUNTS = 20_000
ASLEEP = 500

FILL = """
CREATE TEMP TABLE ids AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, %(accounts)s) AS n;
INSERT INTO account
       (tenant_id, id, number, name, bill_to_id, parent_id, currency, responsible_user_id, permission_rule_id)
SELECT %(giver)s, id, 100000 + n, 'Company ' || n, %(reseller)s, %(reseller)s, 'EUR', %(user)s, %(rule)s FROM ids;
INSERT INTO address (tenant_id, id, account_id, position, city, country, is_billing)
SELECT %(giver)s, gen_random_uuid(), id, p, 'Berlin', 'DE', p = 1
  FROM ids, generate_series(0, 1) AS p WHERE p = 0 OR n %% 2 = 0;
INSERT INTO contact (tenant_id, id, account_id, last_name, responsible_user_id, permission_rule_id)
SELECT %(giver)s, gen_random_uuid(), id, 'Weber ' || n, %(user)s, %(rule)s FROM ids, generate_series(0, 1) AS p;
INSERT INTO "order" (tenant_id, id, number, name, account_id, bill_to_id, status, ordered_on, currency,
                     responsible_user_id, permission_rule_id)
SELECT %(giver)s, gen_random_uuid(), 100000 + n, 'Order', id, %(reseller)s, 'executed', '2026-01-01', 'EUR',
       %(user)s, %(rule)s FROM ids;
INSERT INTO account (tenant_id, id, number, name, bill_to_id, currency, responsible_user_id, permission_rule_id,
                     standing, status)
SELECT %(taker)s, id, 900000 + n, 'As it was', id, 'EUR', %(taker_user)s, %(taker_rule)s, 'moved_out', 'moved_out'
  FROM ids WHERE n <= %(asleep)s;
ANALYZE;
"""


@dataclass
class Ground:
    """The server that may be killed, its database's URLs, and who is who."""

    server: embedded.Server
    owner_url: sa.URL
    worker_url: sa.URL
    world: World
    home: Tenant
    reseller: Tenant

    def new_connections(self) -> None:
        """Give the world new pools after the server was killed."""
        for database in (self.world.web, self.world.worker):
            database.engine.dispose()

    def count(self, question: str, tenant_id: UUID | None = None) -> int:
        """Ask for a number as the owner, who sees everything."""
        words = self.owner_url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(words) as connection:
            row = connection.execute(question.encode(), [tenant_id] if tenant_id else None).fetchone()
        assert row
        return int(row[0])


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with embedded.server(tmp_path / "data") as server:
        owner = sa.make_url(server.create("tenantry"))
        migrate(owner, SECRET, [jobs.grants_sql()])
        web, worker = (login_url(owner, login, SECRET) for login in (walls.WEB_LOGIN, walls.WORKER_LOGIN))
        world = World(Database(web), Database(worker))
        home, reseller = world.distributor(), world.tenant_reseller()
        words = {"giver": home.id, "user": home.admin_id, "rule": home.rule_id, "reseller": reseller.account_id}
        words |= {"taker": reseller.id, "taker_user": reseller.admin_id, "taker_rule": reseller.rule_id}
        url = owner.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection, psycopg.ClientCursor(connection) as cursor:
            cursor.execute(FILL.encode(), {**words, "accounts": ACCOUNTS, "asleep": ASLEEP})
        yield Ground(server, owner, worker, world, home, reseller)
        for database in (world.web, world.worker):
            database.close()
