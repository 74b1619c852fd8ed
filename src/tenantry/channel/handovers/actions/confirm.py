"""Confirm a plan that was seen."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from tenantry import jobs
from tenantry.channel.handovers import planning, tasks
from tenantry.channel.handovers.actions.plan import complete_plan
from tenantry.channel.handovers.claims import claim
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.rows import locked, update
from tenantry.channel.handovers.taker import require_takes
from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Fault, Invalid, Refused
from tenantry.tenancy import audit, permissions
from tenantry.tenancy.records import text_fault

LONGEST_REASON = 2000


class Replanned(Conflict):
    """The world has changed since the plan was seen; the new plan is kept and has to be looked at (HND-02)."""

    code = "plan-changed"
    commits: ClassVar[bool] = True


def confirm(
    work: Work, handover_id: UUID, digest: str, *, at: datetime | None = None, reason: str | None = None
) -> None:
    """Confirm the plan that was seen, which its digest names; the run starts at once or at a moment. `reason` takes
    the place of the plan's own; None leaves that as it is.

    Raises Replanned when the world has changed so that the plan would differ, Conflict when it is not there to be
    confirmed or somebody else has one of its accounts in hand, Refused when a blocker stops it.
    """
    permissions.require(work, "handover:confirm")
    row = locked(work, handover_id)
    if row["status"] != "planned":
        raise _not_planned(row)
    require_takes(work, row)
    if at is not None and at <= work.at:
        raise Invalid(Fault("at", "That moment has passed.", "HND-03", "Leave it out to start at once."))
    if reason is not None and (wrong := text_fault("reason", reason, "HND-04", longest=LONGEST_REASON, needed=False)):
        raise Invalid(*wrong)
    if digest != row["digest"]:
        message = "The digest is not that of the plan as it stands."
        raise Conflict(
            message,
            code="stale-digest",
            rule="HND-02",
            remedy="Look at the plan again and confirm its digest.",
            digest=row["digest"],
        )
    with work.across([row["tenant_id"], row["taker_id"]]) as connection:
        made = planning.look_again(connection, row, work.at)
    if made.digest != row["digest"]:
        made = complete_plan(work, row)
        message = "The world has changed since this plan was made, so it was planned again."
        raise Replanned(
            message, rule="HND-02", remedy="Look at the new plan and confirm its digest.", digest=made.digest
        )
    kind = KINDS[row["kind"]]
    if (why := planning.why_not(kind, made.findings, made.counts)) is not None:
        raise Refused(*why)
    if not row["total"] and not kind.at_once:
        message = "There is nothing in this plan that could be handed over."
        raise Conflict(
            message,
            code="nothing-to-do",
            rule="DN-02",
            remedy="Look at what holds the records back, mend it, and plan again.",
        )
    claim(work, row, kind)
    update(
        work,
        row,
        status="scheduled" if at else "running",
        scheduled_at=at,
        confirmed_at=work.at,
        confirmed_by=work.actor.id,
        confirmed_by_name=work.actor.name,
        reason=row["reason"] if reason is None else reason.strip(),
    )
    jobs.later(
        work.connection, tasks.RUN, at=at, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"]
    )
    audit.note(
        work,
        "handover.confirm",
        f"Confirmed handover {row['number']} of {row['total']} {kind.subject.many}.",
        row["id"],
        digest=digest,
    )


def _not_planned(row: dict[str, Any]) -> Conflict:
    if row["status"] == "planning":
        return Conflict(
            "The plan is still being made.",
            code="planning",
            rule="HND-01",
            remedy="Wait for its digest, then look at it.",
        )
    if row["confirmed_at"]:
        message = f"It was confirmed by {row['confirmed_by_name']} at {row['confirmed_at']:%Y-%m-%d %H:%M} UTC already."
        return Conflict(message, code="already-confirmed", rule="HND-02", remedy="Watch its progress.")
    return Conflict(
        f"This handover is {row['status'].replace('_', ' ')}.", code="ended", rule="HND-06", remedy="Plan a new one."
    )
