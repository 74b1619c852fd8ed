"""The worker's own chores: the house is kept once a day, by one worker at a time (OPS-03, OPS-05)."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tenantry import worker
from tenantry.channel.mirror import tasks as mirrors
from tenantry.database import Database
from tenantry.kernel import clock
from tenantry.schema import tenant as t
from tenantry.tenancy import housekeeping, sessions
from tests.world import World


def ended_session(world: World) -> None:
    """Let somebody's session have ended long ago."""
    with clock.stopped(clock.now() - timedelta(days=40)), world.web.work(world.distributor().id) as work:
        sessions.start(work, world.distributor().admin_id)


def sessions_of(world: World) -> int:
    return len(world.rows(world.distributor(), t.session))


def test_ops_05_a_worker_sweeps_soon_after_its_start_and_stops_when_told(world: World) -> None:
    ended_session(world)
    assert sessions_of(world) == 1
    stop = threading.Event()
    house = threading.Thread(target=worker.keep_house, args=(world.worker, stop), kwargs={"soon": 0.01})

    house.start()
    until = time.monotonic() + 20
    while sessions_of(world) and time.monotonic() < until:
        time.sleep(0.02)
    assert sessions_of(world) == 0
    # Having swept it waits for a day, unless it is told to stop.
    assert house.is_alive()
    stop.set()
    house.join(10)
    assert not house.is_alive()


def test_ops_05_one_worker_sweeps_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on = threading.Event(), threading.Event()
    truly = housekeeping.sweep

    def slowly(database: Database) -> object:
        began.set()
        go_on.wait(10)
        return truly(database)

    monkeypatch.setattr(housekeeping, "sweep", slowly)
    ended_session(world)
    first = threading.Thread(target=worker.sweep_alone, args=(world.worker,))
    first.start()
    began.wait(10)

    assert worker.sweep_alone(world.worker) is None
    assert sessions_of(world) == 1
    go_on.set()
    first.join(20)
    assert sessions_of(world) == 0
    assert worker.sweep_alone(world.worker) is not None


def at_second_try(
    truly: Callable[[Database], object], tried: list[Database], stop: threading.Event
) -> Callable[[Database], object]:
    """Fail at first, as when the database is away; then do it, and let that be all."""

    def do(database: Database) -> object:
        tried.append(database)
        if len(tried) == 1:
            message = "the database is away"
            raise ConnectionError(message)
        stop.set()
        return truly(database)

    return do


def test_ops_05_a_sweep_that_fails_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ended_session(world)
    tried: list[Database] = []

    stop = threading.Event()
    monkeypatch.setattr(housekeeping, "sweep", at_second_try(housekeeping.sweep, tried, stop))
    monkeypatch.setattr(worker, "AGAIN", 0.01)

    worker.keep_house(world.worker, stop, soon=0.01)

    assert len(tried) == 2
    assert sessions_of(world) == 0


def test_up_42_the_work_of_the_day_is_asked_for_again_a_minute_after_it_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Database] = []

    stop = threading.Event()
    monkeypatch.setattr(mirrors, "ask_for_all", at_second_try(mirrors.ask_for_all, tried, stop))
    monkeypatch.setattr(worker, "MINUTE", 0.01)

    days = threading.Thread(target=worker.keep_days, args=(world.worker, stop), kwargs={"soon": 0.01}, daemon=True)
    days.start()
    days.join(20)

    assert len(tried) == 2
