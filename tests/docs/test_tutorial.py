"""The tutorial's commands work as they are written."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tenantry.docs import ROOT

TUTORIAL = (ROOT / "docs/tutorial/first-transfer.md").read_text()
PATIENCE = 240

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif("TENANTRY_DEEP" not in os.environ, reason="starts a demo and many commands; make deep runs it"),
    pytest.mark.skipif(
        not (shutil.which("curl") and shutil.which("jq")), reason="the tutorial's API part needs curl and jq"
    ),
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], int]]:
    """A folder that looks like a clone, with a demo of its own running on it."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/tenantry").write_text(f'#!/bin/sh\nexec {sys.executable} -m tenantry.cli "$@"\n')
    (folder / ".venv/bin/tenantry").chmod(0o755)
    (folder / "docs").symlink_to(ROOT / "docs")
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TENANTRY_SECRET_KEY"}
    }
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [".venv/bin/tenantry", "serve", "--port", str(port), "--demo"]
    with (folder / "log").open("w") as log:
        program = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait(port, program, folder / "log")
        yield folder, environment, port
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(timeout=60)


def test_the_tutorials_commands_do_what_it_says(clone: tuple[Path, dict[str, str], int]) -> None:
    port = clone[2]
    # What one does in the browser before: the companies are in.
    brought = _run("tenantry import accounts docs/tutorial/companies.csv --tenant meridian --yes", clone)
    assert "6 accounts were imported" in brought

    said = _run(_chapter("The same by API").replace(":8000", f":{port}"), clone)

    assert '"bill_to_name": "Nordlicht Systeme"' in said
    assert '"status": "planned"' in said
    assert "payment_method_id\tBank transfer, 30 days\tSEPA direct debit\tDN-17" in said
    assert '"status": "completed"' in said
    assert "This account is managed by Nordlicht Systeme Tenant Reseller" in said
    assert '"rule": "UP-20"' in said
    assert '"standing": "received"' in said

    said = _run(_chapter("The same by command"), clone)

    assert "No row can be brought in" in said
    assert "open-orders" in said
    assert re.search(r"Handover \d+ is completed: \d+ copied", said)
    assert re.search(r"Handover \d+ is undone: \d+ undone", said)


def _chapter(title: str) -> str:
    """Give the shell commands of a chapter, one after the other."""
    text = TUTORIAL.split(f"## {title}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def _run(commands: str, clone: tuple[Path, dict[str, str], int]) -> str:
    folder, environment, _ = clone
    commands = re.sub(r"^tenantry", ".venv/bin/tenantry", commands)
    done = subprocess.run(
        ["bash", "-u", "-c", commands],
        cwd=folder,
        env={**environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def _wait(port: int, program: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(PATIENCE):
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            assert program.poll() is None, log.read_text()
            time.sleep(1)
    pytest.fail(log.read_text())
