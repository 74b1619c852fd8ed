"""Await a plain function."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable


async def on_a_thread(function: Callable[[], None], name: str) -> None:
    """Run a plain function on a daemon thread of its own, so that one which never ends cannot keep the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    surroundings = contextvars.copy_context()

    def settle(fault: BaseException | None) -> None:
        if done.done():
            return
        if fault is None:
            done.set_result(None)
        else:
            done.set_exception(fault)

    def run() -> None:
        fault = None
        try:
            surroundings.run(function)
        except BaseException as raised:  # noqa: BLE001 - it is raised again where the job is awaited
            fault = raised
        with contextlib.suppress(RuntimeError):  # the worker gave the job back and is gone
            loop.call_soon_threadsafe(settle, fault)

    threading.Thread(target=run, name=name, daemon=True).start()
    await done
