"""Who asks: the bearer of a token or the session of a cookie, learned within the request's own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import Problem
from tenantry.settings import Settings
from tenantry.tenancy import keys
from tenantry.tenancy.permissions import require
from tenantry.tenancy.sessions import session_within
from tenantry.tenancy.signed import Signed, not_signed_in
from tenantry.tenancy.tokens import token_within
from tenantry.web.http.csrf import SAFE, require_own_page

COOKIE = "tenantry_session"


@contextmanager
def opened(request: Request, permission: str) -> Iterator[Work]:
    """Open the unit of work of the one who asks; raises NotSignedIn, or Forbidden without the permission.

    What was learned about him stands in `request.state.signed`.
    """
    token = _bearer(request)
    credential = token or request.cookies.get(COOKIE, "")
    secret = keys.read_secret(credential)
    if secret is None:
        raise not_signed_in()
    kept: Problem | None = None
    with request.app.state.database.work(secret.tenant_id) as unknown:
        signed = (
            token_within(unknown, credential)
            if token
            else session_within(unknown, credential, by_itself=by_itself(request))
        )
        _remember(request, signed)
        if not token:
            require_own_page(request, signed.credential_id)
        work = replace(unknown, actor=signed.actor)
        if permission:
            require(work, permission)
        try:
            yield work
        except Problem as problem:
            # A few refusals leave something behind, such as the new plan that has to be looked at.
            if not getattr(problem, "commits", False):
                raise
            kept = problem
    if request.method not in SAFE and "/previews" not in request.url.path:
        request.app.state.database.changes.tell(secret.tenant_id)
    if kept is not None:
        raise kept


def keep_signed_in(response: Response, cookie: str, settings: Settings) -> None:
    """Hand the cookie of a session to the browser, which shows it to nobody else."""
    response.set_cookie(
        COOKIE, cookie, httponly=True, samesite="lax", secure=settings.public_url.startswith("https:"), path="/"
    )


def forget_sign_in(response: Response, settings: Settings) -> None:
    """Let the browser throw the cookie away."""
    response.delete_cookie(
        COOKIE, httponly=True, samesite="lax", secure=settings.public_url.startswith("https:"), path="/"
    )


def by_itself(request: Request) -> bool:
    """Say whether a page asks of its own accord: nobody need sit in front of it, so no session lives longer by it."""
    return request.url.path == "/changes" or "x-look-again" in request.headers


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _remember(request: Request, signed: Signed) -> None:
    """Let the log line, the span and everything logged on the way say who it was."""
    request.state.signed = signed
    who = {"tenant": signed.tenant_code, "tenant_id": str(signed.tenant_id), "actor_id": str(signed.user_id)}
    if "/handovers/{" in getattr(request.scope.get("route"), "path", "") and "id" in request.path_params:
        who["handover"] = str(request.path_params["id"])[:36]
    request.state.who.update(who)
    structlog.contextvars.bind_contextvars(**who)
