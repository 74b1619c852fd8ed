"""An act that a record's page asks for: what is wrong with its input stands on that page again."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import Invalid
from tenantry.web.ui.flashes import goto
from tenantry.web.ui.problems import told
from tenantry.web.ui.views import Flash


def or_back(work: Work, request: Request, url: str, act: Callable[[], Response]) -> Response:
    """Do an act; if its input is wrong, nothing of it is kept, and the page at `url` says why."""
    try:
        with work.connection.begin_nested():
            return act()
    except Invalid as problem:
        return goto(
            request, url, *(Flash(f"{told(one)} {one.remedy}".strip(), "bad", one.rule) for one in problem.faults)
        )
