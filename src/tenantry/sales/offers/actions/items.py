"""Change the items of an offer in progress (ORD-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.rules.policy import Offer
from tenantry.sales.actions import NewItem
from tenantry.sales.actions.items import READERS as ITEM_READERS, priced, priced_anew
from tenantry.sales.offering import held
from tenantry.sales.offers.actions.given import RULE
from tenantry.sales.offers.items import item_of, items_of
from tenantry.sales.sold_with import require_sold_with
from tenantry.schema.sales import offer, offer_item
from tenantry.tenancy import records

OFFERED = "product_id cycle quantity unit_price discount_percent promotion_id".split()
CHANGED = {name: ITEM_READERS[name] for name in OFFERED if name != "product_id"}


@dataclass(frozen=True)
class NewOfferItem:
    """A line of an offer to be made; without a unit price it costs what the price list, else the product says."""

    product_id: UUID
    cycle: str
    quantity: int = 1
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    promotion_id: UUID | None = None


def add_offer_item(work: Work, id: UUID, new: NewOfferItem, *, version: int | None = None) -> UUID:
    """Add an item to an offer in progress."""
    row = held(work, offer, Offer, "add_item", id, version).row
    [made] = write_items(work, row, [new])
    _count(work, id, f"{item_of(work, id, made)['product_name']} was added")
    return made


def update_offer_item(
    work: Work, id: UUID, item_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> None:
    """Change what an item says; in another cycle or tier it has another price, unless somebody set its price."""
    row = held(work, offer, Offer, "update_item", id, None).row
    item = item_of(work, id, item_id)
    records.compare(item["version"], version)
    values = fields.read(changes, CHANGED, RULE)
    edits = history.edits(dict(item), values)
    if {"cycle", "quantity"} & edits.keys() and "unit_price" not in edits:
        values |= priced_anew(work, _head(row), item, values)
    require_sold_with(work, _head(row), {**item, **values, "trial": False})
    edits = history.edits(dict(item), values)
    if edits:
        records.write(work, offer_item, item_id, {name: values[name] for name in edits})
        _count(work, id, f"{item['product_name']} was updated", edits)


def delete_offer_item(work: Work, id: UUID, item_id: UUID, *, version: int | None = None) -> None:
    """Take an item off an offer in progress."""
    held(work, offer, Offer, "delete_item", id, None)
    item = item_of(work, id, item_id)
    records.compare(item["version"], version)
    records.remove(work, offer_item, offer_item.c.id == item_id)
    _count(work, id, f"{item['product_name']} was deleted")


def _head(row: Row | Mapping[str, Any]) -> dict[str, Any]:
    """Give an offer as items are priced by: its day stands for the order's."""
    return {**row, "ordered_on": row["offered_on"]}


def write_items(work: Work, row: Row | Mapping[str, Any], items: Sequence[NewOfferItem]) -> list[UUID]:
    """Write items behind those that an offer has; gives their ids."""
    if not items:
        return []
    last = len(items_of(work, row["id"]))
    costing = priced(work, _head(row), [NewItem(**asdict(one)) for one in items])
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "offer_id": row["id"],
            "position": place,
            **{name: one[name] for name in OFFERED},
        }
        for place, one in enumerate(costing, last + 1)
    ]
    work.connection.execute(sa.insert(offer_item), rows)
    return [one["id"] for one in rows]


def _count(work: Work, id: UUID, sentence: str, changes: Mapping[str, Any] | None = None) -> None:
    records.write(work, offer, id, {})
    history.write(work, "offer", id, sentence, changes=changes)
