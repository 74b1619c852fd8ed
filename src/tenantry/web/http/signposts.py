"""Find an endpoint by the first words of its address: a dozen routes are looked through instead of six hundred.

The program's own routes stay the list that everything else reads: the document, who may call what, the tests.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.types import Receive, Scope, Send

NOUN = 3


class Signposts:
    """Stands before the router; what no signpost names goes its usual way."""

    def __init__(self, router: APIRouter) -> None:
        self.router = router
        self.usual = router.middleware_stack
        self.routes: dict[str, list[Any]] = {}
        self.rooms: dict[str, APIRouter] = {}
        for route in iter_route_contexts(router.routes):
            self.routes.setdefault(signpost(str(route.path)), []).append(route)
        if astray := [name for name in self.routes if "{" in name]:
            message = f"These addresses begin with what differs: {', '.join(sorted(astray))}."
            raise TypeError(message)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request to the routes that begin as its address does."""
        name = signpost(scope["path"]) if scope["type"] == "http" and not scope.get("root_path") else ""
        if name not in self.routes:
            await self.usual(scope, receive, send)
            return
        if name not in self.rooms:
            self.rooms[name] = _room(self.routes[name])
        scope["router"] = self.router
        await self.rooms[name].app(scope, receive, send)


def signpost(path: str) -> str:
    """Give the words by which an address is found: the first, of the API's the noun behind its version."""
    first, *more = path[1:].split("/", NOUN)
    return "/".join((first, *more[: NOUN - 1])) if first == "api" else first


def _room(routes: list[Any]) -> APIRouter:
    """Make a router of these routes, in their order; of what they answer nothing is said: they give responses."""
    room = APIRouter(redirect_slashes=False)
    for route in routes:
        if route.path != route.original_route.path:
            room.add_api_route(
                route.path, route.endpoint, methods=sorted(route.methods), name=route.name, response_model=None
            )
        else:
            room.routes.append(route.original_route)
    return room
