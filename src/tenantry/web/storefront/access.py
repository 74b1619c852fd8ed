"""Who may call the pages of a shop: storefront users signed in to it, by a cookie of its own (SF-01, SEC-02)."""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.storefront_users import sessions
from tenantry.crm.storefront_users.sessions import Visit
from tenantry.crm.storefront_users.shops import Shop
from tenantry.database import Work
from tenantry.kernel.actor import Actor
from tenantry.rules.policy.tenant import shop_rests
from tenantry.tenancy import keys
from tenantry.web.http.access import Access
from tenantry.web.http.csrf import FIELD, SAFE, ForeignPage, require_own_origin

COOKIE = "tenantry_shop"
DECLARED = Access(None, "A storefront user asks; his cookie is looked at by the shop itself.")
OURS = frozenset({"work", "request", "visit", "code"})

Given = Any


def shopping(verb: Callable[..., Response]) -> Callable[..., Response]:
    """Let in who is signed in to this shop; the verb may take his `work` and his `visit`."""
    parameters = inspect.signature(verb).parameters

    @functools.wraps(verb)
    def endpoint(request: Request, code: str, **given: Given) -> Response:
        with opened(request, code) as (work, visit):
            ours = {"work": work, "request": request, "visit": visit, "code": code}
            return verb(**{name: value for name, value in ours.items() if name in parameters}, **given)

    asked: Any = endpoint
    keyword = inspect.Parameter.KEYWORD_ONLY
    asked.__signature__ = inspect.Signature(
        [
            inspect.Parameter("request", keyword, annotation=Request),
            inspect.Parameter("code", keyword, annotation=str),
            *(one.replace(kind=keyword) for name, one in parameters.items() if name not in OURS),
        ]
    )
    asked.access = DECLARED
    return endpoint


@contextmanager
def opened(request: Request, code: str) -> Iterator[tuple[Work, Visit]]:
    """Open the unit of work of the shopper who asks, who may nothing in the back office; raises NotSignedIn."""
    cookie = request.cookies.get(COOKIE, "")
    secret = keys.read_secret(cookie)
    if secret is None:
        raise sessions.not_signed_in()
    with request.app.state.database.work(secret.tenant_id) as unknown:
        visit = sessions.visit(unknown, cookie)
        if visit.shop.code != code:
            raise sessions.not_signed_in()
        _remember(request, visit)
        _require_own_page(request, visit)
        held = shop_rests if visit.shop.rests else None
        shopper = Actor(visit.shopper.contact_id, visit.shopper.name, looks_only=held)
        yield replace(unknown, actor=shopper), visit
    if request.method not in SAFE:
        request.app.state.database.changes.tell(secret.tenant_id)


def keep_signed_in(request: Request, response: Response, shop: Shop, cookie: str) -> None:
    """Hand the cookie to the browser, which sends it to this shop only."""
    secure = request.app.state.settings.public_url.startswith("https:")
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=secure, path=root(shop.code))


def forget(request: Request, response: Response, code: str) -> None:
    """Let the browser throw the cookie away."""
    secure = request.app.state.settings.public_url.startswith("https:")
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure, path=root(code))


def root(code: str) -> str:
    """Give the address of a shop."""
    return f"/shop/{quote(code, safe='')}"


def _require_own_page(request: Request, visit: Visit) -> None:
    if request.method in SAFE:
        return
    require_own_origin(request)
    form = getattr(request, "_form", None)
    given = form.get(FIELD, "") if form is not None else ""
    if not sessions.csrf_matches(visit, given if isinstance(given, str) else ""):
        raise ForeignPage(
            "The page you came from is not ours, or it is out of date.",
            rule="SEC-04",
            remedy="Reload the page and try again.",
        )


def _remember(request: Request, visit: Visit) -> None:
    request.state.visit = visit
    who = {"shop": visit.shop.code, "tenant_id": str(visit.shop.tenant_id), "contact_id": str(visit.shopper.contact_id)}
    request.state.who.update(who)
    structlog.contextvars.bind_contextvars(**who)
