"""The web program: the API, the pages, the files, and what the operator asks (health, readiness, figures)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import structlog
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from tenantry.database import Database
from tenantry.logs import use_logs
from tenantry.settings import Settings
from tenantry.tenancy import keys
from tenantry.traces import use_traces
from tenantry.web import api
from tenantry.web.http import health, metrics
from tenantry.web.http.access import check_declared, public
from tenantry.web.http.changes import Hub
from tenantry.web.http.errors import answer_problems
from tenantry.web.http.frame import Frame
from tenantry.web.http.limits import Limits
from tenantry.web.http.signposts import Signposts
from tenantry.web.http.statics import Statics


def create_app(database: Database, settings: Settings) -> FastAPI:
    """Put the program together; raises when an endpoint does not say who may call it (SEC-02)."""
    if not structlog.is_configured():
        use_logs(settings)
    keys.use(settings.key())
    use_traces()
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_as_many_threads_as_connections,
        redirect_slashes=False,
        # The frame makes the one span of a request; the framework's own would be a second, with addresses in it.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.database, app.state.settings, app.state.figures = database, settings, metrics.Figures()
    app.state.hub = Hub(database.engine.url)
    answer_problems(app)
    app.add_middleware(Limits)
    app.add_middleware(Frame, settings=settings, figures=app.state.figures)
    _add_operators_pages(app)
    app.router.routes.extend(api.router.routes)
    _add_pages(app)
    app.mount("/static", Statics())
    check_declared(app.routes)
    app.router.middleware_stack = Signposts(app.router)
    return app


@asynccontextmanager
async def _as_many_threads_as_connections(app: FastAPI) -> AsyncIterator[None]:
    """Answer as many requests at once as there are connections; the rest waits in line instead of failing."""
    pool = app.state.database.engine.pool
    current_default_thread_limiter().total_tokens = pool.size() + pool._max_overflow  # noqa: SLF001 - it has no public name
    yield
    app.state.hub.close()


def _add_operators_pages(app: FastAPI) -> None:
    asked = {
        "/healthz": public("A load balancer asks; it learns that the program lives.")(health.healthz),
        "/readyz": public("A load balancer asks; it learns whether the database answers.")(health.readyz),
        "/metrics": public("It opens itself to the machine itself and to the bearer of its own token.")(
            metrics.metrics
        ),
    }
    for path, endpoint in asked.items():
        app.add_api_route(path, endpoint, methods=["GET"], include_in_schema=False, response_model=None)


def _add_pages(app: FastAPI) -> None:
    """Add the pages for people, where they are installed."""
    ui, shop = import_module("tenantry.web.ui"), import_module("tenantry.web.storefront")
    if hasattr(ui, "router"):
        app.router.routes.extend(ui.router.routes)
        app.include_router(shop.router)
        app.state.problem_page = shop.or_else(ui.problem_page)
