"""Print where the browser of the browser tests is: the machine's, else Playwright's own, else Debian's, fetched now."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
WAY_OUT = """No browser for the browser tests. Either of these brings one:
  apt-get install chromium                        (Debian, as root)
  .venv/bin/python -m playwright install chromium
or set CHROMIUM to the path of any Chromium or Chrome."""


def main() -> None:
    found = given() or installed() or playwrights_own() or debians()
    if not found:
        sys.exit(WAY_OUT)
    print(found)


def given() -> str | None:
    return os.environ.get("CHROMIUM")


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - this script also runs where it is missing
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


def debians() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Debian's Chromium for the browser tests", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *words], env=quiet, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
    return installed()


if __name__ == "__main__":
    main()
