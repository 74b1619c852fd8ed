"""Write the lock files anew: exact versions with the hashes of every platform's files, and no addresses.

Wants `uv` beside this Python (`pip install uv`); it resolves for all platforms, which pip does not.
Give package names to let only these move: `tools/lock.py sqlalchemy psycopg`; none lets everything move.
"""

import json
import subprocess
import sys
from pathlib import Path

from addresses import faults_of

ROOT = Path(__file__).resolve().parent.parent
PYTHON_FILES = {
    "run.txt": ["pyproject.toml", "--group", "build"],
    "dev.txt": ["pyproject.toml", "--group", "build", "--group", "dev"],
    "node.txt": ["--group", "node"],
}
QUIET = ["--quiet", "--no-annotate", "--no-header"]


def main(moving: list[str]) -> None:
    for name, sources in PYTHON_FILES.items():
        lock_python(ROOT / "requirements" / name, sources, moving)
    lock_front_end()


def lock_python(target: Path, sources: list[str], moving: list[str]) -> None:
    upgrades = [f"--upgrade-package={name}" for name in moving] or ["--upgrade"]
    everywhere = ["--universal", "--python-version", "3.11", "--generate-hashes"]
    uv = [sys.executable, "-m", "uv", "pip", "compile", *sources, *everywhere, *QUIET, *upgrades, "-o", str(target)]
    subprocess.run(uv, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    refuse_addresses(target)


def lock_front_end() -> None:
    target = ROOT / "package-lock.json"
    subprocess.run(["npm", "install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT, check=True)
    lock = json.loads(target.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    target.write_text(json.dumps(lock, indent=2) + "\n")
    refuse_addresses(target)


def refuse_addresses(target: Path) -> None:
    faults = faults_of(target) or [line for line in target.read_text().splitlines() if "://" in line]
    if faults:
        sys.exit(f"{target.relative_to(ROOT)} names an address: {faults[0].strip()}")


if __name__ == "__main__":
    main(sys.argv[1:])
