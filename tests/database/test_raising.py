"""A program that starts leaves the wall alone when it stands, and mends it when it does not (OPS-05, TEN-02)."""

import psycopg
import pytest
import sqlalchemy as sa
from tests.conftest import SECRET
from tests.world import World

from tenantry import jobs
from tenantry.database.migrate import migrate

WALL = """
SELECT count(*) FROM pg_policies JOIN pg_class ON relname = tablename
 WHERE tablename = 'account' AND policyname = 'app_all' AND relrowsecurity
"""


def start(owner_url: sa.URL) -> None:
    """Do what every program does first; it gives up when it would have to wait for somebody."""
    migrate(owner_url.update_query_dict({"options": "-c lock_timeout=300"}), SECRET, [jobs.grants_sql()])


def test_ops_05_ten_02_a_start_waits_for_nobody_at_work_unless_the_wall_has_a_hole(
    owner_url: sa.URL, world: World
) -> None:
    owner = sa.create_engine(owner_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    at, customer = world.distributor(), world.account()
    with world.web.work(at.id) as work:
        work.connection.exec_driver_sql("SELECT FROM account LIMIT 1")
        start(owner_url)

    for hole in ("DROP POLICY app_all ON account", "ALTER TABLE account DISABLE ROW LEVEL SECURITY"):
        with owner.connect() as connection:
            connection.exec_driver_sql(hole)
        with world.web.work(at.id) as work:
            work.connection.exec_driver_sql("SELECT FROM account LIMIT 1")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                start(owner_url)
        start(owner_url)
        with owner.connect() as connection:
            assert connection.exec_driver_sql(WALL).scalar_one() == 1
    assert world.row(at, "account", customer.id)
