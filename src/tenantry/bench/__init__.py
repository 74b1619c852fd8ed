"""Benchmarks: our code and its floor, hand-written SQL that writes exactly the same rows, alternating in one database and run."""

from collections.abc import Callable, Iterator
from typing import Any

BENCHES: dict[str, tuple[str, Callable[[int | None, int, Callable[[str], object]], Iterator[dict[str, Any]]]]] = {}
