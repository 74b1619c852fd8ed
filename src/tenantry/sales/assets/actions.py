"""What changes an asset: edited, or taken back with what was charged for it (ORD-03)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import require_known
from tenantry.charging import charges
from tenantry.charging.charges import Charge
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.rules.policy import Asset
from tenantry.sales import messages
from tenantry.sales.assets.records import Held, held_asset
from tenantry.sales.defaults import today
from tenantry.schema.charging import charge
from tenantry.schema.subscription import asset
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.records import write

EDIT = "subscriptions:edit"
READERS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "serial_number": fields.text(),
    "responsible_user_id": fields.needed(fields.reference),
    "permission_rule_id": fields.needed(fields.reference),
}
CHARGED = [name for name in Charge.__dataclass_fields__ if name != "explains"]


def edit_asset(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change name, serial number, responsible user or permission rule of an asset."""
    held = _opened(work, id, "edit", version)
    given = fields.read(changes, READERS, "ORD-03")
    require_known(work, tenant_user, "responsible_user_id", given.get("responsible_user_id"), "user")
    require_known(work, permission_rule, "permission_rule_id", given.get("permission_rule_id"), "permission rule")
    values = {name: value for name, value in given.items() if held.row[name] != value}
    if values:
        write(work, asset, id, values)
        history.write(work, "asset", id, "Asset was edited", changes=history.edits(dict(held.row), values))
        messages.assets_changed(work, [id])


def take_back(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> Decimal:
    """Take an asset back and give back what was charged for it; gives how much that is."""
    held = _opened(work, id, "take_back", version)
    given_back = [_reversed(row, work) for row in _charges(work, id)]
    charges.write(work, given_back)
    write(work, asset, id, {"status": "returned"})
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    history.write(work, "asset", held.row["id"], f"Asset was taken back{reason}")
    messages.assets_changed(work, [id])
    return sum((one.amount for one in given_back), Decimal(0))


def given_back_for(work: Work, id: UUID, order_id: UUID) -> list[Charge]:
    """Give what reverses the charges that an order made for an asset; nothing where none are left."""
    rows = [row for row in _charges(work, id) if row["order_id"] == order_id]
    return [_reversed(row, work) for row in rows] if sum(row["quantity"] for row in rows) > 0 else []


def _opened(work: Work, id: UUID, act: str, version: int | None) -> Held:
    permissions.require(work, EDIT)
    held = held_asset(work, id, version)
    Asset.require(act, held.governed, live=queries.is_live(work))
    return held


def _charges(work: Work, id: UUID) -> list[Row]:
    query = sa.select(charge).where(charge.c.tenant_id == work.tenant_id, charge.c.asset_id == id)
    return list(work.connection.execute(query.order_by(charge.c.id)).mappings())


def _reversed(row: Row, work: Work) -> Charge:
    was = Charge(**{name: row[name] for name in CHARGED}, explains="")
    return replace(
        was,
        quantity=-was.quantity,
        amount=-was.amount,
        promotion_off=-was.promotion_off,
        explains=f"Taken back: {row['explains']}",
        due_on=today(work),
    )
