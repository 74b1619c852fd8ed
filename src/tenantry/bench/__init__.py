"""Benchmarks: our code and its floor, hand-written SQL that writes exactly the same rows, alternating in one run."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

BENCHES = {
    "transfer-accounts": "Run a transfer of accounts (floor: one statement per table, by hand).",
    "preview": "Plan a transfer, its first page, and the whole preview (floor: the run of the same).",
    "api": "Create an account, execute an order over HTTP: processor time and statements a call (floor: the driver alone).",
    "pages": "List, search and record pages over HTTP with a full tenant (floor: the driver alone).",
    "mirror": "Drain changes of all kinds, of one reseller and of two at once (floor: one statement per table, by hand).",
    "mirror-steady": "Time from a commit below until it is seen above, at 100 changes a second, also beside a big copy.",
    "back-orders": "Drain 10,000 sales below into back orders (floor: one statement per table, by hand).",
    "catalogue": "Browse and search 50,000 products and their price list over HTTP (floor: the driver alone).",
}


def run(name: str, rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Run one of the benchmarks; each is loaded when it is asked for, since it brings the whole program with it."""
    module = import_module(f"tenantry.bench.{name.replace('-', '_')}")
    yield from module.bench(rows, pairs, say)
