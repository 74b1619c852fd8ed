"""Edit an offer, lose it, open it again, and delete it (ORD-04)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenantry.crm import history
from tenantry.database import Work
from tenantry.rules.policy import Offer
from tenantry.sales.offering import held
from tenantry.sales.offers.actions.given import read
from tenantry.schema.sales import offer, offer_item
from tenantry.tenancy import records


def edit_offer(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an offer in progress; its prices stay as they were offered."""
    row = held(work, offer, Offer, "edit", id, version).row
    values = read(work, row["account_id"], changes, row)
    edits = history.edits(dict(row), values)
    if edits:
        records.write(work, offer, id, {name: values[name] for name in edits})
        history.write(work, "offer", id, "Offer was edited", changes=edits)


def lose_offer(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Mark an offer as lost."""
    held(work, offer, Offer, "lose", id, version)
    records.write(work, offer, id, {"status": "lost"})
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    history.write(work, "offer", id, f"Offer was lost{reason}")


def reopen_offer(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Open a lost offer again."""
    held(work, offer, Offer, "reopen", id, version)
    records.write(work, offer, id, {"status": "in_progress"})
    history.write(work, "offer", id, "Offer was opened again")


def delete_offer(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete an offer that was not accepted, with its items; its history stays."""
    row = held(work, offer, Offer, "delete", id, version).row
    records.remove(work, offer_item, offer_item.c.offer_id == id)
    records.remove(work, offer, offer.c.id == id)
    history.write(work, "offer", id, f"Offer {row['number']} was deleted")
