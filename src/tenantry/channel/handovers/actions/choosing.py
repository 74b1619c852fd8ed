"""Which accounts a plan is of: those that were named, or all that one sees."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.handover import Kind
from tenantry.schema.crm import account
from tenantry.tenancy import permissions

# Up to this many records a plan is made while one waits; a worker makes larger ones.
AT_ONCE = 2_000
MOST_NAMED = 200_000


def ids_of_numbers(work: Work, numbers: set[int]) -> dict[int, UUID]:
    """Give the ids of the accounts that have these numbers here; what a file of numbers is read with."""
    permissions.require(work, "handover:plan")
    known = sa.select(account.c.number, account.c.id).where(
        account.c.tenant_id == work.tenant_id, account.c.number.in_(numbers)
    )
    if work.actor.readable is not None:
        known = known.where(account.c.permission_rule_id.in_(work.actor.readable))
    return dict(work.connection.execute(known).all())


def within_reach(work: Work, kind: Kind, reseller: Mapping[str, Any]) -> list[UUID] | Literal["all"]:
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


def checked(work: Work, accounts: Sequence[UUID]) -> list[UUID]:
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


def is_small(work: Work, reseller_id: UUID, chosen: list[UUID] | Literal["all"]) -> bool:
    """Say whether the plan is made while one waits."""
    if chosen != "all":
        return len(chosen) <= AT_ONCE
    few = (
        sa.select(account.c.id)
        .where(account.c.tenant_id == work.tenant_id, account.c.bill_to_id == reseller_id)
        .limit(AT_ONCE + 1)
        .subquery()
    )
    return (work.connection.scalar(sa.select(sa.func.count()).select_from(few)) or 0) <= AT_ONCE
