"""Figures for Prometheus (OPS-03): requests by route, and what the jobs are at.

They speak of the whole installation, so no tenant's permission opens them: they are given on the machine itself, or to
who shows `metrics_token()`.
"""

import hmac
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from tenantry import jobs
from tenantry.database import Database
from tenantry.kernel.problems import NotFound
from tenantry.tenancy import keys

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Figures:
    """What one program counts."""

    def __init__(self) -> None:
        self.registry = here = CollectorRegistry()
        by_route = ["method", "route"]
        self.requests = Counter("tenantry_requests", "Requests answered.", [*by_route, "status"], registry=here)
        self.seconds = Histogram(
            "tenantry_request_seconds", "Server time of requests.", by_route, buckets=BUCKETS, registry=here
        )
        self.busy = Gauge("tenantry_requests_busy", "Requests being answered.", registry=here)
        self.jobs = Gauge("tenantry_jobs", "Jobs by state.", ["state"], registry=here)
        self.oldest = Gauge(
            "tenantry_job_oldest_waiting_seconds", "Age of the oldest job that could run.", registry=here
        )
        self.messages = Gauge("tenantry_messages", "Messages to be applied, and set aside.", ["state"], registry=here)
        by_tenant = ["tenant"]
        self.mirror_waiting = Gauge("tenantry_mirror_waiting", "Messages that wait.", by_tenant, registry=here)
        self.mirror_aside = Gauge("tenantry_mirror_set_aside", "Messages set aside.", by_tenant, registry=here)
        self.mirror_lag = Gauge(
            "tenantry_mirror_lag_seconds", "Age of the oldest message that waits.", by_tenant, registry=here
        )
        self.mirror_batch_lag = Gauge(
            "tenantry_mirror_last_batch_lag_seconds", "Age of the oldest of the last batch.", by_tenant, registry=here
        )
        self.mirror_applied = Gauge("tenantry_mirror_applied", "Messages applied in all.", by_tenant, registry=here)
        self.connections = Gauge("tenantry_database_connections", "Connections in use.", registry=here)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def written(self, database: Database) -> bytes:
        """Write all figures as Prometheus reads them."""
        with database.installation() as connection:
            now, mirrors = jobs.figures(connection), jobs.mirror_figures(connection)
        for state in ("waiting", "running", "failed"):
            self.jobs.labels(state).set(getattr(now, state))
        self.oldest.set(now.oldest_waiting_seconds)
        self.messages.labels("waiting").set(now.messages)
        self.messages.labels("set_aside").set(now.set_aside)
        for each in mirrors:
            tenant = str(each.tenant_id)
            self.mirror_waiting.labels(tenant).set(each.waiting)
            self.mirror_aside.labels(tenant).set(each.set_aside)
            self.mirror_lag.labels(tenant).set(each.lag_seconds)
            self.mirror_batch_lag.labels(tenant).set(each.last_lag_seconds)
            self.mirror_applied.labels(tenant).set(each.applied)
        self.connections.set(database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return generate_latest(self.registry)


def metrics_token() -> str:
    """Give the bearer token that opens the figures from another machine."""
    return keys.keyed("metrics", "read")


def metrics(request: Request) -> Response:
    """Give the figures to the machine itself or to who shows the token; for anybody else there is no such page."""
    if not (_is_local(request) or _shows_token(request)):
        raise NotFound("page")
    return Response(request.app.state.figures.written(request.app.state.database), media_type=CONTENT_TYPE_LATEST)


def _is_local(request: Request) -> bool:
    # Behind a proxy on the same machine everybody seems local, so a forwarded request never is.
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _shows_token(request: Request) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode("utf-8", "replace"), metrics_token().encode())
