"""The history of a record as lines in the reader's own writing (TEN-24)."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from tenantry.channel.handovers.queries import handover_
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.ui.views import Change, HistoryLine, Panel
from tenantry.web.words import DAY, Words, iso

ICONS = (
    ("transfer", "transfer"),
    ("Status Changed", "repeat"),
    ("suspended", "player-pause"),
    ("reactivated", "player-play"),
    ("created", "plus"),
    ("deleted", "trash"),
    ("cancelled", "ban"),
    ("closed", "ban"),
    ("executed", "check"),
    ("submitted", "upload"),
    ("edited", "pencil"),
    ("updated", "pencil"),
    ("changed", "pencil"),
)
# As the mirror says it at the end of a line (BO-16).
TRACKED = re.compile(r"\(order (\d+)\)$")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
WORDS = {"id": "", "no": "number", "vat": "VAT"}


def panel(
    work: Work,
    record_id: UUID,
    words: Words,
    url: str,
    labels: Mapping[str, str] | None = None,
    cursor: str = "",
    *,
    orders: Mapping[int, str] | None = None,
) -> Panel:
    """Give a page of a record's history; `url` answers with the lines before when asked with ?before=.

    `orders` says where the orders are found that a line names by their numbers.
    """
    page = history.lines(work, record_id, cursor or None)
    known = _handovers(work, {line.handover_id for line in page.lines if line.handover_id})
    shown = [_line(line, words, labels or {}, known, orders or {}) for line in page.lines]
    return Panel(history=shown, more_url=f"{url}?before={page.next.replace('+', '%2B')}" if page.next else "")


def label(name: str, labels: Mapping[str, str]) -> str:
    """Name a field as its form does."""
    if name in labels:
        return labels[name]
    said = " ".join(WORDS.get(word, word) for word in name.replace(".", "_").split("_")).strip()
    return said[:1].upper() + said[1:]


def _handovers(work: Work, ids: Collection[UUID]) -> frozenset[UUID]:
    """Say which of these handovers may be looked at; one that came from above is not this tenant's."""
    if not work.actor.may("handover:view"):
        return frozenset()
    found = set()
    for id_ in ids:
        with suppress(NotFound):
            found.add(handover_(work, id_).id)
    return frozenset(found)


def _line(
    line: history.HistoryLine,
    words: Words,
    labels: Mapping[str, str],
    handovers: Collection[UUID],
    orders: Mapping[int, str],
) -> HistoryLine:
    icon = next((icon for word, icon in ICONS if word in line.sentence), "note")
    changes = [
        Change(label(name, labels), _written(before, words), _written(after, words))
        for change in line.changes
        for name, before, after in _parts(change)
    ]
    url = f"/handovers/{line.handover_id}" if line.handover_id in handovers else ""
    if tracked := TRACKED.search(line.sentence):
        url = orders.get(int(tracked[1]), url)
    return HistoryLine(
        words.since(line.at), iso(line.at), words.sentence(line.sentence), line.actor, changes, icon, url
    )


def _parts(change: history.Change) -> list[tuple[str, Any, Any]]:
    """Take custom fields apart, so that only those that changed are shown."""
    if not isinstance(change.before, dict) or not isinstance(change.after, dict):
        return [(change.field, change.before, change.after)]
    names = sorted({*change.before, *change.after})
    pairs = [(name, change.before.get(name), change.after.get(name)) for name in names]
    return [(name, before, after) for name, before, after in pairs if before != after]


def _written(value: Any, words: Words) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "Yes" if value else "No"
        case str() if DAY.fullmatch(value):
            return words.sentence(value)
        case str() if MOMENT.fullmatch(value):
            return words.moment(datetime.fromisoformat(value))
        case _:
            return str(value)
