"""A span for each job, with the tenant and the handover that it is about (OPS-03)."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace

from tenantry.jobs.context import GivenBack, JobContext
from tenantry.jobs.task import Task

tracer = trace.get_tracer("tenantry.jobs")
# Tasks name their tenant either way.
CALLED = {"tenant": "tenant_id", "tenant_id": "tenant_id", "handover": "handover", "import_id": "import"}


@contextmanager
def traced(context: JobContext, task: Task, ids: Mapping[str, str]) -> Iterator[None]:
    """Span a job; of what went wrong only the kind is told, since the words may hold what a tenant wrote."""
    about = {f"tenantry.{CALLED[name]}": value for name, value in ids.items() if name in CALLED}
    more: dict[str, str | int] = {
        "tenantry.task": task.name,
        "tenantry.job_id": context.job_id,
        "tenantry.attempt": context.attempt,
    }
    with tracer.start_as_current_span(
        f"job {task.name}",
        kind=trace.SpanKind.CONSUMER,
        attributes={**about, **more},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except (GivenBack, asyncio.CancelledError):
            span.set_attribute("tenantry.given_back", True)
            raise
        except Exception as fault:
            span.set_attribute("error.type", type(fault).__qualname__)
            span.set_status(trace.StatusCode.ERROR)
            raise
