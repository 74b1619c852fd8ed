"""Drain a backlog of sales, each of which raises a back order, beside the same work by hand."""

from collections.abc import Callable, Iterator
from typing import Any

from tenantry.bench.channel_ground import SALES
from tenantry.bench.mirror import MIRRORED, drained


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure how 10,000 sales below become back orders above, with so many mirrored subscriptions."""
    yield drained("back-orders", SALES, rows or MIRRORED, pairs, say)
