"""What changes an opportunity: make, edit, win, lose, open again, delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import require_known
from tenantry.crm import history
from tenantry.crm.records import governed, seen_account
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.rules.policy import Account, Opportunity
from tenantry.sales.offering import held
from tenantry.schema.crm import opportunity
from tenantry.schema.sales import offer
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import currencies, permissions, queries, records
from tenantry.tenancy.api_options import defaults_for_person

RULE = "ORD-04"
READERS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "amount": fields.optional(fields.amount),
    "currency": fields.currency,
    "expected_on": fields.day,
    "note": fields.text(20_000),
    "responsible_user_id": fields.needed(fields.reference),
    "permission_rule_id": fields.needed(fields.reference),
}


@dataclass(frozen=True)
class NewOpportunity:
    """An opportunity to be made; without a currency it is in its account's."""

    account_id: UUID
    name: str
    amount: Decimal | None = None
    currency: str | None = None
    expected_on: date | None = None
    note: str = ""
    responsible_user_id: UUID | None = None
    permission_rule_id: UUID | None = None


def create_opportunity(work: Work, new: NewOpportunity) -> UUID:
    """Make an opportunity of an account; refused where one sells nothing to it (UP-20)."""
    permissions.require(work, "orders:edit")
    buyer = seen_account(work, new.account_id)
    verdict = Account.verdict("create_opportunity", governed(buyer), live=queries.is_live(work))
    if not verdict:
        raise Refused(verdict)
    user, rule = defaults_for_person(work, "opportunity")
    given = {name: value for name in READERS if (value := getattr(new, name)) is not None}
    usual = {"currency": buyer["currency"], "responsible_user_id": user, "permission_rule_id": rule}
    values = _read(work, {**usual, **given})
    row = {"tenant_id": work.tenant_id, "id": new_id(), "account_id": buyer["id"], "created_at": work.at, **values}
    work.connection.execute(sa.insert(opportunity).values(row))
    history.write(work, "opportunity", row["id"], "Opportunity was created")
    return UUID(str(row["id"]))


def edit_opportunity(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an open opportunity."""
    row = held(work, opportunity, Opportunity, "edit", id, version).row
    values = _read(work, changes)
    edits = history.edits(dict(row), values)
    if edits:
        records.write(work, opportunity, id, {name: values[name] for name in edits})
        history.write(work, "opportunity", id, "Opportunity was edited", changes=edits)


def win_opportunity(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Mark an open opportunity as won."""
    _become(work, id, "win", "won", because, version)


def lose_opportunity(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Mark an open opportunity as lost."""
    _become(work, id, "lose", "lost", because, version)


def reopen_opportunity(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Open a won or lost opportunity again."""
    _become(work, id, "reopen", "open", "", version)


def delete_opportunity(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete an opportunity; its offers stay."""
    held(work, opportunity, Opportunity, "delete", id, version)
    work.connection.execute(
        sa.update(offer)
        .where(offer.c.tenant_id == work.tenant_id, offer.c.opportunity_id == id)
        .values(opportunity_id=None, version=offer.c.version + 1)
    )
    records.remove(work, opportunity, opportunity.c.id == id)
    history.write(work, "opportunity", id, "Opportunity was deleted")


def _become(work: Work, id: UUID, act: str, status: str, because: str, version: int | None) -> None:
    held(work, opportunity, Opportunity, act, id, version)
    records.write(work, opportunity, id, {"status": status})
    reason = f": {because.strip()[:1_000]}" if because.strip() else ""
    said = "opened again" if status == "open" else status
    history.write(work, "opportunity", id, f"Opportunity was {said}{reason}")


def _read(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    values = fields.read(given, READERS, RULE)
    if "currency" in values and not currencies.is_active(work, values["currency"]):
        raise Invalid(Fault("currency", "This currency is not activated.", "TEN-30", "Take one that is."))
    for name, table, what in (
        ("responsible_user_id", tenant_user, "user"),
        ("permission_rule_id", permission_rule, "permission rule"),
    ):
        require_known(work, table, name, values.get(name), what)
    return values
