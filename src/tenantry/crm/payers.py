"""Who may pay for an account: itself, or the reseller whose customer it is (glossary, Bill To)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import Row, governed, may
from tenantry.database import Work
from tenantry.kernel.problems import Fault
from tenantry.rules.policy import Account
from tenantry.schema.base import ID
from tenantry.schema.crm import account


def alone(work: Work) -> None:
    """Let one at a time say in this tenant who pays for whom: two changes, each right alone, could make a circle."""
    work.connection.execute(_ALONE, {"lock": f"bill-to {work.tenant_id}"})


_ALONE = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("lock", type_=sa.Text), 0)))


def resellers(work: Work, ids: Collection[UUID | None]) -> dict[UUID, Row]:
    """Load the accounts that are to resell, as far as the one who asks may see them."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    columns = [
        account.c[name] for name in ("id", "name", "status", "standing", "reselling_enabled", "permission_rule_id")
    ]
    query = sa.select(*columns).where(account.c.tenant_id == work.tenant_id, account.c.id.in_(wanted))
    rows = work.connection.execute(query).mappings()
    return {row["id"]: dict(row) for row in rows if may(work.actor.readable, row["permission_rule_id"])}


def faults(values: Mapping[str, Any], id_: UUID, found: Mapping[UUID, Row], *, live: bool) -> Iterator[Fault]:
    """Say what stands against whose customer it is to be and who is to pay, given the resellers that were found."""
    seller, payer = values.get("parent_id"), values.get("bill_to_id")
    if payer not in {id_, seller}:
        remedy = "Let it pay for itself, or make it a customer of the reseller who is to pay."
        yield Fault(
            "bill_to_id",
            "Who pays is the account itself or the reseller whose customer it is.",
            remedy=remedy,
            code="bill-to",
        )
    if seller is None:
        return
    row = found.get(seller)
    if row is None:
        yield Fault(
            "parent_id", "There is no such account.", remedy="Choose a reseller from the list.", code="no-such-record"
        )
    elif not row["reselling_enabled"]:
        yield Fault(
            "parent_id",
            f"{row['name']} does not resell.",
            remedy="Enable reselling on that account first.",
            code="not-a-reseller",
        )
    elif not Account.verdict("edit", governed(row), live=live):
        yield Fault("parent_id", f"{row['name']} is only read.", "TEN-26", "Choose a reseller that is active.")


def cycle(work: Work, id_: UUID, seller: UUID | None) -> Iterator[Fault]:
    """Say whether the reseller, or one whose customer he is, is this account itself."""
    if seller is None:
        return
    above = sa.select(sa.literal(seller, ID).label("id")).cte("above", recursive=True)
    step = sa.select(account.c.parent_id).where(
        account.c.tenant_id == work.tenant_id, account.c.id == above.c.id, account.c.parent_id.is_not(None)
    )
    above = above.union(step)
    if work.connection.scalar(sa.select(sa.exists().where(above.c.id == id_))):
        message = (
            "The account would be a customer of itself." if seller == id_ else "That reseller is below this account."
        )
        yield Fault("parent_id", message, remedy="Choose a reseller that is not below it.", code="customer-of-itself")


def customers(work: Work, id_: UUID) -> int:
    """Count the accounts that are customers of this one, or that it pays for, up to 1,000."""
    alone(work)
    theirs = sa.select(account.c.id).where(
        account.c.tenant_id == work.tenant_id,
        sa.or_(account.c.parent_id == id_, account.c.bill_to_id == id_),
        account.c.id != id_,
        account.c.status != "deleted",
    )
    return int(work.connection.scalar(sa.select(sa.func.count()).select_from(theirs.limit(1000).subquery())) or 0)
