"""Read systems and the accounts' ties to them, with what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import Governed
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import SyncOption
from tenantry.schema.catalog import provisioning_system, sync_option
from tenantry.schema.crm import account
from tenantry.tenancy import permissions, queries


@dataclass(frozen=True)
class SystemView:
    """An outside system, as a page shows it."""

    id: UUID
    name: str
    kind: str
    version: int


@dataclass(frozen=True)
class SyncOptionView:
    """A tie of an account to a system, as a page shows it; its standing is the account's."""

    id: UUID
    account_id: UUID
    system_id: UUID
    system_name: str
    external_id: str
    status: str
    system_data: Mapping[str, Any]
    version: int
    standing: str
    actions: Mapping[str, Verdict]


SYSTEMS = (
    sa.select(*(provisioning_system.c[name] for name in SystemView.__dataclass_fields__))
    .where(provisioning_system.c.tenant_id == sa.bindparam("tenant"))
    .order_by(provisioning_system.c.name, provisioning_system.c.id)
)
OPTIONS = (
    sa.select(
        sync_option,
        provisioning_system.c.name.label("system_name"),
        account.c.standing,
        account.c.status.label("account_status"),
    )
    .join(
        provisioning_system,
        sa.and_(
            provisioning_system.c.tenant_id == sync_option.c.tenant_id,
            provisioning_system.c.id == sync_option.c.system_id,
        ),
    )
    .join(account, sa.and_(account.c.tenant_id == sync_option.c.tenant_id, account.c.id == sync_option.c.account_id))
    .where(sync_option.c.tenant_id == sa.bindparam("tenant"), sync_option.c.account_id == sa.bindparam("account"))
    .order_by(provisioning_system.c.name, sync_option.c.id)
)
RULE = sa.select(account.c.permission_rule_id).where(
    account.c.tenant_id == sa.bindparam("tenant"), account.c.id == sa.bindparam("account")
)


def systems(work: Work) -> list[SystemView]:
    """List the outside systems by name."""
    permissions.require(work, "products:view")
    return [SystemView(**row) for row in work.connection.execute(SYSTEMS, {"tenant": work.tenant_id}).mappings()]


def sync_options(work: Work, account_id: UUID) -> list[SyncOptionView]:
    """List an account's ties to outside systems."""
    permissions.require(work, "accounts:view")
    asked = {"tenant": work.tenant_id, "account": account_id}
    rule = work.connection.scalar(RULE, asked)
    if rule is None or (work.actor.readable is not None and rule not in work.actor.readable):
        raise NotFound("account")
    live = queries.is_live(work)
    return [_view(row, live=live) for row in work.connection.execute(OPTIONS, asked).mappings()]


def _view(row: sa.RowMapping, *, live: bool) -> SyncOptionView:
    offers = SyncOption.offers(Governed(row["standing"], row["account_status"]), live=live)
    shown = {name: row[name] for name in SyncOptionView.__dataclass_fields__ if name != "actions"}
    return SyncOptionView(**shown, actions=offers)
