"""Take the pictures of the documentation: the real pages, over a demo of its own, in docs/pictures.

.venv/bin/python tools/pictures.py, after `make install-dev frontend`; needs a Chromium (tools/chromium.py finds one).
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/pictures"
PORT = 18_979
URL = f"http://127.0.0.1:{PORT}"
WIDTH, HEIGHT = 1280, 900
LARGEST = 200_000
# The demo takes its time on a slow machine.
PATIENCE = 180
CHOSEN = ("Anchor Insurance", "Arbor Design", "Basalt Hotels")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = subprocess.run(
        [sys.executable, ROOT / "tools/chromium.py"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
        )
        tour(page)
        browser.close()


@contextmanager
def demo() -> Iterator[None]:
    """Have a demo running for as long as the block runs."""
    with tempfile.TemporaryDirectory() as data:
        command = [str(ROOT / ".venv/bin/tenantry"), "serve", "--port", str(PORT), "--data", data, "--demo"]
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        try:
            wait()
            yield
        finally:
            program.terminate()
            program.wait(timeout=60)


def wait() -> None:
    for _ in range(PATIENCE):
        try:
            with urlopen(f"{URL}/readyz", timeout=5):  # noqa: S310 - our own program
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(1)
    sys.exit("the demo did not start")


def tour(page: Page) -> None:
    """Walk through Transfer Accounts and keep what is worth seeing."""
    page.goto(f"{URL}/sign-in")
    page.locator("form", has_text="mara@meridian.example").get_by_role("button").first.click()
    page.wait_for_url(f"{URL}/")
    page.goto(f"{URL}/tenant-resellers")
    page.locator("table").get_by_role("link", name="Nordlicht Systeme").click()
    page.locator(".action-bar").get_by_role("link", name="Transfer Accounts").click()
    for name in CHOSEN:
        page.get_by_label(f"Choose {name}").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("What will be").first.wait_for()
    keep(page, "preview")
    page.goto(f"{URL}/accounts")
    page.locator("tr", has_text="Aegean Telecom").nth(1).get_by_role("link").first.click()
    page.get_by_text("This account is managed by").wait_for()
    keep(page, "account")


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    file = PICTURES / f"{name}.png"
    page.screenshot(path=file)
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}: {size // 1000} kB")
    if size > LARGEST:
        sys.exit(f"{file.name} is larger than {LARGEST // 1000} kB")


if __name__ == "__main__":
    main()
