"""The clock; tests move it by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_stopped_at: list[datetime] = []


def now() -> datetime:
    """Tell the time in UTC."""
    return _stopped_at[-1] if _stopped_at else datetime.now(UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Stop the clock of this process at a moment, for a test."""
    _stopped_at.append(at)
    try:
        yield
    finally:
        _stopped_at.pop()
