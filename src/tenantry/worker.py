"""The background worker: jobs in their lanes, and the messages between tenants."""

import signal
import sys
import threading
from collections.abc import Mapping
from types import FrameType

import sqlalchemy as sa
import structlog

from tenantry import jobs
from tenantry.billing import tasks as _billing  # noqa: F401 - a worker knows every task
from tenantry.channel import mirror as _mirror  # noqa: F401 - a worker applies messages
from tenantry.channel.catalogue_updates import tasks as _catalogue_updates  # noqa: F401
from tenantry.channel.handovers import tasks as _handovers  # noqa: F401 - a worker knows every task
from tenantry.channel.health import sampling
from tenantry.channel.mirror import tasks as mirrors
from tenantry.channel.reconcile import nightly, tasks as _reconcile  # noqa: F401
from tenantry.channel.tenant_resellers import tasks as _tenant_resellers  # noqa: F401
from tenantry.database import Database
from tenantry.database.installation import Installation
from tenantry.intake import tasks as _imports  # noqa: F401
from tenantry.kernel.memory import keep_what_is_there
from tenantry.sales.subscriptions import tasks as subscriptions
from tenantry.tenancy import housekeeping
from tenantry.traces import use_traces

LANES: dict[jobs.Lane, int] = {"live": 4, "bulk": 2}

# Seconds: soon after the start, once a day, and again after a failure.
SOON, DAY, AGAIN = 60.0, 86_400.0, 3_600.0
# Midnight comes to the tenants at different hours.
HOUR = 3_600.0
MINUTE = 60.0
# How long the end of the program waits for a sweep in hand; each tenant's is a transaction of its own.
PATIENCE = 5.0
# The key of the advisory lock, the same for every worker.
HOUSEKEEPING = 0x7465_6E61_686F_7573

log = structlog.get_logger()


def work(installation: Installation, *, with_parent: bool = False) -> None:
    """Work until told to stop; what is in hand is finished or given back (OPS-05).

    `with_parent` ends the worker when its standard input closes,
    so that it does not outlive the program that started it, however that one ends.
    """
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    if with_parent:
        threading.Thread(target=_watch_parent, args=(stop,), name="parent", daemon=True).start()
    use_traces()
    keep_what_is_there()
    database = installation.worker()
    house = threading.Thread(target=keep_house, args=(database, stop), name="housekeeping", daemon=True)
    house.start()
    threading.Thread(target=keep_days, args=(database, stop), name="work of the day", daemon=True).start()
    threading.Thread(target=keep_watch, args=(database, stop), name="watch over mirrors", daemon=True).start()
    log.info("worker_started", lanes=LANES)
    try:
        url = installation.worker_url.render_as_string(hide_password=False)
        jobs.run_worker(url, database, lanes=LANES, stop=stop)
    finally:
        house.join(PATIENCE)
        database.close()
        log.info("worker_stopped")


def keep_house(database: Database, stop: threading.Event, *, soon: float = SOON) -> None:
    """Throw away what has ended soon after the start and then once a day, until told to stop."""
    pause = soon
    while not stop.wait(pause):
        try:
            sweep_alone(database)
        except Exception:
            # The house can wait for the database to come back; the jobs beside it cannot wait for the house.
            log.exception("housekeeping_failed")
            pause = AGAIN
        else:
            pause = DAY


def keep_days(database: Database, stop: threading.Event, *, soon: float = SOON) -> None:
    """Ask for the work of the day soon after the start and then every hour, or a minute after it failed, until told to
    stop.
    """
    pause = soon
    while not stop.wait(pause):
        pause = HOUR
        try:
            asked = subscriptions.ask_for_all(database) + mirrors.ask_for_all(database)
        except Exception:
            # What is due stays due; the database may be back in a minute.
            log.exception("work_of_the_day_failed")
            pause = MINUTE
        else:
            log.info("work_of_the_day_asked_for", tenants=asked)
        try:
            compared = nightly.ask_for_all(database)
        except Exception:
            log.exception("nightly_comparisons_not_asked_for")
            pause = MINUTE
        else:
            log.info("nightly_comparisons_asked_for", tenant_resellers=compared)


def keep_watch(database: Database, stop: threading.Event, *, every: float = MINUTE) -> None:
    """Look at every mirror each minute, until told to stop (UP-45)."""
    while not stop.wait(every):
        try:
            sampling.sample(database)
        except Exception:
            log.exception("mirrors_not_sampled")


def sweep_alone(database: Database) -> Mapping[str, int] | None:
    """Sweep unless another worker is at it; gives how many rows went, by table, or None."""
    with database.installation() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(HOUSEKEEPING))):
            return None
        gone = housekeeping.sweep(database)
    log.info("housekeeping_done", **gone)
    return gone


def _watch_parent(stop: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    stop.set()
