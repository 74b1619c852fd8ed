"""`tenantry serve` as an operator meets it (OPS-01, OPS-05)."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tenantry.database import embedded
from tests.conftest import SECRET

PROMPT = 8.0


def serve(data: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the program as `make run` does."""
    words = [sys.executable, "-m", "tenantry.cli", "serve", "--data", str(data), "--port", str(port), "--demo"]
    return subprocess.Popen(
        words,
        env={"PATH": "/usr/bin:/bin", "TENANTRY_SECRET_KEY": SECRET},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def wait_for(port: int, program: subprocess.Popen[bytes]) -> None:
    """Wait until it answers."""
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            assert program.poll() is None, (program.stdout.read() if program.stdout else b"").decode()
        time.sleep(0.1)
    raise AssertionError


def test_ops_01_ops_05_it_starts_on_nothing_serves_the_demo_and_stops_everything_it_started(
    tmp_path: Path, free_port: int
) -> None:
    program = serve(tmp_path, free_port)
    try:
        wait_for(free_port, program)
        page = httpx.get(f"http://127.0.0.1:{free_port}/sign-in")
        assert "mara@meridian.example" in page.text
        assert embedded.status(tmp_path).running

        second = serve(tmp_path / "other", free_port)
        said = second.communicate(timeout=60)[0].decode()
        assert second.returncode == 1
        assert f"Port {free_port}" in said
    finally:
        told = time.monotonic()
        program.send_signal(signal.SIGTERM)
        program.wait(timeout=60)
    # It takes a second or two; to wait for somebody who does not end, such as its worker, takes ten or twenty.
    assert time.monotonic() - told < PROMPT
    assert not embedded.status(tmp_path).running
