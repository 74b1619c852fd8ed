"""Apply an update of a catalogue: both tenants in one transaction, as it was shown, or not at all (CAT-20)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.catalogue_updates.comparing import Asked, Item, compare, digest, written
from tenantry.channel.catalogue_updates.parts import PARTS, Part
from tenantry.database import Database, Work
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import history_line
from tenantry.schema.shop import catalogue_update

SAYS = {"new": "new", "changed": "changed", "withdrawn": "withdrawn", "dropped": "dropped"}
ROW = sa.select(catalogue_update).where(
    catalogue_update.c.tenant_id == sa.bindparam("tenant"), catalogue_update.c.id == sa.bindparam("id")
)


def apply(database: Database, tenant_id: UUID, update_id: UUID) -> bool:
    """Apply a confirmed update; False when the catalogues changed since it was shown, which makes it outdated."""
    with database.work(tenant_id) as work:
        row = work.connection.execute(ROW, {"tenant": tenant_id, "id": update_id}).mappings().first()
        arrangement = _arrangement(work, row["tenant_reseller_id"]) if row else None
    if row is None or arrangement is None or row["status"] != "planned" or row["actor_id"] is None:
        return row is not None and row["status"] == "applied"
    actor = Actor(row["actor_id"], row["actor"], frozenset())
    with database.channel(tenant_id, [tenant_id, arrangement["reseller_tenant_id"]], actor) as work:
        # Locked in the order in which plans are confirmed: the tenant reseller, then its update.
        arrangement = _arrangement(work, row["tenant_reseller_id"], lock=True)
        row = work.connection.execute(ROW.with_for_update(), {"tenant": tenant_id, "id": update_id}).mappings().one()
        if row["status"] != "planned" or arrangement is None:
            return bool(row["status"] == "applied")
        asked = Asked(row["mode"], row["with_selling_prices"])
        items = compare(work.connection, words_of(work, arrangement), asked)
        if digest([line for item in items for line in item.as_data()], asked) != row["digest"]:
            _mark(work, update_id, status="outdated")
            return False
        _write(work, arrangement["reseller_tenant_id"], items)
        _tell(work, arrangement, items)
        _mark(work, update_id, status="applied", applied_at=work.at)
        return True


def words_of(work: Work, arrangement: Mapping[str, Any]) -> dict[str, Any]:
    """Give the binds of the copies."""
    return {
        "giver": work.tenant_id,
        "taker": arrangement["reseller_tenant_id"],
        "reseller": arrangement["id"],
        "price_list": arrangement["price_list_id"],
        "at": work.at,
    }


def summary(items: Sequence[Mapping[str, Any]]) -> str:
    """Say in words how many rows an update concerns."""
    ids = {(one["verdict"], one["part"], one["id"]) for one in items}
    counted = Counter(verdict for verdict, *_ in ids)
    return ", ".join(f"{counted[name]:,} {said}" for name, said in SAYS.items() if counted[name]) or "nothing"


def _write(work: Work, taker: UUID, items: Sequence[Item]) -> None:
    for part in PARTS:
        mine = [item for item in items if item.part is part]
        table = part.copy.into
        new = [{**item.row, "tenant_id": taker} for item in mine if item.verdict == "new"]
        if new:
            work.connection.execute(sa.insert(table), new)
        for item in mine:
            if item.verdict == "changed":
                _change(work, part, taker, item.id, {name: after for name, (_, after) in item.changes.items()})
            elif item.verdict == "withdrawn":
                _change(work, part, taker, item.id, {"standing": "withdrawn"})
        dropped = [item.id for item in mine if item.verdict == "dropped"]
        if dropped:
            work.connection.execute(sa.delete(table).where(table.c.tenant_id == taker, table.c.id.in_(dropped)))


def _change(work: Work, part: Part, taker: UUID, id: UUID, values: Mapping[str, Any]) -> None:
    table = part.copy.into
    counted = {"version": table.c.version + 1} if "version" in table.c else {}
    changed = sa.update(table).where(table.c.tenant_id == taker, table.c.id == id)
    work.connection.execute(changed.values(**values, **counted))


def _tell(work: Work, arrangement: Mapping[str, Any], items: Sequence[Item]) -> None:
    """Write the history on both sides: what the distributor did, and what became of each product of the reseller."""
    done = summary([line for item in items for line in item.as_data()])
    shared = {"at": work.at, "actor_id": work.actor.id, "actor": work.actor.name[:320]}
    above = {"tenant_id": work.tenant_id, "entity": "tenant_reseller", "subject_id": arrangement["id"]}
    sentence = f"The tenant's catalogue was updated: {done}"
    lines = [{**above, **shared, "id": new_id(), "sentence": sentence, "changes": None}]
    # The distributor's people are not the reseller's, so below stands no id of theirs.
    below = {"tenant_id": arrangement["reseller_tenant_id"], "entity": "product", **shared, "actor_id": None}
    changes: dict[UUID, dict[str, Any]] = {}
    for item in items:
        if item.product_id and item.verdict != "clash":
            found = changes.setdefault(item.product_id, {})
            for name, (before, after) in item.changes.items():
                shown = name if item.part.name == "product" else f"{item.title}: {name.replace('_', ' ')}"
                found[shown] = {"before": written(before), "after": written(after)}
            if not item.changes:
                found[f"{item.part.label}: {item.title}"] = {"before": "", "after": item.verdict}
    lines += [
        {**below, "id": new_id(), "subject_id": id, "sentence": "The distributor updated the product", "changes": found}
        for id, found in changes.items()
    ]
    work.connection.execute(sa.insert(history_line), lines)


def _mark(work: Work, id: UUID, **values: Any) -> None:
    mine = (catalogue_update.c.tenant_id == work.tenant_id, catalogue_update.c.id == id)
    work.connection.execute(
        sa.update(catalogue_update).where(*mine).values(**values, version=catalogue_update.c.version + 1)
    )


def _arrangement(work: Work, id: UUID, *, lock: bool = False) -> dict[str, Any] | None:
    query = sa.select(tenant_reseller).where(tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == id)
    row = work.connection.execute(query.with_for_update() if lock else query).mappings().first()
    return dict(row) if row else None
