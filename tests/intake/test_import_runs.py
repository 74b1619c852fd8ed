"""A confirmed import runs in batches: whatever stops it loses nothing and doubles nothing (CAT-04)."""

import subprocess
import sys
import time
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenantry.database import Work, walls
from tenantry.intake import running
from tenantry.kernel import clock
from tenantry.schema import crm
from tenantry.schema.tenant import tenant_currency, tenant_user
from tests.intake.stories import accounts, act, bring, confirm, table, view
from tests.world import Tenant, World


def half_done(world: World, at: Tenant, connection: sa.Connection, id: UUID) -> None:
    """Bring in a batch in a transaction that will not be committed."""
    connection.exec_driver_sql(f"SET LOCAL ROLE {walls.APP}")
    connection.exec_driver_sql(f"SET LOCAL app.tenant = '{at.id}'")
    done, _, _ = running.bring_in(Work(connection, at.id, world.admin(at), clock.now()), id)
    assert done == 2_000


def test_cat_04_a_killed_run_goes_on_where_it_was_and_makes_nothing_twice(world: World) -> None:
    home = world.distributor()
    lines = [f"Company {line}|DE|EUR|Weber" for line in range(2_500)]
    id = bring(world, table("Name|Country|Currency|Contact last name", *lines))
    confirm(world, id)

    class Killed(Exception):
        """The process is gone."""

    def kill() -> None:
        raise Killed

    with pytest.raises(Killed):
        running.run(world.worker, home.id, id, kill)
    assert (view(world, id).done, len(accounts(world))) == (1_000, 1_000)
    # A batch whose transaction never ended: nothing of it is there.
    with world.worker.engine.connect() as connection, connection.begin() as lost:
        half_done(world, home, connection, id)
        lost.rollback()
    assert (view(world, id).done, len(accounts(world))) == (1_000, 1_000)
    told: list[tuple[int, int]] = []
    running.run(world.worker, home.id, id, lambda: None, lambda done, total: told.append((done, total)))
    running.run(world.worker, home.id, id, lambda: None)

    assert told == [(2_000, 2_500), (2_500, 2_500), (2_500, 2_500)]
    assert len(accounts(world)) == len(set(accounts(world))) == 2_500
    assert len(world.rows(home, crm.contact)) == 2_500
    assert len(world.rows(home, crm.history_line)) == 5_000
    assert view(world, id).status == "completed"


def test_cat_04_a_cancelled_run_keeps_its_batches_and_stops(world: World) -> None:
    home = world.distributor()
    id = bring(world, table("Name|Country|Currency", *(f"Company {line}|DE|EUR" for line in range(1_500))))
    confirm(world, id)
    with world.worker.work(home.id, world.admin(home)) as work:
        running.bring_in(work, id)

    act(world, "cancel", id)
    running.run(world.worker, home.id, id, lambda: None)

    cancelled = view(world, id)
    assert (cancelled.status, cancelled.counts["imported"], len(accounts(world))) == ("cancelled", 1_000, 1_000)


def test_ten_20_who_was_blocked_after_confirming_brings_nothing_in(world: World) -> None:
    home = world.distributor()
    id = bring(world, table("Name|Country|Currency", *(f"Company {line}|DE|EUR" for line in range(1_500))))
    confirm(world, id)
    world.update(home, tenant_user, home.admin_id, status="blocked")

    running.run(world.worker, home.id, id, lambda: None)

    assert view(world, id).status == "failed"
    assert accounts(world) == []


RUN = """
import sys, time
from uuid import UUID
from tenantry.database import Database
from tenantry.intake import running
url, tenant, id = sys.argv[1:]
running.run(Database(url), UUID(tenant), UUID(id), lambda: time.sleep(0.05), lambda *told: print(*told, flush=True))
"""


def test_cat_04_kill_9_in_the_middle_of_a_batch_loses_and_doubles_nothing(world: World, worker_url: sa.URL) -> None:
    home = world.distributor()
    lines = [f"Company {line}|DE|EUR|Berlin|Weber" for line in range(4_000)]
    id = bring(world, table("Name|Country|Currency|City|Contact last name", *lines))
    confirm(world, id)
    command = [sys.executable, "-c", RUN, worker_url.render_as_string(hide_password=False), str(home.id), str(id)]
    killed = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert killed.stdout
    killed.stdout.readline()
    time.sleep(0.2)
    killed.kill()
    killed.wait()

    half = view(world, id)
    assert half.status == "running"
    assert half.done == len(accounts(world))
    assert 1_000 <= half.done < 4_000
    running.run(world.worker, home.id, id, lambda: None)

    assert view(world, id).counts["imported"] == 4_000
    for table_, expected in (
        (crm.account, 4_000),
        (crm.address, 4_000),
        (crm.contact, 4_000),
        (crm.history_line, 8_000),
    ):
        assert len(world.rows(home, table_)) == expected


def test_hnd_02_what_the_set_up_became_during_a_run_is_looked_at_again(world: World) -> None:
    home = world.distributor()
    world.insert(home, tenant_currency, currency="JPY")
    id = bring(world, table("Name|Country|Currency", *(f"Company {line}|JP|JPY" for line in range(1_500))))
    confirm(world, id)
    with world.worker.work(home.id, world.admin(home)) as work:
        running.bring_in(work, id)
        gone = sa.delete(tenant_currency).where(
            tenant_currency.c.tenant_id == home.id, tenant_currency.c.currency == "JPY"
        )
        work.connection.execute(gone)

    running.run(world.worker, home.id, id, lambda: None)

    currencies = [row.currency for row in world.rows(home, crm.account)]
    assert (currencies.count("JPY"), currencies.count("EUR")) == (1_000, 500)
