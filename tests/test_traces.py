"""Traces (OPS-03): a collector on this machine receives what the programs did, and no more than it should."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.conftest import SECRET

# Each in a program of its own, as a provider of spans is one per program.
ASK = """
import sys
from pathlib import Path
from starlette.testclient import TestClient
from tenantry.database import Database
from tenantry.settings import Settings
from tenantry.web.app import create_app
url, data = sys.argv[1:]
app = create_app(Database(url), Settings(data=Path(data)))
TestClient(app).get("/api/v1/accounts?q=hush", headers={"authorization": "Bearer hush-hush"})
"""
RUN = """
import sys, threading
from tenantry import jobs
from tenantry.database import Database
from tenantry.traces import use_traces
stop = threading.Event()

@jobs.task("traced.well", lane="live")
def well(context, tenant, handover):
    pass

@jobs.task("traced.badly", lane="live", retries=0)
def badly(context, tenant_id):
    stop.set()
    raise RuntimeError("hush-hush")

use_traces()
web, worker = Database(sys.argv[1]), Database(sys.argv[2])
with web.installation() as connection:
    jobs.later(connection, "traced.well", tenant="t-1", handover="h-1")
with web.installation() as connection:
    jobs.later(connection, "traced.badly", tenant_id="t-2")
jobs.run_worker(sys.argv[2], worker, lanes={"live": 1}, stop=stop)
"""


@dataclass
class Collector:
    """What was received, as protobuf over HTTP."""

    url: str = ""
    spans: list[Any] = field(default_factory=list)
    services: set[str] = field(default_factory=set)

    def take(self, body: bytes) -> None:
        """Read one request of an exporter."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.services.add(named["service.name"])
            for scope in resource.scope_spans:
                self.spans += scope.spans

    def named(self, name: str) -> list[dict[str, Any]]:
        """Give the attributes of the spans with this name."""
        return [
            {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
            for span in self.spans
            if span.name == name
        ]


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Give a running collector."""
    here = Collector()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            here.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield here
    server.shutdown()
    thread.join(5)
    server.server_close()


def run(program: str, *words: str, **environment: str) -> None:
    said = {"PATH": "/usr/bin:/bin", "TENANTRY_SECRET_KEY": SECRET, **environment}
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env=said, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr


def plain(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


def test_ops_03_one_span_a_request_goes_to_the_collector_without_what_was_asked(
    collector: Collector, web_url: sa.URL, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = str(tmp_path_factory.mktemp("traced"))
    run(ASK, plain(web_url), data)
    assert collector.spans == []

    run(ASK, plain(web_url), data, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)

    [attributes] = collector.named("GET /api/v1/accounts")
    assert attributes["http.response.status_code"] == 401
    assert len(collector.spans) == 1
    assert collector.services == {"tenantry"}
    assert "hush" not in str(collector.spans)


def test_ops_03_a_span_a_job_names_its_tenant_and_handover(
    collector: Collector, web_url: sa.URL, worker_url: sa.URL
) -> None:
    run(RUN, plain(web_url), plain(worker_url), OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SERVICE_NAME="mine")

    [well], [badly] = collector.named("job traced.well"), collector.named("job traced.badly")
    assert (well["tenantry.tenant_id"], well["tenantry.handover"], well["tenantry.attempt"]) == ("t-1", "h-1", 1)
    assert (badly["tenantry.tenant_id"], badly["error.type"]) == ("t-2", "RuntimeError")
    assert collector.services == {"mine"}
    assert "hush" not in str(collector.spans)
