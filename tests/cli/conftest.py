"""An installation with the demo in it, and a way to say a command to it."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tenantry.database import embedded
from tests.conftest import SECRET


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Say = Callable[..., Said]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Keep the server of one data folder running while the commands come and go."""
    folder = tmp_path_factory.mktemp("installation")
    with ExitStack() as stack:
        stack.enter_context(embedded.server(folder, durable=False))
        yield folder


@pytest.fixture(scope="session")
def say(data: Path) -> Say:
    """Run `tenantry ...` as a person would, in a process of its own."""

    def run(*words: str, env: dict[str, str] | None = None) -> Said:
        environment = {
            "PATH": "/usr/bin:/bin",
            "TENANTRY_DATA": str(data),
            "TENANTRY_SECRET_KEY": SECRET,
            "COLUMNS": "200",
            **(env or {}),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tenantry.cli", *words],
            capture_output=True,
            text=True,
            env=environment,
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    loaded = run("demo", "--json")
    assert loaded.code == 0, loaded.err
    return run


@pytest.fixture
def free_port() -> int:
    """Find a port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
