"""Traces (OPS-03): what a request or a job did and how long it took, sent where OTEL_EXPORTER_OTLP_ENDPOINT says."""

import os

from opentelemetry import trace

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def use_traces() -> None:
    """Send spans from now on, if somebody wants them; again, or beside a provider that is there already, does nothing.

    What is not sent yet goes out when the program ends. Nothing else is set here: OTEL_... variables have their
    usual meaning.
    """
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return
    # Only who wants traces pays for loading what sends them.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    name = os.environ.get("OTEL_SERVICE_NAME", "tenantry")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
