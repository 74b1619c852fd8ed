"""What the last act has to say, carried to the next page in a sealed cookie and shown once."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.tenancy import keys
from tenantry.web.http.identity import by_itself
from tenantry.web.ui.views import Flash

COOKIE = "tenantry_flash"
LASTS = 300
LONGEST = 1000


def goto(request: Request, url: str, *flashes: Flash) -> RedirectResponse:
    """Answer a form with the page to look at next, and what that page says first."""
    response = RedirectResponse(url, 303)
    if flashes:
        said = [asdict(one) | {"text": one.text[:LONGEST]} for one in flashes]
        secure = request.app.state.settings.public_url.startswith("https:")
        response.set_cookie(
            COOKIE,
            keys.seal("flash", json.dumps(said)),
            max_age=LASTS,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    return response


def said(text: str) -> Flash:
    """Say that it was done."""
    return Flash(text, "good")


def waiting(request: Request) -> Sequence[Flash]:
    """Give what is to be said on this page."""
    # A page that looks again in another window must not take what this one is about to say.
    sealed = "" if by_itself(request) else request.cookies.get(COOKIE, "")
    opened = keys.unseal("flash", sealed, seconds=LASTS) if sealed else None
    return tuple(Flash(**one) for one in json.loads(opened)) if opened else ()


def told(request: Request, response: Response) -> None:
    """Forget what was said."""
    if COOKIE in request.cookies and not by_itself(request):
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def draw_anew(request: Request, answer: Response) -> None:
    """Have the page that looked again drawn anew; not while the next is on its way, which has to say what was done."""
    if COOKIE not in request.cookies:
        answer.headers["hx-refresh"] = "true"
