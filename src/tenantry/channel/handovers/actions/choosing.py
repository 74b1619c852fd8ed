"""Which records a plan is of: those that were named, or all that one sees."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.iso import currencies
from tenantry.kernel.money import minor_unit
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.handover import Kind
from tenantry.schema.base import ID
from tenantry.schema.catalog import price_list
from tenantry.schema.crm import account
from tenantry.tenancy import permissions

# Up to this many records a plan is made while one waits; a worker makes larger ones.
AT_ONCE = 2_000
MOST_NAMED = 200_000
MOST_RATE = Decimal(10**9)


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
    giver = kind.subject.given
    fits = [~check.breaks for check in kind.candidates]
    seen = sa.select(giver.c.id).where(kind.listed, *fits, giver.c.permission_rule_id.in_(work.actor.readable))
    words = {"giver": work.tenant_id, "taker": reseller["reseller_tenant_id"], "reseller": reseller["id"]}
    return list(work.connection.scalars(seen, words))


def checked(work: Work, kind: Kind, accounts: Sequence[UUID]) -> list[UUID]:
    """Refuse ids that are not this tenant's, all at once; another tenant's look the same as unknown ones."""
    wanted = list(dict.fromkeys(accounts))
    one, many, given = kind.subject.one, kind.subject.many, kind.subject.given
    if not wanted:
        raise Invalid(Fault(many, f"No {one} was chosen.", "DN-03", "Choose some, or say all."))
    if len(wanted) > MOST_NAMED:
        raise Invalid(Fault(many, f"More than {MOST_NAMED:,} {many} were named.", "HND-08", "Say all, or name fewer."))
    rules = work.actor.readable
    known = sa.select(given.c.id).where(
        given.c.tenant_id == work.tenant_id, given.c.id == sa.any_(sa.literal(wanted, sa.ARRAY(ID)))
    )
    if rules is not None:
        known = known.where(given.c.permission_rule_id.in_(rules))
    found = set(work.connection.scalars(known))
    unknown = [(place, id_) for place, id_ in enumerate(accounts) if id_ not in found]
    if unknown:
        raise Invalid(
            *(
                Fault(
                    f"{many}[{place}]",
                    f"There is no {one} {id_} here.",
                    kind.rule if kind.subject.one != "account" else "DN-02",
                    "Take ids from the list of candidates.",
                )
                for place, id_ in unknown[:100]
            )
        )
    return wanted


def is_small(work: Work, kind: Kind, reseller: Mapping[str, Any], chosen: list[UUID] | Literal["all"]) -> bool:
    """Say whether the plan is made while one waits."""
    if chosen != "all":
        return len(chosen) <= AT_ONCE
    few = sa.select(kind.subject.given.c.id).where(kind.listed).limit(AT_ONCE + 1).subquery()
    words = {"giver": work.tenant_id, "taker": reseller["reseller_tenant_id"], "reseller": reseller["id"]}
    return (work.connection.scalar(sa.select(sa.func.count()).select_from(few), words) or 0) <= AT_ONCE


def rates(
    work: Work, kind: Kind, reseller: Mapping[str, Any], stated: Mapping[str, Decimal]
) -> dict[str, dict[str, str | int]]:
    """Read the rates at which to convert: from each currency into that of the reseller's price list (DN-44)."""
    remedy = "Leave the rates out, or state one for each currency to convert from, such as 0.92."
    if kind.name != "transfer_subscriptions":
        raise Invalid(Fault("rates", f"{kind.title} converts nothing.", "DN-44", remedy))
    of = sa.select(price_list.c.currency).where(
        price_list.c.tenant_id == work.tenant_id, price_list.c.id == reseller["price_list_id"]
    )
    to = work.connection.execute(of).scalar_one()
    faults = [
        Fault(f"rates.{code}", f"{code[:20]!r} at {rate} is no rate into {to}.", "DN-44", remedy)
        for code, rate in stated.items()
        if code not in currencies() or code == to or not (rate.is_finite() and 0 < rate < MOST_RATE)
    ]
    if faults:
        raise Invalid(*faults)
    places = -int(minor_unit(to).as_tuple().exponent)
    return {code: {"rate": format(rate, "f"), "to": to, "places": places} for code, rate in sorted(stated.items())}
