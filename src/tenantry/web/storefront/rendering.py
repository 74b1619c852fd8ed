"""From a template and its views to a page of a shop: the environment, and the frame around what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tenantry.crm.storefront_users import sessions
from tenantry.crm.storefront_users.sessions import Visit
from tenantry.crm.storefront_users.shops import Shop
from tenantry.database import Work
from tenantry.sales.baskets.queries import lines_in
from tenantry.web.http.statics import static
from tenantry.web.storefront.access import root
from tenantry.web.storefront.speech import Speech, speech_of
from tenantry.web.ui import flashes
from tenantry.web.ui.rendering import TEMPLATES
from tenantry.web.ui.views import Flash, Theme

THEME = "tenantry_shop_theme"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Frame:
    """Everything around a page of a shop."""

    shop: str
    root: str
    lang: str
    theme: Theme
    here: str = ""
    csrf: str = ""
    visit: Visit | None = None
    basket: int = 0
    flashes: Sequence[Flash] = ()
    rests: str = ""


def render(
    work: Work, request: Request, visit: Visit, template: str, *, status: int = 200, here: str = "", **context: object
) -> Response:
    """Draw a page for a shopper; `here` is the entry of the menu that he is at."""
    speech = speech_of(visit.shop)
    frame = Frame(
        shop=visit.shop.name,
        root=root(visit.shop.code),
        lang=speech.lang,
        theme=theme_of(request),
        here=here,
        csrf=sessions.csrf_token(visit),
        visit=visit,
        basket=lines_in(work, visit.for_id, visit.shopper.contact_id),
        flashes=flashes.waiting(request),
        rests=visit.shop.rests,
    )
    return _answer(request, template, frame, speech, status, context)


def render_plain(request: Request, shop: Shop, template: str, *, status: int = 200, **context: object) -> Response:
    """Draw a page for somebody who is not signed in."""
    speech = speech_of(shop)
    said = flashes.waiting(request)
    frame = Frame(shop.name, root(shop.code), speech.lang, theme_of(request), flashes=said, rests=shop.rests)
    return _answer(request, template, frame, speech, status, context)


def theme_of(request: Request) -> Theme:
    """Give the theme that the browser was told to keep."""
    kept = request.cookies.get(THEME, "")
    return cast("Theme", kept) if kept in THEMES else "auto"


@cache
def environment() -> Environment:
    """Give the environment of the shop's templates, which may use the kit's."""
    made = Environment(
        loader=FileSystemLoader([Path(__file__).parent / "templates", TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    return made


def _answer(
    request: Request, template: str, frame: Frame, speech: Speech, status: int, context: dict[str, object]
) -> Response:
    page = environment().get_template(template).render(frame=frame, t=speech, **context)
    response = HTMLResponse(page, status, headers={"cache-control": "no-store"})
    flashes.told(request, response)
    return response
