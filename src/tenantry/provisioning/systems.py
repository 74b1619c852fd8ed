"""The outside systems that deliver products."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict
from tenantry.schema.catalog import product, provisioning_system, sync_option
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

FIELDS: dict[str, fields.Reader] = {"name": fields.text(needed=True), "kind": fields.text()}


@dataclass(frozen=True)
class NewSystem:
    """An outside system to be named; `kind` is the connector that will speak to it."""

    name: str
    kind: str = ""


def create_system(work: Work, new: NewSystem) -> UUID:
    """Name an outside system."""
    permissions.require(work, "setup:edit")
    values = fields.read(asdict(new), FIELDS, "PRV-34")
    id = new_id()
    work.connection.execute(sa.insert(provisioning_system).values(tenant_id=work.tenant_id, id=id, **values))
    return id


def edit_system(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change name or connector of an outside system."""
    permissions.require(work, "setup:edit")
    held(work, provisioning_system, id, "provisioning system", version)
    values = fields.read(changes, FIELDS, "PRV-34")
    if values:
        write(work, provisioning_system, id, values)


def delete_system(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Forget an outside system that no product and no account is tied to."""
    permissions.require(work, "setup:edit")
    held(work, provisioning_system, id, "provisioning system", version)
    tied = sa.or_(
        sa.exists().where(product.c.tenant_id == work.tenant_id, product.c.provisioning_system_id == id),
        sa.exists().where(sync_option.c.tenant_id == work.tenant_id, sync_option.c.system_id == id),
    )
    if work.connection.scalar(sa.select(tied)):
        raise Conflict(
            "Products or accounts are tied to this system.",
            code="system-in-use",
            rule="PRV-34",
            remedy="Remove the sync options and give the products another system first.",
        )
    mine = sa.and_(provisioning_system.c.tenant_id == work.tenant_id, provisioning_system.c.id == id)
    work.connection.execute(sa.delete(provisioning_system).where(mine))
