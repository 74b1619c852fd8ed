"""Who may call an endpoint: each one declares it, and the program does not start while one does not (SEC-02).

`@may("accounts:view")` or `@public("Signing in is how one becomes somebody.")` stands right below the route. A function
under `may` may take `work: Work`: its transaction is opened for the one who asks and committed before the answer is
sent; a problem rolls it back.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from tenantry.tenancy.permissions import may_exist
from tenantry.web.http.answers import answered
from tenantry.web.http.csrf import require_own_origin
from tenantry.web.http.idempotency import once
from tenantry.web.http.identity import opened

ANYBODY_SIGNED_IN = ""

Given = Any
Endpoint = Any


@dataclass(frozen=True)
class Access:
    """What an endpoint declared: a permission, or why it needs none."""

    permission: str | None
    reason: str = ""


class Undeclared(TypeError):
    """An endpoint that says nobody who may call it."""


def may(permission: str, *, secrets: Sequence[str] = ()) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Let in who has the permission; with `ANYBODY_SIGNED_IN`, everybody who is signed in.

    `secrets` names members of the answer that are shown once and therefore never kept for an Idempotency-Key.
    """
    if permission != ANYBODY_SIGNED_IN:
        may_exist(permission)

    def declare(verb: Callable[..., Any]) -> Callable[..., Response]:
        parameters = inspect.signature(verb).parameters

        @functools.wraps(verb)
        def endpoint(request: Request, **given: Given) -> Response:
            with opened(request, permission) as work:
                ours = {"work": work, "request": request}
                more = {name: value for name, value in ours.items() if name in parameters}
                return once(work, request, given, secrets, lambda: answered(verb(**more, **given), request))

        return _declared(endpoint, verb, Access(permission))

    return declare


def public(reason: str) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Let everybody in, for a reason; a request that changes something still must not come from another site."""

    def declare(verb: Callable[..., Any]) -> Callable[..., Response]:
        wants_request = "request" in inspect.signature(verb).parameters

        @functools.wraps(verb)
        def endpoint(request: Request, **given: Given) -> Response:
            require_own_origin(request)
            return answered(verb(**given, **({"request": request} if wants_request else {})), request)

        return _declared(endpoint, verb, Access(None, reason))

    return declare


def access_of(endpoint: Endpoint) -> Access | None:
    """Give what an endpoint declared; None when it declared nothing."""
    found = getattr(endpoint, "access", None)
    return found if isinstance(found, Access) else None


def check_declared(routes: Sequence[BaseRoute]) -> None:
    """Stop the program when there is an endpoint that nobody said who may call."""
    silent = [path for path, endpoint in endpoints(routes) if access_of(endpoint) is None]
    if silent:
        message = f"These endpoints do not say who may call them: {', '.join(sorted(silent))}."
        raise Undeclared(message)


def endpoints(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, Any]]:
    """Give every path with what answers there, mounted applications as themselves."""
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, Mount):
            yield route.path, route.app
        else:
            yield str(context.path), context.endpoint


def _declared(endpoint: Endpoint, verb: Callable[..., Any], access: Access) -> Callable[..., Response]:
    """Show the framework the parameters that come from outside: the request, and all but the work."""
    signature = inspect.signature(verb)
    asked = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    outside = [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, one in signature.parameters.items()
        if name not in {"work", "request"}
    ]
    endpoint.__signature__ = inspect.Signature([asked, *outside])
    endpoint.access = access
    declared: Callable[..., Response] = endpoint
    return declared
