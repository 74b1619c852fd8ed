"""Structured logs (OPS-03): a line a request with its id, tenant, actor and handover; never a header, query or body."""

import logging
import sys
from typing import Any, TextIO

import structlog

from tenantry.settings import Settings

# Local variables of a failed request hold its token, its body and whatever it read.
_TRACES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

log = structlog.get_logger("tenantry.web")


def use_logs(settings: Settings, to: TextIO | None = None, level: str | None = None) -> None:
    """Log as the settings say, for people or for machines; a command asks for a level of its own."""
    people = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    ending: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if people
        else [structlog.processors.ExceptionRenderer(_TRACES), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *ending,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, (level or settings.log_level).upper())),
        logger_factory=structlog.PrintLoggerFactory(to or sys.stderr),
        cache_logger_on_first_use=False,
    )


def log_answer(method: str, route: str, status: int, seconds: float, who: dict[str, str]) -> None:
    """Log one answer; the pattern of its route, not the address, which may carry what was searched for."""
    say = log.error if status >= 500 else log.info  # noqa: PLR2004
    say("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1), **who)
