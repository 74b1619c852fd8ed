"""A running program with its worker, a browser, and people in front of it; axe looks at every page they see."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from tests.conftest import SECRET
from tests.world import Tenant, World

from tenantry import jobs, worker as _worker  # noqa: F401 - a worker knows every task
from tenantry.database import Database
from tenantry.settings import Settings
from tenantry.tenancy import sessions
from tenantry.web.app import create_app
from tenantry.web.http.identity import COOKIE

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOK = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


class Running:
    """The program, serving on a free port of this machine from a thread."""

    def __init__(self, database: Database, data: Path) -> None:
        app = create_app(database, Settings(data=data, secret_key=SECRET))
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", log_config=None))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.should_exit = True
        self.thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture(scope="package")
def site(web_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the running program."""
    with Running(web_database, tmp_path_factory.mktemp("site")) as running:
        yield running.url


@pytest.fixture(scope="package")
def working(worker_url: sa.URL, worker_database: Database) -> Iterator[None]:
    """Let a worker do what is left to it."""
    stop = threading.Event()
    url = worker_url.render_as_string(hide_password=False)
    run = threading.Thread(
        target=jobs.run_worker, args=(url, worker_database), kwargs={"lanes": {"live": 2, "bulk": 1}, "stop": stop}
    )
    run.start()
    yield
    stop.set()
    run.join(30)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Give the machine's browser."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody in front of the browser; whatever the page complains about fails the test."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("console", self._heard)

    def goes_to(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.site + path)

    def sees(self, *texts: str) -> None:
        """Wait until these texts are on the page."""
        for text in texts:
            self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def presses(self, name: str, within: str = "body") -> None:
        """Press a button, or follow a link, by its name."""
        found = (
            self.page.locator(within)
            .get_by_role("button", name=name)
            .or_(self.page.locator(within).get_by_role("link", name=name))
        )
        found.locator("visible=true").first.click()

    @property
    def at(self) -> str:
        """Say on which page of the site the browser is."""
        return self.page.url.removeprefix(self.site)

    def finds_nothing_with_axe(self) -> None:
        """Let axe look at the page, as wide as a desktop and as wide as a phone."""
        for name, (width, height) in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.evaluate(AXE.read_text())
            found = self.page.evaluate(f"axe.run(document, {json.dumps(LOOK)})")
            said = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found["violations"]]
            assert said == [], f"{self.at} as {name}: {said}"
            wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, f"{self.at} as {name} is {wider} pixels too wide"
        width, height = WIDTHS["desktop"]
        self.page.set_viewport_size({"width": width, "height": height})

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form answers 422, which the browser calls an error.
        if message.type == "error" and "status of 422" not in message.text and "status of 4" not in message.text:
            self.complaints.append(message.text)


Visits = Callable[..., Visitor]


@pytest.fixture
def visits(chromium: Browser, site: str, world: World) -> Iterator[Visits]:
    """Let the admin of a tenant come with a browser."""
    contexts: list[Any] = []
    people: list[Visitor] = []

    def enter(at: Tenant | None = None) -> Visitor:
        at = at or world.distributor()
        with world.web.work(at.id) as work:
            _, cookie = sessions.start(work, at.admin_id)
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": site}])
        contexts.append(context)
        people.append(Visitor(context.new_page(), site))
        return people[-1]

    yield enter
    for context in contexts:
        context.close()
    assert [one.complaints for one in people if one.complaints] == []
