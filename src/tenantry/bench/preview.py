"""Planning and previewing a large transfer:
the plan, the first page, and the whole preview beside the run of the same.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from tenantry.bench.ground import Field, ground, peak_mb
from tenantry.channel.handovers import queries, running


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure plan, first page and whole preview; the floor of the last two is the run of the same accounts."""
    size = rows or 100_000
    say(f"Filling a distributor with {size:,} accounts ...")
    with ground(size) as filled, filled.copy("confirmed") as prepared:
        started = time.perf_counter()
        id_, digest = prepared.planned(size)
        plan = time.perf_counter() - started
        prepared.analyse()
        first, whole, runs = [], [], []
        for number in range(pairs):
            first.append(_timed(lambda: _page(prepared, id_)))
            whole.append(_timed(lambda: _whole(prepared, id_, size)))
            say(f"  preview {number + 1}: first page {first[-1] * 1000:.0f} ms, whole {whole[-1]:.2f} s")
        peak = peak_mb()
        prepared.confirm(id_, digest)
        prepared.close()
        for number in range(min(pairs, 3)):
            with filled.copy("run", of="confirmed") as field:
                runs.append(_timed(lambda field=field: running.run(field.worker, filled.giver, id_)))  # type: ignore[misc]
            say(f"  run {number + 1}: {runs[-1]:.2f} s")
    for what, seconds in (("plan", [plan]), ("first-page", first), ("whole", whole)):
        yield {
            "bench": "preview",
            "what": what,
            "rows": size,
            "seconds": round(median(seconds), 4),
            "floor_seconds": round(median(runs), 4),
            "ratio": round(median(seconds) / median(runs), 3),
            "per_row_ms": round(median(seconds) / size * 1000, 4),
            "peak_mb": peak,
        }


def _page(field: Field, id_: Any) -> None:
    with field.web.work(field.ground.giver, field.ground.actor) as work:
        queries.preview(work, id_, limit=20)


def _whole(field: Field, id_: Any, rows: int) -> None:
    seen = 0
    with field.web.work(field.ground.giver, field.ground.actor) as work:
        for _ in queries.whole_preview(work, id_):
            seen += 1
    if seen != rows:
        message = f"the preview showed {seen} records instead of {rows}"
        raise RuntimeError(message)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
