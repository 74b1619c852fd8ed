"""Plans: the way a product is sold by this seller (CAT-21)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields, history
from tenantry.catalog.records import Governed, held, require_known
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.rules.policy import Plan, Product
from tenantry.schema.catalog import plan, product
from tenantry.tenancy import permissions
from tenantry.tenancy.records import write

RULE = "CAT-21"
FIELDS: dict[str, fields.Reader] = {"product_id": fields.needed(fields.reference), "name": fields.text(needed=True)}


@dataclass(frozen=True)
class NewPlan:
    """A plan to be made."""

    product_id: UUID
    name: str


def create_plan(work: Work, new: NewPlan) -> UUID:
    """Make a plan of one's own, of a product that is not withdrawn; a delegated one comes from above."""
    permissions.require(work, "products:edit")
    values = fields.read(asdict(new), FIELDS, RULE)
    require_known(work, product, "product_id", values["product_id"], "product")
    sold = held(work, product, values["product_id"], "product")
    Product.require("add_plan", Governed(sold["standing"]))
    id = new_id()
    work.connection.execute(sa.insert(plan).values(tenant_id=work.tenant_id, id=id, **values))
    history.write(work, "plan", id, f"Plan {values['name']} was created")
    return id


def edit_plan(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Rename a plan; the product that it sells stays."""
    permissions.require(work, "products:edit")
    row = dict(held(work, plan, id, "plan", version))
    Plan.require("edit", Governed(row["standing"]))
    if changed := history.edits(row, fields.read(changes, {"name": FIELDS["name"]}, RULE)):
        write(work, plan, id, {name: pair["after"] for name, pair in changed.items()})
        history.write(work, "plan", id, "Plan was renamed", changed)


def delete_plan(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete a plan of one's own, or a withdrawn one; what descends from it is withdrawn with the next update."""
    permissions.require(work, "products:edit")
    row = held(work, plan, id, "plan", version)
    Plan.require("delete", Governed(row["standing"]))
    work.connection.execute(sa.delete(plan).where(plan.c.tenant_id == work.tenant_id, plan.c.id == id))
