"""Load an offer or an opportunity with its account, for a change or to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import Governed, may, seen_account
from tenantry.database import Row, Work
from tenantry.kernel.problems import Forbidden, NotFound, Verdict
from tenantry.rules.policy import Policy
from tenantry.tenancy import permissions, queries, records


@dataclass(frozen=True)
class Offering:
    """An offer or an opportunity, and the account that it is for."""

    row: Row
    account: Mapping[str, Any]

    @property
    def governed(self) -> Governed:
        """Give it as its policy sees it: its account's standing, its own status."""
        return Governed(self.account["standing"], self.row["status"], account_status=self.account["status"])


def held(work: Work, table: sa.Table, policy: type[Policy], act: str, id: UUID, version: int | None) -> Offering:
    """Load and lock it, its account first, for an act; refused as permission, permission rule and policy say."""
    permissions.require(work, "orders:edit")
    what = table.name
    owner = work.connection.scalar(
        sa.select(table.c.account_id).where(table.c.tenant_id == work.tenant_id, table.c.id == id)
    )
    if owner is None:
        raise NotFound(what)
    account = seen_account(work, owner)
    row = records.locked(work, table, id, what=what)._mapping  # noqa: SLF001 - SQLAlchemy's own name
    if not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound(what)
    if not may(work.actor.editable, row["permission_rule_id"]):
        message = f"Its permission rule lets you see this {what}, not change it."
        raise Forbidden(message, rule="TEN-21", remedy="Ask whoever looks after it, or an administrator.")
    records.compare(row["version"], version)
    found = Offering(row, account)
    policy.require(act, found.governed, live=queries.is_live(work))
    return found


def offers(work: Work, policy: type[Policy], row: Row) -> dict[str, Verdict]:
    """Say what may be done with one that is read; its row has its account's standing."""
    record = Governed(row["account_standing"], row["status"], account_status=row["account_status"])
    return policy.offers(record, live=queries.is_live(work))
