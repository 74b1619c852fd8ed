"""The background worker: jobs in their lanes, and the messages between tenants."""

import signal
import sys
import threading
from types import FrameType

import structlog

from tenantry import jobs
from tenantry.channel import mirror as _mirror  # noqa: F401 - a worker applies messages
from tenantry.channel.handovers import tasks as _handovers  # noqa: F401 - a worker knows every task
from tenantry.channel.tenant_resellers import tasks as _tenant_resellers  # noqa: F401
from tenantry.database.installation import Installation
from tenantry.intake import tasks as _imports  # noqa: F401

LANES: dict[jobs.Lane, int] = {"live": 4, "bulk": 2}

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
    database = installation.worker()
    log.info("worker_started", lanes=LANES)
    try:
        url = installation.worker_url.render_as_string(hide_password=False)
        jobs.run_worker(url, database, lanes=LANES, stop=stop)
    finally:
        database.close()
        log.info("worker_stopped")


def _watch_parent(stop: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    stop.set()
