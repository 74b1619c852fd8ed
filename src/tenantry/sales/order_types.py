"""Order types: what kinds of order a tenant tells apart; one is taken where none is chosen (ORD-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.sales import order_type
from tenantry.tenancy import audit, defaults, records
from tenantry.tenancy.permissions import require

RULE = "ORD-02"
EDITABLE = frozenset({"name"})


@dataclass(frozen=True)
class OrderTypeView:
    """An order type as the set-up shows it."""

    id: UUID
    name: str
    is_default: bool
    version: int


def order_types(work: Work) -> tuple[OrderTypeView, ...]:
    """List the order types, the default one first; whoever edits orders chooses among them."""
    o = order_type.c
    query = (
        sa.select(o.id, o.name, o.is_default, o.version)
        .where(o.tenant_id == work.tenant_id)
        .order_by(o.is_default.desc(), o.name)
    )
    return tuple(OrderTypeView(*row) for row in work.connection.execute(query))


def create(work: Work, name: str) -> UUID:
    """Make an order type; the first one is the default."""
    require(work, "setup:edit")
    _check({"name": name})
    defaults.one_at_a_time(work, order_type)
    type_id = new_id()
    is_first = defaults.is_missing(work, order_type)
    with records.unique(work, records.taken("name", name, RULE)):
        work.connection.execute(
            sa.insert(order_type).values(tenant_id=work.tenant_id, id=type_id, name=name.strip(), is_default=is_first)
        )
    audit.note(work, "order_types.create", f"Made the order type {name.strip()!r}.", type_id)
    return type_id


def edit(work: Work, type_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Rename an order type."""
    require(work, "setup:edit")
    changes = records.trimmed(changes)
    _check(changes)
    row = records.locked(work, order_type, type_id, version=version)
    with records.unique(work, records.taken("name", changes.get("name", ""), RULE)):
        records.write(work, order_type, type_id, changes)
    differences = audit.changed({"name": row.name}, changes)
    audit.note(work, "order_types.edit", f"Changed the order type {row.name!r}.", type_id, changes=differences)


def make_default(work: Work, type_id: UUID) -> None:
    """Take it where none is chosen; the one that was the default is so no more."""
    require(work, "setup:edit")
    defaults.one_at_a_time(work, order_type)
    row = records.locked(work, order_type, type_id)
    if row.is_default:
        return
    defaults.become(work, order_type, type_id)
    audit.note(work, "order_types.make_default", f"Made {row.name!r} the default order type.", type_id)


def delete(work: Work, type_id: UUID) -> None:
    """Delete an order type that no order has; the default one stays, since back orders take it."""
    require(work, "setup:edit")
    defaults.one_at_a_time(work, order_type)
    row = records.locked(work, order_type, type_id)
    if row.is_default:
        raise Refused(no(RULE, "It is the default order type."), "Make another the default first.")
    records.refuse_while_used(work, order_type, type_id, RULE)
    records.remove(work, order_type, order_type.c.id == type_id)
    audit.note(work, "order_types.delete", f"Deleted the order type {row.name!r}.", type_id)


def _check(values: Mapping[str, Any]) -> None:
    faults = records.unknown_fields(values, EDITABLE, RULE)
    if "name" in values:
        faults += records.text_fault("name", values["name"], RULE)
    if faults:
        raise Invalid(*faults)
