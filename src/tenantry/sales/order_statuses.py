"""Order statuses: what a tenant calls the places where an order stands; one of each is taken where none is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.sales import order_status
from tenantry.tenancy import audit, defaults, records
from tenantry.tenancy.permissions import require

RULE = "ORD-02"
EDITABLE = frozenset({"name"})
STATUSES: tuple[str, ...] = tuple(order_status.c.status.info["values"])


@dataclass(frozen=True)
class OrderStatusView:
    """An order status as the set-up shows it."""

    id: UUID
    status: str
    name: str
    is_default: bool
    version: int


@dataclass(frozen=True)
class NewOrderStatus:
    """A name to be made for one of the four statuses."""

    status: str
    name: str


def order_statuses(work: Work) -> tuple[OrderStatusView, ...]:
    """List the names in the order of an order's life, of each status the default one first."""
    o = order_status.c
    place = sa.case({status: place for place, status in enumerate(STATUSES)}, value=o.status)
    query = (
        sa.select(o.id, o.status, o.name, o.is_default, o.version)
        .where(o.tenant_id == work.tenant_id)
        .order_by(place, o.is_default.desc(), o.name)
    )
    return tuple(OrderStatusView(*row) for row in work.connection.execute(query))


def create(work: Work, new: NewOrderStatus) -> UUID:
    """Name a status; the first name of a status is its default."""
    require(work, "setup:edit")
    _check({"name": new.name}, _status_fault(new.status))
    defaults.one_at_a_time(work, order_status)
    id_, name = new_id(), new.name.strip()
    is_first = defaults.is_missing(work, order_status, order_status.c.status == new.status)
    row = {"tenant_id": work.tenant_id, "id": id_, "status": new.status, "name": name, "is_default": is_first}
    with records.unique(work, records.taken("name", name, RULE)):
        work.connection.execute(sa.insert(order_status).values(row))
    audit.note(work, "order_statuses.create", f"Made {name!r} a name of the status {new.status}.", id_)
    return id_


def edit(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Rename a status."""
    require(work, "setup:edit")
    changes = records.trimmed(changes)
    _check(changes)
    row = records.locked(work, order_status, id, version=version)
    with records.unique(work, records.taken("name", changes.get("name", ""), RULE)):
        records.write(work, order_status, id, changes)
    differences = audit.changed({"name": row.name}, changes)
    audit.note(work, "order_statuses.edit", f"Changed the order status {row.name!r}.", id, changes=differences)


def make_default(work: Work, id: UUID) -> None:
    """Take it when an order reaches its status; the one that was the default is so no more."""
    require(work, "setup:edit")
    defaults.one_at_a_time(work, order_status)
    row = records.locked(work, order_status, id)
    if row.is_default:
        return
    defaults.become(work, order_status, id, order_status.c.status == row.status)
    sentence = f"Made {row.name!r} the default name of the status {row.status}."
    audit.note(work, "order_statuses.make_default", sentence, id)


def delete(work: Work, id: UUID) -> None:
    """Delete a name that no order has; the default one of each status stays."""
    require(work, "setup:edit")
    defaults.one_at_a_time(work, order_status)
    row = records.locked(work, order_status, id)
    if row.is_default:
        raise Refused(
            no(RULE, f"It is the default name of the status {row.status}."), "Make another the default first."
        )
    records.refuse_while_used(work, order_status, id, RULE)
    records.remove(work, order_status, order_status.c.id == id)
    audit.note(work, "order_statuses.delete", f"Deleted the order status {row.name!r}.", id)


def _status_fault(status: object) -> list[Fault]:
    if status in STATUSES:
        return []
    return [Fault("status", "This is no status of an order.", RULE, f"Choose one of: {', '.join(STATUSES)}.")]


def _check(values: Mapping[str, Any], others: list[Fault] | None = None) -> None:
    faults = [*(others or []), *records.unknown_fields(values, EDITABLE, RULE)]
    if "name" in values:
        faults += records.text_fault("name", values["name"], RULE)
    if faults:
        raise Invalid(*faults)
