"""Run jobs lane by lane, take up those of killed workers, and drain messages."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

import procrastinate
import structlog

from tenantry.database.work import Database
from tenantry.jobs.context import JobContext
from tenantry.jobs.drainer import Drainer, registered
from tenantry.jobs.library import Custody, open_app
from tenantry.jobs.pauses import GrowingPauses
from tenantry.jobs.span import traced
from tenantry.jobs.task import LANES, TASKS, Lane, Task
from tenantry.jobs.thread import on_a_thread

HEARTBEAT = 1.0
GRACE = 5.0
# A worker that shuts down beats no more while it waits for its jobs, so: HEARTBEAT + GRACE < STALLED.
STALLED = 7.0
SWEEP = 1.0
POLL = 1.0

log = structlog.get_logger(__name__)


def run_worker(database_url: str, database: Database, *, lanes: Mapping[Lane, int], stop: threading.Event) -> None:
    """Work until `stop` is set; then finish or give back within `GRACE` seconds, and return.

    `lanes` says how many jobs of each lane run at once. `database_url` is of the worker's login, and direct, as LISTEN
    needs it. Tasks run on daemon threads: one that never looks at `should_stop` is given back all the same, and ends
    with the process.
    """
    unknown = set(lanes) - set(LANES)
    if unknown:
        message = f"There is no lane {', '.join(sorted(unknown))}; there are {', '.join(LANES)}."
        raise ValueError(message)
    drainer = _start_drainer(database_url, database, stop)
    asyncio.run(_work(database_url, database, lanes, stop))
    if drainer:
        drainer.join(GRACE)


def _start_drainer(database_url: str, database: Database, stop: threading.Event) -> threading.Thread | None:
    apply = registered()
    if apply is None:
        return None
    thread = threading.Thread(target=Drainer(database_url, database, apply, stop).run, name="drainer", daemon=True)
    thread.start()
    return thread


async def _work(database_url: str, database: Database, lanes: Mapping[Lane, int], stop: threading.Event) -> None:
    stopping = _as_asyncio(stop)
    chores = [_steadily("sweep", partial(_sweep, open_app(database_url, "sweep")))]
    for lane, width in lanes.items():
        app = open_app(database_url, f"lane {lane}")
        for each in TASKS.values():
            _teach(app, each, database, stop)
        chores.append(_steadily(f"lane {lane}", partial(_run_lane, app, lane, width)))
    running = [asyncio.create_task(chore) for chore in chores]
    try:
        await stopping.wait()
    finally:
        # Also after Ctrl-C, which asyncio turns into a cancellation: tasks read `stop`.
        stop.set()
        for chore in running:
            chore.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _as_asyncio(stop: threading.Event) -> asyncio.Event:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    def pass_on() -> None:
        stop.wait()
        with contextlib.suppress(RuntimeError):  # the loop has closed on its own
            loop.call_soon_threadsafe(stopping.set)

    threading.Thread(target=pass_on, name="stop", daemon=True).start()
    return stopping


async def _steadily(what: str, chore: Callable[[], Awaitable[None]]) -> None:
    """Begin a chore again whenever it ends: a database that restarts ends them all."""
    while True:
        try:
            await chore()
        except Exception:
            log.warning("chore failed and begins again", chore=what, exc_info=True)
        await asyncio.sleep(POLL)


async def _run_lane(app: procrastinate.App, lane: Lane, width: int) -> None:
    async with _opened(app):
        await app.run_worker_async(
            queues=[lane],
            name=lane,
            concurrency=width,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
        )


async def _sweep(app: procrastinate.App) -> None:
    """Give back what killed workers were doing (UP-42)."""
    custody = Custody(app.connector)
    async with _opened(app):
        while True:
            for job in await custody.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                await custody.give_back(job)
                log.warning("job of a lost worker goes back", job_id=job.id, task=job.task_name)
            await asyncio.sleep(SWEEP)


@contextlib.asynccontextmanager
async def _opened(app: procrastinate.App) -> AsyncIterator[None]:
    """Have the app's connections open; told to stop while it opens them, it closes them all the same."""
    # The library's pool forgets a cancellation that reaches it while it connects, and would be waited for forever.
    opening = asyncio.create_task(app.connector.open_async())
    try:
        await asyncio.shield(opening)
        yield
    finally:
        await asyncio.wait([opening], timeout=POLL)
        await app.close_async()


def _teach(app: procrastinate.App, task: Task, database: Database, stop: threading.Event) -> None:
    async def run(job: procrastinate.JobContext, /, **ids: str) -> None:
        context = JobContext(
            database=database,
            job_id=job.job.id or 0,
            attempt=job.job.attempts + 1,
            should_stop=lambda: stop.is_set() or job.should_abort(),
        )
        with traced(context, task, ids):
            await on_a_thread(partial(task.function, context, **ids), name=f"{task.name} {context.job_id}")
        if tenant := ids.get("tenant"):
            database.changes.tell(UUID(tenant))

    app.task(name=task.name, queue=task.lane, pass_context=True, retry=GrowingPauses(task.retries))(run)
