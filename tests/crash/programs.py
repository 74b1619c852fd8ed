"""The programs of an installation as an operator runs them, to be killed and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tenantry.database import embedded
from tests.conftest import SECRET

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Program:
    """One program that is started again whenever it was killed."""

    name: str
    words: list[str]
    folder: Path
    answers: Callable[["Program"], bool]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    starts: int = 0
    gave_up: int = 0

    @property
    def log(self) -> Path:
        """What it said since it was started last."""
        return self.folder / f"{self.name}-{self.starts}.log"

    def start(self) -> None:
        self.starts += 1
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        command = [sys.executable, "-m", "tenantry.cli", *self.words, "--data", str(self.folder / "data")]
        environment = {**os.environ, "PYTHONPATH": paths, "TENANTRY_SECRET_KEY": SECRET}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)

    def is_up(self) -> bool:
        """Say whether it answers; one that ended because the database did is started again, as an operator would."""
        assert self.process
        if self.process.poll() is not None:
            self.gave_up += 1
            self.start()
        return self.answers(self)

    def kill(self) -> None:
        """Kill it with -9, and start it again at once."""
        self.end(signal.SIGKILL)
        self.start()

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=60)


@dataclass
class Postmaster:
    """The embedded PostgreSQL, which the programs that use it start again."""

    server: embedded.Server
    name: str = "database"

    def is_up(self) -> bool:
        return self.server.cluster.is_ready()

    def kill(self) -> None:
        postmaster = self.server.cluster.pid()
        # One that is just being started again may still leave the id of the last.
        with contextlib.suppress(ProcessLookupError):
            if postmaster:
                os.kill(postmaster, signal.SIGKILL)


def api(folder: Path, port: int) -> Program:
    """The API, without workers of its own."""

    def answers(_: Program) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success
        except httpx.TransportError:
            return False

    return Program("api", ["serve", "--port", str(port), "--workers", "0"], folder, answers)


def worker(folder: Path) -> Program:
    return Program("worker", ["worker"], folder, lambda one: b"worker_started" in one.log.read_bytes())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(happened: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something to be so."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.05)
