"""What the runner of all tests keeps of a run."""

import subprocess
import sys
from pathlib import Path

RUNNER = Path(__file__).parents[2] / "tools" / "run_tests.py"


def test_a_run_is_kept_with_its_day_its_commit_and_each_family(tmp_path: Path) -> None:
    page = tmp_path / "deep.md"
    words = ["--deep", "--family", "crash", "--keep", str(page), "--", "--collect-only"]

    done = subprocess.run([sys.executable, str(RUNNER), *words], capture_output=True, text=True, check=False)

    said = page.read_text()
    assert done.returncode == 1, "a family that ran none of its tests has failed"
    assert "| crash | 0 | " in said
    assert "ran none of its tests" in said
    commit = subprocess.run(
        ["git", "-C", str(RUNNER.parent), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    assert f"of commit {commit}" in said
    assert "300 histories of 40 steps" in said
