"""What is around every request: its id, the security headers (SEC-04), one log line, the figures, a span."""

import re
import time

import structlog
from opentelemetry import trace
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenantry.kernel.ids import new_id
from tenantry.logs import log_answer
from tenantry.settings import Settings
from tenantry.web.http.errors import broken
from tenantry.web.http.metrics import Figures

CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HTTPS_ONLY = "max-age=31536000; includeSubDomains"

tracer = trace.get_tracer("tenantry.web")
_GIVEN_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


class Frame:
    """The outermost layer; an answer of whatever layer below passes it."""

    def __init__(self, app: ASGIApp, *, settings: Settings, figures: Figures) -> None:
        self.app = app
        self.figures = figures
        self.https = settings.public_url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = _request_id(scope)
        state["began"] = time.time_ns() // 1_000_000
        state["who"] = who = {"request_id": request_id}
        started, status, begun = time.perf_counter(), 500, False

        async def sending(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                self._add_headers(scope, message, request_id)
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        self.figures.busy.inc()
        with tracer.start_as_current_span(
            f"{scope['method']}", kind=trace.SpanKind.SERVER, record_exception=False
        ) as span:
            try:
                await self.app(scope, receive, sending)
            except Exception as fault:
                # What was begun cannot be taken back; the server then breaks the connection off.
                if begun:
                    raise
                await broken(Request(scope), fault)(scope, receive, sending)
            finally:
                seconds, route = time.perf_counter() - started, route_of(scope)
                self.figures.busy.dec()
                self.figures.answered(scope["method"], route, status, seconds)
                log_answer(scope["method"], route, status, seconds, who)
                span.update_name(f"{scope['method']} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status, **_attributes(who)})

    def _add_headers(self, scope: Scope, message: Message, request_id: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = request_id
        if self.https or scope.get("scheme") == "https":
            headers.setdefault("strict-transport-security", HTTPS_ONLY)


def route_of(scope: Scope) -> str:
    """Name the route that answered, as its pattern; nothing of the address that was asked for."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    if path := getattr(context, "path", ""):
        return str(path)
    return "/static" if scope["path"].startswith("/static/") else "(none)"


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return str(new_id())


def _attributes(who: dict[str, str]) -> dict[str, str]:
    return {f"tenantry.{name}": value for name, value in who.items()}
