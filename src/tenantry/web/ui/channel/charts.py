"""A line over time, drawn by the server: no script, readable in light and dark (UI-05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenantry.web.words import Words

WIDTH, HEIGHT = 640, 140


@dataclass(frozen=True)
class Chart:
    """A chart: the points of its line, the same closed to an area, what its axes say, and it all in words."""

    name: str
    title: str
    line: str
    area: str
    top: str
    first: str
    last: str
    says: str


def chart(name: str, title: str, points: Sequence[tuple[datetime, float]], words: Words) -> Chart | None:
    """Draw values over time; None when there are too few."""
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    start, end = points[0][0], points[-1][0]
    # Less than one is drawn as little.
    reached = max(value for _, value in points)
    span, top = (end - start).total_seconds(), max(1.0, reached)
    placed = [
        (round((at - start).total_seconds() / span * WIDTH, 1), round(HEIGHT - value / top * (HEIGHT - 8), 1))
        for at, value in points
    ]
    line = " ".join(f"{x},{y}" for x, y in placed)
    highest = words.number(round(reached, 2))
    now = words.number(round(points[-1][1], 2))
    says = f"{title}: highest {highest}, last {now}, from {words.moment(start)} to {words.moment(end)}"
    area = f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}"
    return Chart(name, title, line, area, highest, words.moment(start), words.moment(end), says)
