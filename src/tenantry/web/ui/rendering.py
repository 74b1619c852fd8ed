"""From a template and its views to a page: the environment, and the frame around what is shown."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

import tenantry
from tenantry.tenancy.sessions import csrf_token
from tenantry.tenancy.signed import Signed
from tenantry.web.http.statics import static
from tenantry.web.ui import flashes
from tenantry.web.ui.menu import SETUP, WORK, first_of_setup, menu
from tenantry.web.ui.views import Flash, Shell, Theme
from tenantry.web.words import Words, words_of

TEMPLATES = Path(__file__).parent / "templates"


def render(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    """Draw a page for who is signed in; `status` is 422 where a form comes back with faults."""
    said = [replace(one, text=words(request).sentence(one.text)) for one in flashes.waiting(request)]
    shell = shell_of(request, *said)
    page = environment().get_template(template).render(shell=shell, **context)
    return _answer(request, page, status)


def render_plain(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    """Draw a page without a menu, for somebody who is not signed in."""
    given: dict[str, Any] = {"theme": "auto", "lang": "en", "csrf": "", **context}
    return _answer(request, environment().get_template(template).render(given), status)


def part(template: str, **context: object) -> Response:
    """Draw a part of a page, as htmx asks for it."""
    return HTMLResponse(environment().get_template(template).render(context), headers={"cache-control": "no-store"})


def signed_in(request: Request) -> Signed:
    """Give who is signed in, as the request learned it."""
    return cast("Signed", request.state.signed)


def words(request: Request) -> Words:
    """Give the way of writing of who is signed in."""
    return words_of(signed_in(request))


def shell_of(request: Request, *said: Flash) -> Shell:
    """Give everything around a page."""
    signed, path = signed_in(request), request.url.path
    held = signed.actor.looks_only
    setting_up = path.startswith("/setup/")
    return Shell(
        tenant=signed.tenant_name,
        kind=signed.tenant_kind.capitalize(),
        user=signed.actor.name,
        email=signed.email,
        menu=menu(SETUP if setting_up else WORK, signed.actor, path),
        csrf=csrf_token(signed.credential_id),
        theme=cast("Theme", signed.theme),
        in_setup=setting_up,
        setup_url=first_of_setup(signed.actor),
        search_url="/search" if signed.actor.may("accounts:view") else "",
        version=tenantry.__version__,
        flashes=said,
        looks_only=held.why if held is not None else "",
        seen=request.state.began,
    )


@cache
def environment() -> Environment:
    """Give the environment that every template asks for."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    return made


def _answer(request: Request, page: str, status: int) -> Response:
    response = HTMLResponse(page, status, headers={"cache-control": "no-store"})
    flashes.told(request, response)
    return response
