"""kill -9 at any moment of a run of 20,000 accounts: it goes on where it was, each copied once (HND-03, HND-09).

The short form has 6,000 accounts in smaller chunks, so that there are as many moments at which it can be killed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tenantry.channel.handovers import actions, tasks
from tenantry.jobs import JobContext
from tenantry.schema import channel
from tests.channel.stories import again, confirm
from tests.crash.conftest import Ground
from tests.crash.customers import ACCOUNTS, ASLEEP, DEEP, fill
from tests.world import Row

PROGRAM = Path(__file__).with_name("program.py")
ROOT = PROGRAM.parent.parent.parent
# How often, and within how many seconds after it began.
KILLS, WITHIN = (300, 2.5) if DEEP else (3, 1.0)


def start(ground: Ground, *words: object) -> subprocess.Popen[str]:
    """Start the program and wait until it begins."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    command = [sys.executable, str(PROGRAM), ground.worker_url.render_as_string(hide_password=False), *map(str, words)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths})
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def confirmed(ground: Ground) -> Row:
    """Plan all of them, as a worker does for so many, and confirm."""
    fill(ground)
    handover = ground.world.plan(to=ground.reseller)
    assert handover.status == "planning"
    context = JobContext(ground.world.worker, 1, 1, lambda: False)
    tasks.plan(context, tenant=str(ground.home.id), handover=str(handover.id))
    planned = again(ground.world, handover)
    assert planned.counts == {"new": ACCOUNTS - ASLEEP, "wake": ASLEEP}
    confirm(ground.world, planned)
    return planned


def killed_again_and_again(ground: Ground, what: str, handover: Row, kills: int, ended: Callable[[], bool]) -> int:
    """Kill the program at random moments after it began; gives how often it was killed at work."""
    dice, struck = random.Random(20_000), 0
    while struck < kills and not ended():
        process = start(ground, what, ground.home.id, handover.id)
        time.sleep(dice.random() * WITHIN)
        struck += process.poll() is None
        kill(process)
    return struck


def finish(ground: Ground, what: str, handover: Row) -> None:
    assert start(ground, what, ground.home.id, handover.id).wait(timeout=240) == 0


def status(ground: Ground, handover: Row) -> str:
    return str(again(ground.world, handover).status)


def assert_each_was_copied_once(ground: Ground, handover: Row) -> None:
    done = again(ground.world, handover)
    assert (done.status, done.done, done.total) == ("completed", ACCOUNTS, ACCOUNTS)
    assert done.counts == {"new": ACCOUNTS - ASLEEP, "wake": ASLEEP, "copied": ACCOUNTS}
    below, above = ground.reseller.id, ground.home.id
    mine = "SELECT count(*) FROM {} WHERE tenant_id = %s AND {}"
    for table, where, wanted in (
        ("account", "standing = 'received'", ACCOUNTS),
        ("address", "true", ACCOUNTS + ACCOUNTS // 2),
        ("address", "is_billing", ACCOUNTS),
        ("contact", "standing = 'own'", 2 * ACCOUNTS),
        ("history_line", "sentence LIKE 'Account was transferred from %%'", ACCOUNTS),
        ("history_line", "sentence LIKE 'Contact was transferred from %%'", 2 * ACCOUNTS),
    ):
        assert ground.count(mine.format(table, where), below) == wanted, f"{table} where {where}"
    for table, where, wanted in (
        ("account", "standing = 'handed_down' AND version = 2", ACCOUNTS),
        ('"order"', "standing = 'marked' AND version = 2", ACCOUNTS),
        ("address", "standing = 'mirrored' AND is_billing", ACCOUNTS),
        ("address", "is_billing", ACCOUNTS),
        ("history_line", "sentence LIKE 'Account was transferred to %%'", ACCOUNTS),
        ("handover_record", "outcome = 'copied'", ACCOUNTS),
    ):
        assert ground.count(mine.format(table, where), above) == wanted, f"{table} where {where}"
    fresh = mine.replace("count(*)", "count(DISTINCT number)").format(
        "account", f"number BETWEEN 1001 AND {1000 + ACCOUNTS}"
    )
    assert ground.count(fresh, below) == ACCOUNTS - ASLEEP
    assert ground.count("SELECT next FROM counter WHERE name = 'account' AND tenant_id = %s", below) == 1001 + ACCOUNTS
    assert ground.count("SELECT count(*) FROM handover_claim") == 0


@pytest.mark.slow
@pytest.mark.timeout(3600 if DEEP else 300)
def test_hnd_03_killed_programs_a_killed_worker_and_a_killed_database_copy_each_account_once(ground: Ground) -> None:
    """Half way the program is killed again and again, then the postmaster, then a worker; the next worker ends it."""
    handover = confirmed(ground)

    assert killed_again_and_again(ground, "run", handover, KILLS, lambda: status(ground, handover) != "running")
    if status(ground, handover) == "running":
        process = start(ground, "run", ground.home.id, handover.id)
        postmaster = ground.server.cluster.pid()
        assert postmaster
        os.kill(postmaster, signal.SIGKILL)
        assert process.wait(timeout=60) != 0 or status(ground, handover) == "completed"
        wait_for_database(ground)
    worker = start(ground, "work")
    time.sleep(1.0)
    kill(worker)
    worker = start(ground, "work")
    try:
        until(lambda: status(ground, handover) == "completed", 3600 if DEEP else 120)
    finally:
        worker.terminate()
        worker.wait(timeout=30)

    assert_each_was_copied_once(ground, handover)
    state = ground.world.row(ground.home, channel.tenant_reseller, Row(id=ground.reseller.account_id).id)
    assert state
    assert state.state == "accounts_transferred"


@pytest.mark.skipif(not DEEP, reason="the long form: TENANTRY_DEEP=1")
@pytest.mark.timeout(3600)
def test_hnd_05_an_undo_that_is_killed_again_and_again_takes_each_copy_back_once(ground: Ground) -> None:
    handover = confirmed(ground)
    finish(ground, "run", handover)
    assert_each_was_copied_once(ground, handover)
    with ground.world.web.work(ground.home.id, ground.world.admin(ground.home)) as work:
        actions.reverse(work, handover.id)

    assert killed_again_and_again(ground, "undo", handover, 100, lambda: status(ground, handover) != "undoing")
    finish(ground, "undo", handover)

    done = again(ground.world, handover)
    assert (done.status, done.counts["undone"]) == ("undone", ACCOUNTS)
    below, above = ground.reseller.id, ground.home.id
    assert ground.count("SELECT count(*) FROM account WHERE tenant_id = %s", below) == ASLEEP
    assert ground.count("SELECT count(*) FROM account WHERE standing = 'moved_out' AND tenant_id = %s", below) == ASLEEP
    assert ground.count("SELECT count(*) FROM contact WHERE tenant_id = %s", below) == 0
    assert ground.count("SELECT count(*) FROM account WHERE standing <> 'own' AND tenant_id = %s", above) == 0
    undone = "SELECT count(*) FROM history_line WHERE sentence LIKE '%%was undone' AND tenant_id = %s"
    assert ground.count(undone, above) == ACCOUNTS


def wait_for_database(ground: Ground) -> None:
    """The server that this program uses is started again by itself."""
    ground.new_connections()

    def answers() -> bool:
        try:
            return ground.count("SELECT 1") == 1
        except Exception:  # noqa: BLE001 - whatever a database says while it recovers
            return False

    until(answers, 60)


def until(happened: Callable[[], bool], seconds: float) -> None:
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > seconds:
            pytest.fail(f"It did not happen within {seconds} s.")
        time.sleep(0.2)
