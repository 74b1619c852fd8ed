"""Whoever comes with a cookie has to show that the page was ours (SEC-04)."""

from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import Request

from tenantry.kernel.problems import Forbidden
from tenantry.tenancy.sessions import csrf_matches

HEADER = "x-csrf-token"
FIELD = "csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ForeignPage(Forbidden):
    """A request that changes something came from a page that is not ours, or is out of date."""

    code = "csrf"


def require_own_page(request: Request, session_id: UUID) -> None:
    """Refuse a request that changes something unless it carries the session's token, in a header or as a form field."""
    if request.method in SAFE:
        return
    require_own_origin(request)
    if not csrf_matches(session_id, request.headers.get(HEADER) or _form_field(request)):
        raise ForeignPage(
            "The page you came from is not ours, or it is out of date.",
            rule="SEC-04",
            remedy="Reload the page and try again.",
        )


def require_own_origin(request: Request) -> None:
    """Refuse a request that a browser says comes from another site."""
    origin = request.headers.get("origin")
    if request.method in SAFE or origin is None:
        return
    own = {request.headers.get("host", ""), urlsplit(request.app.state.settings.public_url).netloc}
    if urlsplit(origin).netloc not in own - {""}:
        raise ForeignPage(
            "This request comes from another site.", rule="SEC-04", remedy="Open Tenantry itself and do it there."
        )


def _form_field(request: Request) -> str:
    """Read the field from a form that was parsed already; a body that is no form has none."""
    form = getattr(request, "_form", None)
    value = form.get(FIELD, "") if form is not None else ""
    return value if isinstance(value, str) else ""
