"""`tenantry serve` and `tenantry worker`: the two programs that run for long."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tenantry import demo, jobs
from tenantry.cli.context import Data, console, settings_of
from tenantry.database.installation import installation
from tenantry.kernel.problems import Problem
from tenantry.settings import Settings
from tenantry.tenancy import keys


def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8000 unless set.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 unless set.")] = None,
    data: Data = None,
    workers: Annotated[
        int | None, typer.Option(help="Background workers beside the pages; 0 when they run elsewhere.")
    ] = None,
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Load the demo when there is no tenant yet, and show its people at sign-in.")
    ] = False,
) -> None:
    """Serve pages and API, with a worker beside them, on the embedded PostgreSQL or the one of DATABASE_URL."""
    # Loaded when asked for: the other commands shall not wait for the whole web.
    import uvicorn

    from tenantry.logs import use_logs
    from tenantry.web.app import create_app
    from tenantry.web.server import Server

    settings = settings_of(data, port=port, host=host, workers=workers, demo=with_demo or None)
    use_logs(settings)
    keys.use(settings.key())
    # The server hands the signal on when it has stopped; it must unwind what is open here, the database above all.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _listening(settings) as listener, installation(settings, [jobs.grants_sql()]) as ready:
        if settings.demo:
            demo.load_unless_there(ready, say=console.print)
        database = ready.web(pool=20)
        app = create_app(database, settings)
        _say_where(settings, listener.getsockname()[1])
        with _workers(settings):
            server = Server(
                app,
                uvicorn.Config(
                    app,
                    log_config=None,
                    access_log=False,
                    timeout_graceful_shutdown=10,
                    server_header=False,
                    proxy_headers=False,
                ),
            )
            server.run(sockets=[listener])
        database.close()


def worker(
    data: Data = None,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Run background jobs and the messages between tenants; more of these is more throughput."""
    from tenantry import worker as background
    from tenantry.logs import use_logs

    settings = settings_of(data)
    use_logs(settings)
    keys.use(settings.key())
    with installation(settings, [jobs.grants_sql()]) as ready:
        background.work(ready, with_parent=with_parent)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything else is started, so that a port in use is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Said to be TCP, or the server would not send small answers at once and each would wait 40 ms for the other side.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as fault:
        message = f"Port {settings.port} of {settings.host} cannot be taken: {fault.strerror}."
        raise Problem(
            message, code="port-taken", remedy="Choose another: tenantry serve --port 8001, or make run PORT=8001."
        ) from fault
    with listener:
        yield listener


@contextmanager
def _workers(settings: Settings) -> Iterator[None]:
    """Run workers as processes of their own; they end when this program does, however it ends,
    because their input closes.
    """
    environment = {**os.environ, "TENANTRY_SECRET_KEY": settings.key()}
    command = [
        sys.executable,
        "-m",
        "tenantry.cli",
        "worker",
        "--with-parent",
        "--data",
        str(Path(settings.data).resolve()),
    ]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) for _ in range(settings.workers)]  # noqa: S603 - our own program
    try:
        yield
    finally:
        for process in running:
            if process.stdin:
                process.stdin.close()
            # One that has not begun yet need not begin.
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _say_where(settings: Settings, port: int) -> None:
    url = settings.base_url or f"http://{settings.host}:{port}"
    console.print(f"\n  [bold]Tenantry[/bold] is at [bold]{url}[/bold], its API at {url}/api/v1/openapi.json")
    if settings.demo:
        console.print(f"  Sign in as one of the demo's people, whose password is {demo.PASSWORD}:")
        for one in demo.PEOPLE:
            console.print(f"    {one.email:24} {one.what}")
    console.print("  Stop with Ctrl+C.\n")
