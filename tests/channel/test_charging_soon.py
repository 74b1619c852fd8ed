"""Charging what was sold is asked for, and done, whatever breaks off in between (UP-42)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tenantry.channel.charging_soon import NAME, ask_soon, note_asked
from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.kernel import clock
from tenantry.sales.actions import NewItem
from tenantry.schema.crm import account
from tests.channel.mirroring import channel
from tests.channel.waiting import until
from tests.world import Tenant, World


def asked(world: World, at: Tenant) -> int:
    """Count the jobs that charge the mirrors of a tenant and have not begun."""
    waiting = sa.text(
        "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = :name AND args ->> 'tenant' = :tenant"
    )
    with world.worker.engine.connect() as connection:
        return int(connection.scalar(waiting, {"name": NAME, "tenant": str(at.id)}) or 0)


def test_up_42_what_was_asked_in_a_batch_that_broke_off_is_asked_again_with_the_next(world: World) -> None:
    above = world.distributor()
    with world.worker.channel(above.id, [above.id]) as work:
        ask_soon(work, above.id)
        work.connection.rollback()
    assert asked(world, above) == 0

    for _ in range(2):
        with world.worker.channel(above.id, [above.id]) as work:
            ask_soon(work, above.id)
            ask_soon(work, above.id)
        note_asked(work)
    assert asked(world, above) == 1, "what has committed is not asked for again at once"

    with (
        clock.stopped(clock.now() + timedelta(seconds=20)),
        world.worker.channel(above.id, [above.id]) as work,
    ):
        ask_soon(work, above.id)
    assert asked(world, above) == 2, "the job of before may begin before this is committed"


def test_up_42_charging_that_loses_its_connection_is_tried_again_and_charges_once(world: World) -> None:
    story = channel(world)
    mail = story.product()
    with story.on("2026-04-05"):
        story.sell(NewItem(mail.id, "monthly", 5), NewItem(mail.id, "monthly", 2))
        story.drain()
        with world.web.work(story.above.id) as work, ThreadPoolExecutor(1) as pool:
            held = sa.select(account.c.id).where(account.c.tenant_id == story.above.id).with_for_update()
            work.connection.execute(held)
            charging = pool.submit(charge_mirrors, world.worker, story.above.id)
            kill_who_waits(world)
            with pytest.raises(OperationalError):
                charging.result(timeout=20)
        assert world.rows(story.above, "charge") == []

        assert charge_mirrors(world.worker, story.above.id) == 2
        assert charge_mirrors(world.worker, story.above.id) == 0

    assert sorted(one.amount for one in world.rows(story.above, "charge")) == [14, 35]


def kill_who_waits(world: World) -> None:
    """End the connection of the worker that waits for a lock, as soon as one does."""
    kill = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND wait_event_type = 'Lock'"
    )
    until(world.worker, kill)
