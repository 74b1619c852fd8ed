"""Plans: the way a product is sold by this seller (CAT-21)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import held, require_known
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.schema.catalog import plan, product
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

FIELDS: dict[str, fields.Reader] = {"product_id": fields.needed(fields.reference), "name": fields.text(needed=True)}


@dataclass(frozen=True)
class NewPlan:
    """A plan to be made."""

    product_id: UUID
    name: str


def create_plan(work: Work, new: NewPlan) -> UUID:
    """Make a plan of one's own; a delegated one comes from above."""
    permissions.require(work, "products:edit")
    values = fields.read(asdict(new), FIELDS, "CAT-21")
    require_known(work, product, "product_id", values["product_id"], "product")
    id = new_id()
    work.connection.execute(sa.insert(plan).values(tenant_id=work.tenant_id, id=id, **values))
    return id


def edit_plan(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Rename a plan."""
    permissions.require(work, "products:edit")
    held(work, plan, id, "plan", version)
    values = fields.read(changes, {"name": FIELDS["name"]}, "CAT-21")
    if values:
        write(work, plan, id, values)
