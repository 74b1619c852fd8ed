"""A handover as its page shows it, with what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenantry.channel.handovers import planning
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.planning import Finding
from tenantry.database import Row, Work
from tenantry.kernel.problems import Verdict
from tenantry.rules.policy import no, yes


@dataclass(frozen=True)
class FindingView(Finding):
    """A finding as somebody may see it: its records without those that his permission rules keep from him."""

    not_shown: int = 0


@dataclass(frozen=True)
class HandoverView:
    """A handover as its page shows it. `rate` is records a second, `seconds_left` an estimate;
    both None while it does not run. `subject` says what its records are, accounts or subscriptions;
    `not_shown` counts those that the one who asks may not see; None in lists.
    """

    id: UUID
    number: int
    kind: str
    title: str
    status: str
    digest: str | None
    counts: Mapping[str, int]
    findings: tuple[FindingView, ...]
    choices: Mapping[str, Any]
    reason: str
    problem: str
    tenant_reseller_id: UUID
    reseller_name: str
    total: int
    done: int
    rate: float | None
    seconds_left: float | None
    planned_by: str
    confirmed_by: str
    undone_by: str
    created_at: datetime
    planned_at: datetime | None
    confirmed_at: datetime | None
    scheduled_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    undone_at: datetime | None
    cancel_asked: bool
    version: int
    actions: Mapping[str, Verdict]
    subject: str
    not_shown: int | None = None


def view_of(work: Work, row: Row) -> HandoverView:
    """Read a handover's row as its page shows it."""
    started = row["started_at"]
    running = row["status"] == "running" and started is not None
    seconds = max((work.at - started).total_seconds(), 0.001) if running else 0.0
    rate = row["done"] / seconds if running and row["done"] else None
    values = {name: row[name] for name in HandoverView.__dataclass_fields__ if name in row}
    values.update(
        title=KINDS[row["kind"]].title,
        subject=KINDS[row["kind"]].subject.many,
        findings=tuple(FindingView(**{**one, "records": tuple(one["records"])}) for one in row["findings"]),
        planned_by=row["planned_by_name"],
        confirmed_by=row["confirmed_by_name"],
        undone_by=row["undone_by_name"],
        rate=rate,
        seconds_left=(row["total"] - row["done"]) / rate if rate else None,
        actions=_actions(row),
    )
    return HandoverView(**values)


def _actions(row: Row) -> dict[str, Verdict]:
    status, words = row["status"], row["status"].replace("_", " ")
    kind = KINDS[row["kind"]]
    findings = [Finding(**{**one, "records": ()}) for one in row["findings"]]
    why = planning.why_not(kind, findings, row["counts"])
    confirm = yes if status == "planned" else no("HND-06", f"It is {words}; only a plan can be confirmed.")
    if confirm and why:
        confirm = why[0]
    elif confirm and not row["total"] and not kind.at_once:
        confirm = no("DN-02", "There is nothing in this plan that could be handed over.")
    open_ = {"planning", "planned", "awaiting_approval", "scheduled", "running"}
    ended = {"completed", "completed_with_failures", "cancelled", "failed"}
    copied = row["counts"].get("copied", 0) + row["counts"].get("kept", 0)
    undo = (
        yes
        if status in ended and (copied or (kind.at_once and status == "completed"))
        else no("HND-05", "Nothing was handed over that could be undone." if status in ended else f"It is {words}.")
    )
    return {
        "confirm": confirm,
        "cancel": yes if status in open_ else no("HND-03", f"It is {words}; there is nothing to cancel."),
        "undo": undo,
    }
