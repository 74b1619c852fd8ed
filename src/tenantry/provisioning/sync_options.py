"""What ties an account to outside systems (PRV-34); one that a reseller manages is tied by him only (UP-09)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import held
from tenantry.crm import history, messages
from tenantry.crm.records import governed, held_account
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound
from tenantry.rules.policy import Account, SyncOption
from tenantry.schema.catalog import provisioning_system, sync_option
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.records import write

STATUSES = ("not_synchronized", "pending", "synchronized", "failed")
MOST_DATA = 50
LONGEST_DATA = 2_000


def system_data(value: object) -> dict[str, str]:
    """Read what a system tells about an account: short words by name."""
    if not isinstance(value, Mapping) or len(value) > MOST_DATA:
        raise fields.Unfit("This is a list of names with a value each.", f"Give at most {MOST_DATA} of them.")
    return {
        str(fields.text(100, needed=True)(name)): str(fields.text(LONGEST_DATA)(said)) for name, said in value.items()
    }


FIELDS: dict[str, fields.Reader] = {
    "system_id": fields.needed(fields.reference),
    "external_id": fields.text(),
    "status": fields.choice(*STATUSES),
    "system_data": system_data,
}
EDITABLE = {name: FIELDS[name] for name in ("external_id", "status", "system_data")}


@dataclass(frozen=True)
class NewSyncOption:
    """A tie of an account to an outside system."""

    system_id: UUID
    external_id: str = ""
    status: str = "not_synchronized"
    system_data: Mapping[str, str] = field(default_factory=dict)


def add_sync_option(work: Work, account_id: UUID, new: NewSyncOption) -> UUID:
    """Tie an account to an outside system; at most once to each."""
    _open(work, account_id, "edit")
    values = fields.read(asdict(new), FIELDS, "PRV-34")
    name = _system(work, values["system_id"])
    its = (sync_option.c.tenant_id == work.tenant_id, sync_option.c.account_id == account_id)
    if work.connection.scalar(sa.select(sa.exists().where(*its, sync_option.c.system_id == values["system_id"]))):
        raise Conflict(
            f"The account is tied to {name} already.",
            code="sync-option-exists",
            rule="PRV-34",
            remedy="Edit the sync option it has.",
        )
    id = new_id()
    work.connection.execute(
        sa.insert(sync_option).values(
            tenant_id=work.tenant_id, id=id, account_id=account_id, created_at=work.at, **values
        )
    )
    _tell(work, account_id, f"Sync option for {name} was added")
    return id


def edit_sync_option(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change external id, status or system data of a sync option."""
    row = _held(work, id, "edit", version)
    values = {name: value for name, value in fields.read(changes, EDITABLE, "PRV-34").items() if row[name] != value}
    if not values:
        return
    write(work, sync_option, id, values)
    sentence = f"Sync option for {_system(work, row['system_id'])} was edited"
    _tell(work, row["account_id"], sentence, history.edits(dict(row), values))


def delete_sync_option(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Untie an account from an outside system; nothing is changed over there."""
    row = _held(work, id, "delete", version)
    mine = sa.and_(sync_option.c.tenant_id == work.tenant_id, sync_option.c.id == id)
    work.connection.execute(sa.delete(sync_option).where(mine))
    _tell(work, row["account_id"], f"Sync option for {_system(work, row['system_id'])} was deleted")


def _tell(work: Work, account_id: UUID, sentence: str, changes: Mapping[str, Any] | None = None) -> None:
    """Write it in the account's history and tell the tenant above, where the account's ties follow (UP-09)."""
    history.write(work, "account", account_id, sentence, changes=changes)
    messages.account_changed(work, account_id)


def _held(work: Work, id: UUID, act: str, version: int | None) -> sa.RowMapping:
    mine = (sync_option.c.tenant_id == work.tenant_id, sync_option.c.id == id)
    account_id = work.connection.scalar(sa.select(sync_option.c.account_id).where(*mine))
    if account_id is None:
        raise NotFound("sync option")
    _open(work, account_id, act, what="sync option")
    return held(work, sync_option, id, "sync option", version)


def _open(work: Work, account_id: UUID, act: str, what: str = "account") -> None:
    permissions.require(work, "accounts:edit")
    try:
        owner = governed(held_account(work, account_id))
    except NotFound:
        raise NotFound(what) from None
    live = queries.is_live(work)
    SyncOption.require(act, owner, live=live)
    Account.require("edit", owner, live=live)


def _system(work: Work, id: UUID) -> str:
    mine = (provisioning_system.c.tenant_id == work.tenant_id, provisioning_system.c.id == id)
    name = work.connection.scalar(sa.select(provisioning_system.c.name).where(*mine))
    if name is None:
        message = "There is no such provisioning system here."
        raise Invalid(Fault("system_id", message, "PRV-34", "Choose one from the list."))
    return str(name)
