"""Load records for a change: the account first and locked, then what belongs to it, each as far as its rule lets."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work, rows
from tenantry.kernel.problems import Forbidden, NotFound
from tenantry.schema.crm import account, activity, address, contact
from tenantry.tenancy import records

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Governed:
    """A row as a policy reads it."""

    standing: str
    status: str = ""
    ordering_enabled: bool = True
    approval: str = "none"
    account_status: str = "active"
    upstream: str = ""

    @property
    def account_open(self) -> bool:
        """Say whether its account was not closed: what belongs to a closed one is only read (TEN-26)."""
        return self.account_status != "closed"

    @property
    def released(self) -> bool:
        """Say whether nothing holds an order back: it is within the credit limit, or was approved (ORD-05)."""
        return self.approval in {"none", "approved"}

    @property
    def approvable(self) -> bool:
        """Say whether an order is held back, so that there is something to approve."""
        return self.approval in {"waiting", "refused"}

    @property
    def refusable(self) -> bool:
        """Say whether there is something to refuse: an order that waits, or one whose approval is taken back."""
        return self.approval in {"waiting", "approved"}

    @property
    def waits_for_credit(self) -> bool:
        """Say whether an order waits for credit: a back order for the reseller's here, or one's own above (UP-47)."""
        return self.upstream == "refused" or (self.standing == "back_order" and self.approval == "waiting")

    @property
    def withdrawable(self) -> bool:
        """Say whether nothing that comes from above was set up for an order, since it waits for credit (UP-47)."""
        return self.upstream in {"asked", "refused"}


def governed(row: rows.Row) -> Governed:
    """Read a row as a policy does."""
    flags = {
        name: row[name]
        for name in ("status", "ordering_enabled", "approval", "account_status", "upstream")
        if name in row
    }
    flags = {name: value for name, value in flags.items() if name != "upstream" or value}
    return Governed(row["standing"], **flags)


def held_account(work: Work, id: UUID, version: int | None = None) -> Row:
    """Load and lock an account to be changed; NotFound when it may not be seen, Forbidden when not changed, Stale when
    it was changed meanwhile.
    """
    return _held(work, account, id, version, "account", editable=True)


def seen_account(work: Work, id: UUID) -> Row:
    """Load and lock an account that something is only added to."""
    return _held(work, account, id, None, "account", editable=False)


def held_address(work: Work, id: UUID, version: int | None = None) -> tuple[Row, Row]:
    """Load and lock an address and, before it, its account, whose permission rule is the address's too."""
    owner = held_account(work, _owner(work, address, id, "address"))
    return owner, _held(work, address, id, version, "address", editable=True)


def held_contact(work: Work, id: UUID, version: int | None = None) -> tuple[Row, Row]:
    """Load and lock a contact and, before it, its account."""
    owner = seen_account(work, _owner(work, contact, id, "contact"))
    return owner, _held(work, contact, id, version, "contact", editable=True)


def held_activity(work: Work, id: UUID, version: int | None = None) -> Row:
    """Load and lock an activity."""
    return _held(work, activity, id, version, "activity", editable=True)


def may(rules: frozenset[UUID] | None, rule: UUID) -> bool:
    """Say whether a permission rule is among these; None means all."""
    return rules is None or rule in rules


def require_owned(work: Work, row: Row) -> None:
    """Raise Forbidden unless its permission rule gives full access: to delete the record, or give it another rule."""
    if not may(work.actor.owned, row["permission_rule_id"]):
        raise Forbidden(
            "Your permission rule does not give you full access to this record.",
            rule="TEN-21",
            remedy="Ask somebody whom its permission rule gives full access.",
        )


def _owner(work: Work, table: sa.Table, id: UUID, what: str) -> UUID:
    found = work.connection.scalar(_owner_of(table), {"tenant": work.tenant_id, "id": id})
    if not isinstance(found, UUID):
        raise NotFound(what)
    return found


@cache
def _owner_of(table: sa.Table) -> sa.Select[UUID]:
    return sa.select(table.c.account_id).where(
        table.c.tenant_id == sa.bindparam("tenant"), table.c.id == sa.bindparam("id")
    )


def _held(work: Work, table: sa.Table, id: UUID, version: int | None, what: str, *, editable: bool) -> Row:
    found = records.locked(work, table, id, what=what)
    row: Row = dict(found._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    if "permission_rule_id" in row and not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound(what)
    if editable and "permission_rule_id" in row and not may(work.actor.editable, row["permission_rule_id"]):
        raise Forbidden(
            f"You may see this {what}, but not change it.",
            rule="TEN-21",
            remedy="Ask somebody whom its permission rule lets change it.",
        )
    records.compare(row["version"], version)
    return row
