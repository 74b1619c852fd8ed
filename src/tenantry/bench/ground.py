"""The ground that benchmarks stand on: a throw-away server, a database filled by SQL, and copies of it for each run."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.handovers import actions, queries, tasks
from tenantry.database import Database, embedded, walls
from tenantry.database.migrate import login_url, migrate
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.tenancy import keys
from tenantry.tenancy.founding import Founding, found

SECRET = "bench"  # noqa: S105 - of a throw-away database
FILLED = "filled"

# 2 contacts, 1.5 addresses, 2 orders each, and every third tied to an outside system;
# the columns of real customers filled.
FILL = """
INSERT INTO account (tenant_id, id, number, name, accounting_no, email, phone, website, industry, language, vat_number, country, state,
        bill_to_id, parent_id, payment_method_id, currency, credit_limit, responsible_user_id, permission_rule_id, description, registration_number)
SELECT %(giver)s, i.id, 10000 + n, 'Company ' || n || ' ' || substr(md5(n::text), 1, 8), 'D' || n, 'office' || n || '@company.example',
       '+49 30 ' || n, 'www.company' || n || '.example', 'Retail', 'de', 'DE' || n, 'DE', 'DE-BE', %(reseller)s, %(reseller)s, %(method)s, 'EUR', 500,
       %(user)s, %(rule)s, 'Prefers mail.', 'HRB ' || n
  FROM ids AS i ORDER BY i.id;
INSERT INTO address (tenant_id, id, account_id, position, name, street, city, postcode, state, country, is_billing)
SELECT %(giver)s, gen_random_uuid(), i.id, p, 'Office', 'Street ' || n, 'Berlin', '10115', 'DE-BE', 'DE', p = 0
  FROM ids AS i, generate_series(0, 1) AS p WHERE p = 0 OR n %% 2 = 0;
INSERT INTO contact (tenant_id, id, account_id, first_name, last_name, company_role, email, phone, is_primary, storefront_user,
        responsible_user_id, permission_rule_id)
SELECT %(giver)s, gen_random_uuid(), i.id, 'Eva', 'Weber ' || n || p, 'Head of IT', 'eva' || n || p || '@company.example', '+49', p = 0, true,
       %(user)s, %(rule)s
  FROM ids AS i, generate_series(0, 1) AS p;
INSERT INTO "order" (tenant_id, id, number, name, account_id, bill_to_id, status, ordered_on, currency, responsible_user_id, permission_rule_id)
SELECT %(giver)s, gen_random_uuid(), 10000 + n * 2 + p, 'Order ' || n, i.id, %(reseller)s, 'executed', date '2026-01-01', 'EUR', %(user)s, %(rule)s
  FROM ids AS i, generate_series(0, 1) AS p;
INSERT INTO sync_option (tenant_id, id, account_id, system_id, external_id, status, system_data)
SELECT %(giver)s, gen_random_uuid(), i.id, %(system)s, 'T-' || n, 'synchronized', '{"domain": "company.example"}' FROM ids AS i WHERE n %% 3 = 0;
INSERT INTO history_line (tenant_id, id, entity, subject_id, actor, sentence)
SELECT %(giver)s, gen_random_uuid(), 'account', i.id, 'Bench', 'Account was created' FROM ids AS i;
"""


@dataclass(frozen=True)
class Ground:
    """A filled database and who is who in it."""

    server: embedded.Server
    giver: UUID
    taker: UUID
    reseller: UUID
    actor: Actor
    worker: Database
    # Where the worker connects next.
    at: dict[str, str]
    # Which reseller of the distributor's the taker is, from 0.
    number: int = 0

    @contextmanager
    def copy(self, name: str, of: str = FILLED) -> Iterator["Field"]:
        """Give a copy of a database to work in, taken away afterwards."""
        self.say(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY",
            "CHECKPOINT",
        )
        field = Field(self, name)
        try:
            yield field
        finally:
            field.close()
            self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def worker_of(self, name: str) -> Database:
        """Give the worker, on that database now: a worker that runs has compiled its statements long ago."""
        self.worker.close()
        self.at["dbname"] = name
        with self.worker.installation():
            pass
        return self.worker

    def say(self, *statements: str) -> None:
        """Run statements as the owner, outside a transaction."""
        with psycopg.connect(_plain(self.server.url("postgres")), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


class Field:
    """One database of a benchmark, as web, as worker, and by hand."""

    def __init__(self, ground: Ground, name: str) -> None:
        self.ground = ground
        self.url = ground.server.url(name)
        self.web = Database(login_url(self.url, walls.WEB_LOGIN, SECRET))
        self.worker = ground.worker_of(name)

    def planned(self, rows: int) -> tuple[UUID, str]:
        """Plan the transfer of every account; gives its id and digest."""
        ground = self.ground
        with self.web.work(ground.giver, ground.actor) as work:
            id_ = actions.plan(work, "transfer_accounts", ground.reseller, "all")
        tasks.make_plan(self.worker, ground.giver, id_)
        with self.web.work(ground.giver, ground.actor) as work:
            view = queries.handover_(work, id_)
        if view.total != rows:
            message = f"the plan has {view.total} accounts instead of {rows}"
            raise RuntimeError(message)
        return id_, view.digest or ""

    def confirmed(self, rows: int) -> UUID:
        """Plan and confirm the transfer of every account; gives its id."""
        id_, digest = self.planned(rows)
        self.confirm(id_, digest)
        return id_

    def confirm(self, id_: UUID, digest: str) -> None:
        """Confirm a plan."""
        with self.web.work(self.ground.giver, self.ground.actor) as work:
            actions.confirm(work, id_, digest)

    def analyse(self) -> None:
        """Let the planner know what it has."""
        with psycopg.connect(_plain(self.url), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def by_hand(self) -> psycopg.Connection:
        """Open a connection as the worker's login, for the hand-written floor."""
        return psycopg.connect(
            _plain(login_url(self.url, walls.WORKER_LOGIN, SECRET).render_as_string(hide_password=False))
        )

    def as_owner(self) -> psycopg.Connection:
        """Open a connection as the owner, to compare what was written."""
        return psycopg.connect(_plain(self.url))

    def close(self) -> None:
        """Close every connection."""
        self.web.close()
        self.worker.close()


@contextmanager
def ground(rows: int, *, commit_times: bool = False) -> Iterator[Ground]:
    """Make a server with a distributor whose reseller has so many customers; it may keep when each was committed."""
    keys.use(SECRET)
    with (
        tempfile.TemporaryDirectory(prefix="tenantry-bench-") as folder,
        embedded.server(Path(folder), track_commit_timestamp="on" if commit_times else "off") as server,
    ):
        url = server.create(FILLED)
        migrate(url, SECRET, [jobs.grants_sql()])
        filled = _fill(server, url, rows)
        yield filled


def peak_mb() -> float:
    """Say how much memory this process has needed at most, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _fill(server: embedded.Server, url: str, rows: int) -> Ground:
    worker = Database(login_url(url, walls.WORKER_LOGIN, SECRET))
    giver, taker, reseller = new_id(), new_id(), new_id()
    with worker.channel(giver, [giver, taker]) as work:
        admin = found(
            work, Founding("Distributor", "distributor", "distributor", "Admin", "admin@distributor.example", id=giver)
        )
        found(
            work,
            Founding(
                "Reseller",
                "reseller",
                "reseller",
                "Admin",
                "admin@reseller.example",
                id=taker,
                parent_id=giver,
                reseller_account_id=reseller,
            ),
        )
    worker.close()
    with psycopg.connect(_plain(url)) as connection:
        rule = connection.execute("SELECT common_rule_id FROM tenant WHERE id = %s", [giver]).fetchone()
        words = {
            "giver": giver,
            "taker": taker,
            "reseller": reseller,
            "user": admin,
            "rule": rule[0] if rule else None,
            "rows": rows,
        }
        words |= {"method": new_id(), "system": new_id(), "list": new_id(), "product": new_id(), "price": new_id()}
        for statement in (_SET_UP + FILL).split(";\n"):
            if statement.strip():
                connection.execute(
                    statement.encode(), {key: value for key, value in words.items() if f"%({key})s" in statement}
                )
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    actor = Actor(admin, "Admin", frozenset({"*"}), None, None, None)
    return Ground(server, giver, taker, reseller, actor, worker, _led(worker))


def _led(worker: Database) -> dict[str, str]:
    """Let the worker connect wherever the answer says at that moment."""
    at: dict[str, str] = {}

    @sa.event.listens_for(worker.engine, "do_connect")
    def _lead(_dialect: Any, _record: Any, _words: Any, named: dict[str, Any]) -> None:
        named.update(at)

    return at


def _plain(url: str | sa.URL) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


_SET_UP = """
CREATE TEMPORARY TABLE ids AS SELECT (lpad(to_hex(1760000000000 + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid AS id, n
  FROM generate_series(1, %(rows)s) AS n;
INSERT INTO payment_method (tenant_id, id, name, is_default) VALUES (%(giver)s, %(method)s, 'Invoice', true), (%(taker)s, %(method)s, 'Invoice', true);
INSERT INTO provisioning_system (tenant_id, id, name) VALUES (%(giver)s, %(system)s, 'Panel'), (%(taker)s, %(system)s, 'Panel');
INSERT INTO product (tenant_id, id, sku, name, provisioning_system_id, standing) VALUES (%(giver)s, %(product)s, 'MAIL', 'Mail', %(system)s, 'own'),
       (%(taker)s, %(product)s, 'MAIL', 'Mail', %(system)s, 'inherited');
INSERT INTO price_list (tenant_id, id, name, currency) VALUES (%(giver)s, %(list)s, 'Partners', 'EUR');
INSERT INTO account (tenant_id, id, number, name, bill_to_id, currency, country, reselling_enabled, responsible_user_id, permission_rule_id)
VALUES (%(giver)s, %(reseller)s, 1, 'Reseller', %(reseller)s, 'EUR', 'DE', true, %(user)s, %(rule)s);
INSERT INTO tenant_reseller (tenant_id, id, reseller_tenant_id, state, price_list_id) VALUES (%(giver)s, %(reseller)s, %(taker)s, 'set_up', %(list)s);
"""
