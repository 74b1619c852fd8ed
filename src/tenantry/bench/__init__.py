"""Benchmarks: our code and its floor, hand-written SQL that writes exactly the same rows, alternating in one run."""

from collections.abc import Callable, Iterator
from typing import Any

from tenantry.bench import pages, preview, transfer_accounts

Bench = Callable[[int | None, int, Callable[[str], object]], Iterator[dict[str, Any]]]

BENCHES: dict[str, tuple[str, Bench]] = {
    "transfer-accounts": (
        "Run a transfer of accounts (floor: one statement per table, by hand).",
        transfer_accounts.bench,
    ),
    "preview": ("Plan a transfer, its first page, and the whole preview (floor: the run of the same).", preview.bench),
    "pages": ("List, search and record pages over HTTP with a full tenant (floor: the driver alone).", pages.bench),
}
