"""What a batch of the mirror costs, though its statements were planned when there was next to nothing (UP-40)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tenantry.channel import mirror
from tenantry.database import Database, planned, walls
from tenantry.database.migrate import login_url
from tests.channel.mirroring import Channel, channel
from tests.conftest import SECRET, say
from tests.world import Row, World

CUSTOMERS = 1_500
READ = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"


@contextmanager
def rows_read(world: World) -> Iterator[list[int]]:
    """Count the rows that each transaction of the worker reads, from its first statement to its last."""
    counts: list[int] = []
    known: dict[sa.Connection, list[int]] = {}

    def begins(connection: sa.Connection, *_: Any) -> None:
        driver: Any = connection.connection.driver_connection
        # What earlier transactions did may still be among them, until the next is committed.
        [[found]] = driver.cursor().execute(READ, prepare=False).fetchall()
        known.setdefault(connection, []).append(int(found or 0))

    def ended(connection: sa.Connection) -> None:
        if seen := known.pop(connection, []):
            counts.append(seen[-1] - seen[0])

    sa.event.listen(world.worker.engine, "before_cursor_execute", begins)
    sa.event.listen(world.worker.engine, "commit", ended)
    yield counts
    sa.event.remove(world.worker.engine, "before_cursor_execute", begins)
    sa.event.remove(world.worker.engine, "commit", ended)


def sells_and_changes(story: Channel) -> None:
    """Do below what sells, converts and changes, a message of each kind."""
    trial = story.sold(story.product(trial_allowed=True), 2, trial=True)
    story.do("convert", trial)
    story.do("change_quantity", trial, 9)
    story.account("edit", {"email": f"office-{trial.id}@acme.example"})


# Customers with a subscription and its sale, like the one that is there, in both tenants.
MORE = """
CREATE TEMPORARY TABLE more ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS account_id, gen_random_uuid() AS id, gen_random_uuid() AS change_id
  FROM generate_series(1, :many) AS n;
INSERT INTO account (tenant_id, id, number, name, bill_to_id, currency, country, standing, managed_by,
                     responsible_user_id, permission_rule_id)
SELECT a.tenant_id, m.account_id, 100000 + n, a.name || n,
       CASE WHEN a.bill_to_id = a.id THEN m.account_id ELSE a.bill_to_id END, a.currency, a.country, a.standing,
       a.managed_by, a.responsible_user_id, a.permission_rule_id
  FROM account AS a, more AS m WHERE a.id = :customer;
INSERT INTO subscription (tenant_id, id, account_id, bill_to_id, product_id, name, status, cycle, currency, quantity,
                          unit_price, start_on, paid_from, standing, managed_by, responsible_user_id,
                          permission_rule_id)
SELECT s.tenant_id, m.id, m.account_id, CASE WHEN s.bill_to_id = s.account_id THEN m.account_id ELSE s.bill_to_id END,
       s.product_id, s.name, s.status, s.cycle, s.currency, s.quantity, s.unit_price, s.start_on, s.paid_from,
       s.standing, s.managed_by, s.responsible_user_id, s.permission_rule_id
  FROM subscription AS s, more AS m WHERE s.id = :subscription;
INSERT INTO subscription_change (tenant_id, id, subscription_id, account_id, number, kind, effective_on, event_id,
                                 product_id, before, after, sold, done_at)
SELECT c.tenant_id, m.change_id, m.id, m.account_id, 1, c.kind, c.effective_on, m.change_id, c.product_id, c.before,
       c.after, c.sold, c.done_at
  FROM subscription_change AS c, more AS m WHERE c.subscription_id = :subscription AND c.kind = 'activation'
"""


def many_more(story: Channel, subscription: Row) -> None:
    """Let there be many customers like this one."""
    words = {"many": CUSTOMERS, "customer": story.customer.id, "subscription": subscription.id}
    with story.world.worker.channel(story.below.id, [story.below.id, story.above.id]) as work:
        for statement in MORE.split(";\n"):
            asked = sa.text(statement)
            work.connection.execute(asked, {name: words[name] for name in asked.compile().params})


@pytest.fixture
def owned_url(server_url: sa.URL, template: str, worker_id: str) -> Iterator[sa.URL]:
    """Give the owner's URL of a database in which nothing is yet."""
    name = f"{template}_planned_{worker_id}"
    say(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server_url.set(database=name)
    say(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty(owned_url: sa.URL) -> Iterator[World]:
    """Give a world in a database of its own."""
    web, worker = (Database(login_url(owned_url, login, SECRET)) for login in (walls.WEB_LOGIN, walls.WORKER_LOGIN))
    yield World(web, worker)
    web.close()
    worker.close()


def version(world: World) -> int:
    """Give the database's own version, as a number."""
    with world.worker.installation() as connection:
        return int(connection.exec_driver_sql("SELECT current_setting('server_version_num')").scalar_one())


@pytest.mark.parametrize("counted", [False, True], ids=["before statistics", "with statistics of next to nothing"])
def test_up_40_a_batch_finds_its_rows_by_key_though_it_was_planned_when_there_were_next_to_none(
    empty: World, owned_url: sa.URL, *, counted: bool
) -> None:
    story = channel(empty)
    first = story.sold(story.product())
    if counted:
        say(owned_url, "ANALYZE")
    sells_and_changes(story)
    story.drain()
    with rows_read(empty) as few:
        sells_and_changes(story)
        assert mirror.apply(empty.worker, story.below.id)

    many_more(story, first)
    if version(empty) < planned.TOLD_SINCE:
        # It could not be told, and counts by itself within minutes.
        say(owned_url, "ANALYZE")
    with rows_read(empty) as many:
        sells_and_changes(story)
        assert mirror.apply(empty.worker, story.below.id)

    # Counted at a bad moment, a table or two may be read through once, but never once for each row of another.
    assert max(many) < 2 * max(few) + (4 * CUSTOMERS if counted else 0), (few, many)


def test_up_40_of_many_small_tenants_the_plan_is_made_for_the_largest(empty: World, owned_url: sa.URL) -> None:
    small = channel(empty)
    first = small.sold(small.product())
    small.drain()
    many_more(small, first)
    # As many tenants as rows, for all that the planner finds.
    say(owned_url, "ANALYZE")
    with empty.worker.installation() as connection:
        found = (
            connection.exec_driver_sql("SELECT n_distinct FROM pg_stats WHERE attname = 'tenant_id'").scalars().all()
        )

    assert set(found) == {1.0}
