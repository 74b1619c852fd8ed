"""No body is larger than what is read here: it is refused before it is read, or while it comes."""

from collections.abc import Mapping

from fastapi import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenantry.web.http.errors import answer
from tenantry.web.http.problems import TooLarge

MEGABYTE = 1_000_000
USUAL = MEGABYTE
# A file of 25 MB to be imported, with the form around it; a handover that names its accounts one by one.
LARGER: Mapping[str, int] = {
    "/api/v1/imports": 26 * MEGABYTE,
    "/imports": 26 * MEGABYTE,
    "/api/v1/handovers": 10 * MEGABYTE,
}


class Limits:
    """Counts what comes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, up to its limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = LARGER.get(scope["path"], USUAL)
        if _announced(scope) > limit:
            await answer(Request(scope), too_large(limit))(scope, receive, send)
            return
        came = 0

        async def counting() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counting, send)


def too_large(limit: int) -> TooLarge:
    """Say how much is read."""
    return TooLarge(f"The body is larger than {limit // MEGABYTE} MB.", remedy=f"Send at most {limit // MEGABYTE} MB.")


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:12])
    return 0
