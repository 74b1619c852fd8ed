"""What is killed: program.py URL run|undo TENANT HANDOVER runs one handover; program.py URL work is a worker."""

import os
import signal
import sys
import threading
from uuid import UUID

from tenantry import jobs
from tenantry.channel.handovers import reversal, running, tasks
from tenantry.database import Database

SMALL = 2_000 if "TENANTRY_DEEP" in os.environ else 500


def main(url: str, what: str, *ids: str) -> None:
    database = Database(url)
    print("started", flush=True)  # noqa: T201 - whoever kills it waits for this
    if what == "run":
        running.run(database, UUID(ids[0]), UUID(ids[1]), size=SMALL)
    elif what == "undo":
        reversal.run(database, UUID(ids[0]), UUID(ids[1]), chunk=SMALL)
    else:
        assert tasks.RUN
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        jobs.run_worker(url, database, lanes={"bulk": 1}, stop=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
