"""What people do with a handover: plan it, confirm it, cancel it, undo it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry import jobs
from tenantry.channel.handovers import planning, tasks
from tenantry.channel.handovers.kinds import KINDS, kind_named
from tenantry.channel.handovers.reversal import plan_obstacles
from tenantry.channel.handovers.words import ARRANGEMENT, LOCKED_HANDOVER
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound, Refused
from tenantry.rules.handover import Kind
from tenantry.rules.policy import TenantReseller, no
from tenantry.schema.channel import handover, handover_claim, handover_record, handover_tenant
from tenantry.schema.crm import account
from tenantry.tenancy import audit, numbers, permissions

# Up to this many records a plan is made while one waits; a worker makes larger ones.
AT_ONCE = 2_000
MOST_NAMED = 200_000


class Replanned(Conflict):
    """The world has changed since the plan was seen; the new plan is kept and has to be looked at (HND-02)."""

    code = "plan-changed"
    commits: ClassVar[bool] = True


def plan(
    work: Work, kind: str, tenant_reseller_id: UUID, accounts: Sequence[UUID] | Literal["all"], *, reason: str = ""
) -> UUID:
    """Plan a handover of these accounts; small plans are complete on return,
    large ones are made by a worker (status `planning`).
    """
    permissions.require(work, "handover:plan")
    which = kind_named(kind)
    reseller = _reseller(work, tenant_reseller_id)
    TenantReseller.require("transfer_accounts", SimpleNamespace(standing=reseller["state"], status=""))
    chosen = _within_reach(work, which, reseller) if accounts == "all" else _checked(work, accounts)
    row = _new(work, which.name, reseller, chosen, reason)
    small = len(chosen) <= AT_ONCE if chosen != "all" else _candidates(work, reseller["id"]) <= AT_ONCE
    if small:
        complete_plan(work, row)
    else:
        jobs.later(work.connection, tasks.PLAN, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"])
    audit.note(work, "handover.plan", f"Planned {which.title} to {reseller['name']}.", row["id"])
    return UUID(str(row["id"]))


def complete_plan(work: Work, row: Any) -> planning.Plan:
    """Make the plan of a handover and keep it with the handover."""
    planning.forget(work.connection, row)
    with work.across([row["tenant_id"], row["taker_id"]]) as connection:
        made = planning.write(connection, row, work.at)
    planning.keep(work.connection, row, made, work.at)
    return made


def confirm(work: Work, handover_id: UUID, digest: str, *, at: datetime | None = None) -> None:
    """Confirm the plan that was seen, which its digest names; the run starts at once or at a moment.

    Raises Replanned when the world has changed so that the plan would differ, Conflict when it is not there to be
    confirmed or somebody else has one of its accounts in hand, Refused when a blocker stops it.
    """
    permissions.require(work, "handover:confirm")
    row = _locked(work, handover_id)
    if row["status"] != "planned":
        raise _not_planned(row)
    if at is not None and at <= work.at:
        raise Invalid(Fault("at", "That moment has passed.", "HND-03", "Leave it out to start at once."))
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
    for finding in made.findings:
        if finding.stops_all:
            raise Refused(no(finding.rule, finding.message), remedy=finding.remedy)
    if not row["total"]:
        message = "There is nothing in this plan that could be handed over."
        raise Conflict(
            message,
            code="nothing-to-do",
            rule="DN-02",
            remedy="Look at what holds the records back, mend it, and plan again.",
        )
    _claim(work, row)
    _update(
        work,
        row,
        status="scheduled" if at else "running",
        scheduled_at=at,
        confirmed_at=work.at,
        confirmed_by=work.actor.id,
        confirmed_by_name=work.actor.name,
    )
    jobs.later(
        work.connection, tasks.RUN, at=at, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"]
    )
    audit.note(
        work,
        "handover.confirm",
        f"Confirmed handover {row['number']} of {row['total']} accounts.",
        row["id"],
        digest=digest,
    )


def cancel(work: Work, handover_id: UUID) -> None:
    """Cancel a handover: a plan at once, a run after the chunk in hand;
    committed chunks stay and are recorded (HND-03).
    """
    permissions.require(work, "handover:confirm")
    row = _locked(work, handover_id)
    if row["status"] in {"planning", "planned", "awaiting_approval", "scheduled"}:
        _update(work, row, status="cancelled", problem=f"Cancelled by {work.actor.name}.", completed_at=work.at)
        work.connection.execute(sa.delete(handover_claim).where(handover_claim.c.handover_id == row["id"]))
    elif row["status"] == "running":
        _update(work, row, cancel_asked=True)
    else:
        message = f"This handover is {row['status'].replace('_', ' ')}; there is nothing to cancel."
        raise Conflict(message, code="ended", rule="HND-03", remedy="Undo it, where the rules allow it.")
    audit.note(work, "handover.cancel", f"Cancelled handover {row['number']}.", row["id"])


def reverse(work: Work, handover_id: UUID, accounts: Sequence[UUID] | None = None) -> None:
    """Undo a handover, whole or for some accounts;
    what stands in the way stays where it is, each with its reason (HND-05, DN-34).
    """
    permissions.require(work, "handover:confirm")
    row = _locked(work, handover_id)
    if row["status"] not in {"completed", "completed_with_failures", "cancelled", "failed"}:
        message = f"This handover is {row['status'].replace('_', ' ')}; only one that has run can be undone."
        raise Conflict(message, code="not-undoable", rule="HND-05", remedy="Wait until it has ended.")
    left = _copied(work, row, accounts)
    if not left:
        message = "Nothing of this handover is left to be undone."
        raise Conflict(message, code="nothing-to-undo", rule="HND-05")
    plan_obstacles(work, row, KINDS[row["kind"]])
    _update(
        work,
        row,
        status="undoing",
        choices={**row["choices"], "undo": "all" if accounts is None else [str(one) for one in accounts]},
        position=None,
        done=0,
        total=left,
        cancel_asked=False,
        undone_by=work.actor.id,
        undone_by_name=work.actor.name,
    )
    jobs.later(work.connection, tasks.UNDO, lock=f"handover:{row['id']}", tenant=work.tenant_id, handover=row["id"])
    audit.note(work, "handover.undo", f"Undoes handover {row['number']}.", row["id"])


def ids_of_numbers(work: Work, numbers: set[int]) -> dict[int, UUID]:
    """Give the ids of the accounts that have these numbers here; what a file of numbers is read with."""
    permissions.require(work, "handover:plan")
    known = sa.select(account.c.number, account.c.id).where(
        account.c.tenant_id == work.tenant_id, account.c.number.in_(numbers)
    )
    if work.actor.readable is not None:
        known = known.where(account.c.permission_rule_id.in_(work.actor.readable))
    return dict(work.connection.execute(known).all())


def _reseller(work: Work, id_: UUID) -> dict[str, Any]:
    found = work.connection.execute(ARRANGEMENT, {"tenant": work.tenant_id, "id": id_}).mappings().first()
    if found is None:
        what = "tenant reseller"
        raise NotFound(what)
    name = sa.select(account.c.name).where(account.c.tenant_id == work.tenant_id, account.c.id == id_)
    return {**found, "name": work.connection.scalar(name)}


def _within_reach(work: Work, kind: Kind, reseller: Mapping[str, Any]) -> list[UUID] | Literal["all"]:
    """Say what all means: every candidate, or, to one who does not see every account,
    those whose rule lets him (TEN-21).
    """
    if work.actor.readable is None:
        return "all"
    giver = kind.account.source
    fits = [~check.breaks for check in kind.candidates]
    seen = sa.select(giver.c.id).where(kind.listed, *fits, giver.c.permission_rule_id.in_(work.actor.readable))
    words = {"giver": work.tenant_id, "taker": reseller["reseller_tenant_id"], "reseller": reseller["id"]}
    return list(work.connection.scalars(seen, words))


def _checked(work: Work, accounts: Sequence[UUID]) -> list[UUID]:
    """Refuse ids that are not this tenant's, all at once; another tenant's look the same as unknown ones."""
    wanted = list(dict.fromkeys(accounts))
    if not wanted:
        raise Invalid(Fault("accounts", "No account was chosen.", "DN-03", "Choose some, or say all."))
    if len(wanted) > MOST_NAMED:
        raise Invalid(
            Fault("accounts", f"More than {MOST_NAMED:,} accounts were named.", "HND-08", "Say all, or name fewer.")
        )
    rules = work.actor.readable
    known = sa.select(account.c.id).where(
        account.c.tenant_id == work.tenant_id, account.c.id == sa.any_(sa.literal(wanted, sa.ARRAY(account.c.id.type)))
    )
    if rules is not None:
        known = known.where(account.c.permission_rule_id.in_(rules))
    found = set(work.connection.scalars(known))
    unknown = [(place, id_) for place, id_ in enumerate(accounts) if id_ not in found]
    if unknown:
        raise Invalid(
            *(
                Fault(
                    f"accounts[{place}]",
                    f"There is no account {id_} here.",
                    "DN-02",
                    "Take ids from the list of candidates.",
                )
                for place, id_ in unknown[:100]
            )
        )
    return wanted


def _candidates(work: Work, reseller_id: UUID) -> int:
    few = (
        sa.select(account.c.id)
        .where(account.c.tenant_id == work.tenant_id, account.c.bill_to_id == reseller_id)
        .limit(AT_ONCE + 1)
        .subquery()
    )
    return work.connection.scalar(sa.select(sa.func.count()).select_from(few)) or 0


def _new(
    work: Work, kind: str, reseller: dict[str, Any], accounts: list[UUID] | Literal["all"], reason: str
) -> dict[str, Any]:
    values = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "number": numbers.reserve(work, "handover"),
        "kind": kind,
        "tenant_reseller_id": reseller["id"],
        "taker_id": reseller["reseller_tenant_id"],
        "choices": {"accounts": accounts if accounts == "all" else sorted(str(one) for one in accounts)},
        "reason": reason,
        "planned_by": work.actor.id,
        "planned_by_name": work.actor.name,
        "created_at": work.at,
    }
    row = work.connection.execute(sa.insert(handover).values(values).returning(handover)).mappings().one()
    # Giver, taker and every tenant on both paths up to their common ancestor: here the taker's parent is the giver.
    touched = [{"handover_id": row["id"], "tenant_id": one} for one in (work.tenant_id, reseller["reseller_tenant_id"])]
    work.connection.execute(insert(handover_tenant).values(touched).on_conflict_do_nothing())
    return dict(row)


def _locked(work: Work, id_: UUID) -> dict[str, Any]:
    row = work.connection.execute(LOCKED_HANDOVER, {"tenant": work.tenant_id, "id": id_}).mappings().first()
    if row is None:
        what = "handover"
        raise NotFound(what)
    return dict(row)


def _update(work: Work, row: dict[str, Any], **values: Any) -> None:
    work.connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(**values, version=handover.c.version + 1)
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


def _claim(work: Work, row: dict[str, Any]) -> None:
    """Take every account of the plan in hand, in every tenant at once, since its id is the same everywhere."""
    mine = (handover_record.c.tenant_id == row["tenant_id"], handover_record.c.handover_id == row["id"])
    going = sa.select(handover_record.c.id, sa.literal(row["tenant_id"]), sa.literal(row["id"])).where(
        *mine, handover_record.c.verdict.in_(["new", "wake"])
    )
    claim = insert(handover_claim).from_select(
        ["subject_id", "tenant_id", "handover_id"], going.order_by(handover_record.c.id)
    )
    taken = (
        claim.on_conflict_do_nothing(index_elements=["subject_id"]).returning(handover_claim.c.subject_id).cte("taken")
    )
    claimed = work.connection.execute(sa.select(sa.func.count()).select_from(taken)).scalar_one()
    if claimed != row["total"]:
        message = f"{row['total'] - claimed} of its accounts are in the hands of another handover."
        raise Conflict(
            message, code="being-handed-over", rule="HND-03", remedy="Wait until that one has ended, then plan again."
        )


def _copied(work: Work, row: dict[str, Any], accounts: Sequence[UUID] | None) -> int:
    where = [
        handover_record.c.tenant_id == row["tenant_id"],
        handover_record.c.handover_id == row["id"],
        handover_record.c.outcome.in_(["copied", "kept"]),
    ]
    if accounts is not None:
        where.append(handover_record.c.id.in_(list(accounts)))
    return work.connection.scalar(sa.select(sa.func.count()).select_from(handover_record).where(*where)) or 0
