"""Pages and lists over HTTP with a full tenant."""

from collections.abc import Callable, Iterator
from typing import Any


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    raise NotImplementedError
    yield {}
