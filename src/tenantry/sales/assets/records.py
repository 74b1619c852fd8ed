"""Load an asset for a change: its account first, then itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import held as hold
from tenantry.crm.records import may
from tenantry.database import Row, Work
from tenantry.kernel.problems import Forbidden, NotFound, Stale
from tenantry.schema.crm import account
from tenantry.schema.subscription import asset

WHAT = "asset"


@dataclass(frozen=True)
class Governed:
    """An asset as the policy reads it."""

    standing: str
    status: str


@dataclass(frozen=True)
class Held:
    """An asset that is held, and its account."""

    row: Row
    account: Row

    @property
    def governed(self) -> Governed:
        """Read it as the policy does."""
        return governed(dict(self.row), self.account["standing"])


def governed(row: Mapping[str, Any], account_standing: str) -> Governed:
    """Read an asset as the policy does: one of a received account is received (DN-40)."""
    received = row["standing"] == "own" and account_standing == "received"
    return Governed("received" if received else row["standing"], row["status"])


def held_asset(work: Work, id: UUID, version: int | None = None) -> Held:
    """Load and lock an asset; NotFound if it cannot be read, Forbidden if not changed, Stale if changed since."""
    mine = sa.and_(asset.c.tenant_id == work.tenant_id, asset.c.id == id)
    account_id = work.connection.scalar(sa.select(asset.c.account_id).where(mine))
    if account_id is None:
        raise NotFound(WHAT)
    owner = hold(work, account, account_id, WHAT)
    row = hold(work, asset, id, WHAT)
    if not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound(WHAT)
    if not may(work.actor.editable, row["permission_rule_id"]):
        message = "Its permission rule lets you see this asset, not change it."
        raise Forbidden(message, rule="TEN-21", remedy="Ask whoever looks after it, or an administrator.")
    if version is not None and version != row["version"]:
        message = "The asset was changed since you read it."
        raise Stale(message, rule="API-06", remedy="Load it again, look at the change, and repeat yours.")
    return Held(row, owner)
