"""Load an order for a change: its account first, then itself, both held until the transaction ends."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import held
from tenantry.crm.records import Governed, governed, may
from tenantry.database import Ready, Row, Work
from tenantry.kernel.problems import Forbidden, NotFound, Stale
from tenantry.schema.crm import account
from tenantry.schema.sales import order, order_item
from tenantry.schema.upstream_credit import upstream_credit
from tenantry.tenancy.records import write


@dataclass(frozen=True)
class Held:
    """An order and its account, as a policy and an action read them."""

    order: Row
    account: Row


def held_order(work: Work, id: UUID, version: int | None = None) -> Held:
    """Load and lock an order and its account; NotFound if it cannot be read, Forbidden if it cannot be changed."""
    found = _BUYER.row(work.connection, {"tenant": work.tenant_id, "id": id})
    if found is None:
        raise NotFound("order")
    buyer = held(work, account, found.account_id, "order")
    row = held(work, order, id, "order")
    if not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("order")
    if not may(work.actor.editable, row["permission_rule_id"]):
        raise Forbidden(
            "Its permission rule lets you see this order, not change it.",
            rule="TEN-21",
            remedy="Ask whoever looks after it, or an administrator.",
        )
    if version is not None and version != row["version"]:
        raise Stale("The order was changed since you read it.", rule="API-06", remedy="Load it again, then repeat it.")
    return Held(row, buyer)


def of_account(row: Row, buyer: Row) -> Governed:
    """Read an order as its policy does, which asks about its account, too."""
    return governed({**row, "account_status": buyer["status"]})


def with_upstream(work: Work, row: Row, buyer: Row) -> Governed:
    """Read an order as its policy does, which asks what was answered from above, too; what was is held meanwhile."""
    mine = (upstream_credit.c.tenant_id == work.tenant_id, upstream_credit.c.order_id == row["id"])
    answered = work.connection.scalar(sa.select(upstream_credit.c.status).where(*mine).with_for_update())
    return of_account({**row, "upstream": answered or ""}, buyer)


def held_item(work: Work, order_id: UUID, id: UUID, version: int | None = None) -> Row:
    """Load and lock an item of an order that is held already."""
    item = held(work, order_item, id, "order item", version)
    if item["order_id"] != order_id:
        raise NotFound("order item")
    return item


def change_order(work: Work, id: UUID, **values: object) -> None:
    """Write the values of an order and count the change; a status that it reaches has its default name."""
    if "status" in values:
        values = {"order_status_id": None, **values}
    write(work, order, id, values)


_BUYER = Ready(
    sa.select(order.c.account_id).where(order.c.tenant_id == sa.bindparam("tenant"), order.c.id == sa.bindparam("id"))
)
