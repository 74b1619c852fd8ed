"""What outside systems are asked for, and what a person says came of it: the manual connector (PRV-20, PRV-33)."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog.records import held
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Refused
from tenantry.provisioning import holding
from tenantry.provisioning.asking import Asked
from tenantry.rules.policy import no
from tenantry.schema.charging import service_request
from tenantry.schema.sales import subscription
from tenantry.tenancy import permissions, telling
from tenantry.tenancy.records import write

__all__ = ["Asked", "ask", "begin", "fail", "finish", "release", "retry"]

RULE = "PRV-20"
OPEN = ("pending", "in_progress")
SAYS = {
    "create": "to set it up",
    "change": "to change it",
    "suspend": "to suspend it",
    "resume": "to resume it",
    "cancel": "to remove it",
}
held_back = no(
    "UP-47",
    "It waits for credit at the seller above; it is asked for as soon as that is given.",
    "Check the credit again on the order, or ask the seller above.",
)
# What a subscription's provisioning is, once what was asked for is done.
AFTER = {**dict.fromkeys(("create", "change", "suspend", "resume"), "provisioned"), "cancel": "not_provisioned"}
answered = no(
    RULE, "This request was answered already.", "Look at what was answered; the subscription's page asks anew."
)
not_failed = no(RULE, "Only a failed request is asked for again.", "Wait for the answer, or change the subscription.")


def ask(work: Work, asked: Sequence[Asked]) -> None:
    """Write down what is asked for; what follows from one change is asked for once.

    What waits for credit is held, and so is what comes after something that was never set up. What is cancelled before
    that is not asked for at all.
    """
    if later := [one.subscription_id for one in asked if one.verb != "create"]:
        asked, undone = holding.settled(work, asked, later)
        _say(work, undone, "not_provisioned")
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": derived_id(one.change_id, one.subscription_id, one.verb),
            "account_id": one.account_id,
            "subscription_id": one.subscription_id,
            "system_id": one.system_id,
            "verb": one.verb,
            "desired": dict(one.desired),
            "change_id": one.change_id,
            "waits_for": one.waits_for,
            "status": "held" if one.waits_for else "pending",
            "created_at": work.at,
        }
        for one in asked
    ]
    if rows:
        once = insert(service_request).on_conflict_do_nothing(index_elements=["tenant_id", "id"])
        work.connection.execute(once, rows)
        _say(work, {one.subscription_id for one in asked if not one.waits_for}, "requested")
        _say(work, {one.subscription_id for one in asked if one.waits_for}, "pending")


def release(work: Work, waits_for: Collection[UUID]) -> None:
    """Let what waited for credit be carried out (UP-47)."""
    if ids := holding.released(work, waits_for):
        _say(work, ids, "requested")


def begin(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Say that somebody is at it."""
    row = _held(work, id, version)
    if row["status"] == "held":
        raise Refused(held_back)
    if row["status"] != "pending":
        raise Refused(no(RULE, "Only a request that waits is begun."), "Look at it again.")
    write(work, service_request, id, {"status": "in_progress"})
    _say(work, {row["subscription_id"]}, "in_progress")


def finish(work: Work, id: UUID, *, answer: str = "", version: int | None = None) -> None:
    """Say that it is done."""
    row = _open(work, id, version)
    write(work, service_request, id, {"status": "done", "answer": _short(answer), "done_at": work.at})
    left = _worst(work, row["subscription_id"])
    _say(work, {row["subscription_id"]}, left or AFTER[row["verb"]])
    _tell(work, row, f"Provisioning is done: {SAYS[row['verb']]}", answer)


def fail(work: Work, id: UUID, *, answer: str = "", version: int | None = None) -> None:
    """Say that it could not be done, and why."""
    row = _open(work, id, version)
    write(work, service_request, id, {"status": "failed", "answer": _short(answer), "done_at": work.at})
    _say(work, {row["subscription_id"]}, "failed")
    _tell(work, row, f"Provisioning has failed: {SAYS[row['verb']]}", answer)


def retry(work: Work, subscription_id: UUID) -> None:
    """Ask again for what has failed for a subscription, the latest of each kind."""
    r = service_request.c
    mine = (r.tenant_id == work.tenant_id, r.subscription_id == subscription_id, r.status == "failed")
    failed = work.connection.execute(sa.select(service_request).where(*mine).order_by(r.created_at, r.id)).mappings()
    latest = {row["verb"]: row for row in failed}
    if not latest:
        raise Refused(not_failed)
    work.connection.execute(
        sa.update(service_request)
        .where(*mine, r.id.in_([row["id"] for row in latest.values()]))
        .values(status="pending", answer="", done_at=None, version=r.version + 1)
    )
    _say(work, {subscription_id}, "requested")
    history.write(work, "subscription", subscription_id, "Provisioning was asked for again")


def _open(work: Work, id: UUID, version: int | None) -> sa.RowMapping:
    row = _held(work, id, version)
    if row["status"] not in OPEN:
        raise Refused(held_back if row["status"] == "held" else answered)
    return row


def _held(work: Work, id: UUID, version: int | None) -> sa.RowMapping:
    permissions.require(work, "subscriptions:edit")
    return held(work, service_request, id, "provisioning request", version)


def _worst(work: Work, subscription_id: UUID) -> str:
    r = service_request.c
    query = sa.select(r.status).where(
        r.tenant_id == work.tenant_id, r.subscription_id == subscription_id, r.status.in_((*OPEN, "failed", "held"))
    )
    found = set(work.connection.scalars(query))
    order = (("failed", "failed"), ("in_progress", "in_progress"), ("pending", "requested"), ("held", "pending"))
    return next((said for status, said in order if status in found), "")


def _say(work: Work, ids: set[UUID], status: str) -> None:
    if not ids:
        return
    s = subscription.c
    work.connection.execute(
        sa.update(subscription)
        .where(s.tenant_id == work.tenant_id, s.id.in_(ids), s.provisioning_status != status)
        .values(provisioning_status=status, version=s.version + 1)
    )
    telling.changed(work, subscription, ids)


def _tell(work: Work, row: sa.RowMapping, sentence: str, answer: str) -> None:
    said = f"{sentence}: {_short(answer)}" if answer.strip() else sentence
    history.write(work, "subscription", row["subscription_id"], said)


def _short(answer: str) -> str:
    return answer.strip()[:320]
