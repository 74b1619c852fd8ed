"""What a product goes with: its add-ons, its characteristics, and the ways up and down from it (CAT-01, SUB-02)."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import fields, history
from tenantry.catalog.records import Governed, held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.policy import Product
from tenantry.schema.catalog import product, product_add_on, product_characteristic, product_path
from tenantry.tenancy import permissions

LAST = 10_000
WAYS = {"upgrade": "up", "downgrade": "down"}
CHARACTERISTIC: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "value": fields.text(needed=True),
    "position": fields.whole(0, LAST),
}


def relate_add_on(work: Work, id: UUID, add_on_id: UUID) -> None:
    """Let the add-on be bought with the product; again changes nothing."""
    permissions.require(work, "products:edit")
    service, add_on = _both(work, id, add_on_id, "add-on")
    Product.require("relate_add_on", Governed(service["standing"]))
    if service["kind"] != "service" or add_on["kind"] != "add_on":
        raise Invalid(
            Fault("add_on_id", "Only an add-on is bought with a service.", "CAT-01", "Choose a product of kind add_on.")
        )
    related = insert(product_add_on).values(tenant_id=work.tenant_id, id=new_id(), product_id=id, add_on_id=add_on_id)
    done = work.connection.execute(
        related.on_conflict_do_nothing(index_elements=["tenant_id", "product_id", "add_on_id"])
    )
    if done.rowcount:
        history.write(work, "product", id, f"{add_on['name']} can be bought with it")


def unrelate_add_on(work: Work, id: UUID, add_on_id: UUID) -> None:
    """Let the add-on no longer be bought with the product."""
    permissions.require(work, "products:edit")
    Product.require("relate_add_on", Governed(held(work, product, id, "product")["standing"]))
    mine = (product_add_on.c.tenant_id == work.tenant_id, product_add_on.c.product_id == id)
    done = work.connection.execute(sa.delete(product_add_on).where(*mine, product_add_on.c.add_on_id == add_on_id))
    if done.rowcount:
        history.write(work, "product", id, "An add-on can no longer be bought with it")


def set_characteristic(work: Work, id: UUID, name: str, value: str, position: int = 0) -> None:
    """Say something of a product, such as its storage; one of that name is replaced."""
    permissions.require(work, "products:edit")
    Product.require("set_characteristic", Governed(held(work, product, id, "product")["standing"]))
    values = fields.read({"name": name, "value": value, "position": position}, CHARACTERISTIC, "CAT-01")
    said = insert(product_characteristic).values(tenant_id=work.tenant_id, id=new_id(), product_id=id, **values)
    work.connection.execute(
        said.on_conflict_do_update(
            index_elements=["tenant_id", "product_id", "name"],
            set_={"value": said.excluded.value, "position": said.excluded.position},
        )
    )
    history.write(work, "product", id, f"{values['name']} is {values['value']}")


def remove_characteristic(work: Work, id: UUID, characteristic_id: UUID) -> None:
    """Say something of a product no longer."""
    permissions.require(work, "products:edit")
    Product.require("set_characteristic", Governed(held(work, product, id, "product")["standing"]))
    c = product_characteristic.c
    gone = sa.delete(product_characteristic).where(
        c.tenant_id == work.tenant_id, c.product_id == id, c.id == characteristic_id
    )
    if name := work.connection.scalar(gone.returning(c.name)):
        history.write(work, "product", id, f"{name} is said of it no longer")


def add_path(work: Work, id: UUID, kind: str, to_product_id: UUID) -> None:
    """Let subscriptions of the product go up or down to another one; a way that is there changes its direction."""
    permissions.require(work, "products:edit")
    known = fields.read({"kind": kind}, {"kind": fields.choice(*WAYS)}, "CAT-01")
    one, other = _both(work, id, to_product_id, "product")
    Product.require("add_path", Governed(one["standing"]))
    if id == to_product_id:
        raise Invalid(Fault("to_product_id", "A product does not lead to itself.", "CAT-01", "Choose another product."))
    if one["kind"] != other["kind"]:
        message = "A service leads to a service, an add-on to an add-on."
        raise Invalid(Fault("to_product_id", message, "CAT-01", "Choose a product of the same kind."))
    way = insert(product_path).values(
        tenant_id=work.tenant_id, id=new_id(), product_id=id, to_product_id=to_product_id, **known
    )
    work.connection.execute(
        way.on_conflict_do_update(
            index_elements=["tenant_id", "product_id", "to_product_id"], set_={"kind": way.excluded.kind}
        )
    )
    history.write(work, "product", id, f"Subscriptions may go {WAYS[kind]} to {other['name']}")


def remove_path(work: Work, id: UUID, to_product_id: UUID) -> None:
    """Let subscriptions of the product no longer go to that other one."""
    permissions.require(work, "products:edit")
    Product.require("add_path", Governed(held(work, product, id, "product")["standing"]))
    c = product_path.c
    gone = sa.delete(product_path).where(
        c.tenant_id == work.tenant_id, c.product_id == id, c.to_product_id == to_product_id
    )
    if work.connection.execute(gone).rowcount:
        history.write(work, "product", id, "Subscriptions may no longer go one of its ways")


def _both(work: Work, id: UUID, other_id: UUID, what: str) -> tuple[sa.RowMapping, sa.RowMapping]:
    """Lock two products, always in the order of their ids, so that two who relate them at once wait for each other."""
    names = {other_id: what, id: "product"}
    rows = {one: held(work, product, one, names[one]) for one in sorted(names)}
    return rows[id], rows[other_id]
