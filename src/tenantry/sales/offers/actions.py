"""What changes an offer: make, edit, its items, accept, lose, open again, delete (ORD-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import require_known
from tenantry.crm import history
from tenantry.crm.records import governed, seen_account
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound, Refused
from tenantry.rules.policy import Account, Offer, Opportunity, no
from tenantry.sales.actions import NewItem, NewOrder, create_order
from tenantry.sales.actions.copy import usable_list
from tenantry.sales.actions.items import READERS as ITEM_READERS, priced, priced_anew
from tenantry.sales.defaults import today
from tenantry.sales.offering import held
from tenantry.sales.offers.items import item_of, items_of
from tenantry.sales.opportunities.actions import win_opportunity
from tenantry.sales.prices import terms_of
from tenantry.sales.sold_with import require_sold_with
from tenantry.schema.crm import contact, opportunity
from tenantry.schema.sales import offer, offer_item, order
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import numbers, permissions, queries, records
from tenantry.tenancy.api_options import defaults_for_person

RULE = "ORD-04"
READERS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "offered_on": fields.needed(fields.day),
    "valid_until": fields.day,
    "note": fields.text(20_000),
    "contact_id": fields.reference,
    "responsible_user_id": fields.needed(fields.reference),
    "permission_rule_id": fields.needed(fields.reference),
}
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


@dataclass(frozen=True)
class NewOffer:
    """An offer to be made; what is not given comes from its opportunity, its account, and the tenant's defaults."""

    account_id: UUID
    name: str = ""
    opportunity_id: UUID | None = None
    price_list_id: UUID | None = None
    offered_on: date | None = None
    valid_until: date | None = None
    contact_id: UUID | None = None
    note: str = ""
    responsible_user_id: UUID | None = None
    permission_rule_id: UUID | None = None
    items: tuple[NewOfferItem, ...] = ()


def create_offer(work: Work, new: NewOffer) -> UUID:
    """Make an offer with its items, priced on its day; refused where one sells nothing to the account (UP-20)."""
    permissions.require(work, "orders:edit")
    buyer = seen_account(work, new.account_id)
    verdict = Account.verdict("create_offer", governed(buyer), live=queries.is_live(work))
    if not verdict:
        raise Refused(verdict)
    led = _its_opportunity(work, new)
    user, rule = defaults_for_person(work, "offer")
    given = {name: value for name in READERS if (value := getattr(new, name)) not in {None, ""}}
    usual = {"name": led["name"] if led else f"Offer for {buyer['name']}"[:320], "offered_on": today(work)}
    values = _read(work, buyer["id"], {**usual, "responsible_user_id": user, "permission_rule_id": rule, **given})
    terms = terms_of(work, buyer, values["offered_on"], new.price_list_id)
    row = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "number": numbers.reserve(work, "offer"),
        "account_id": buyer["id"],
        "opportunity_id": new.opportunity_id,
        "price_list_id": terms.price_list_id,
        "currency": terms.currency,
        "created_at": work.at,
        **values,
    }
    work.connection.execute(sa.insert(offer).values(row))
    _write_items(work, row, new.items)
    history.write(work, "offer", row["id"], "Offer was created")
    if new.opportunity_id:
        history.write(work, "opportunity", new.opportunity_id, f"Offer {row['number']} was made of it")
    return UUID(str(row["id"]))


def edit_offer(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an offer in progress; its prices stay as they were offered."""
    row = held(work, offer, Offer, "edit", id, version).row
    values = _read(work, row["account_id"], changes, row)
    edits = history.edits(dict(row), values)
    if edits:
        records.write(work, offer, id, {name: values[name] for name in edits})
        history.write(work, "offer", id, "Offer was edited", changes=edits)


def add_offer_item(work: Work, id: UUID, new: NewOfferItem, *, version: int | None = None) -> UUID:
    """Add an item to an offer in progress."""
    row = held(work, offer, Offer, "add_item", id, version).row
    [made] = _write_items(work, row, [new])
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


def accept_offer(work: Work, id: UUID, *, version: int | None = None) -> UUID:
    """Accept an offer in time: a draft order with its items at the offered prices; gives the order's id."""
    row = held(work, offer, Offer, "accept", id, version).row
    on = today(work)
    if row["valid_until"] and row["valid_until"] < on:
        raise Refused(no(RULE, f"The offer was valid until {row['valid_until']}."), "Give it a later day first.")
    items = items_of(work, id)
    if not items:
        raise Invalid(Fault("items", "The offer has no items.", RULE, "Add an item first."))
    new = NewOrder(
        account_id=row["account_id"],
        name=row["name"],
        price_list_id=usable_list(work, row["price_list_id"], on),
        contact_id=row["contact_id"],
        responsible_user_id=row["responsible_user_id"],
        items=tuple(NewItem(**{name: one[name] for name in OFFERED}) for one in items),
    )
    made = create_order(work, new)
    _require_same_currency(work, made, row["currency"])
    records.write(work, offer, id, {"status": "accepted", "order_id": made})
    history.write(work, "offer", id, "Offer was accepted; it became an order")
    history.write(work, "order", made, f"Order was made of offer {row['number']}")
    if row["opportunity_id"] and _is_open(work, row["opportunity_id"]):
        win_opportunity(work, row["opportunity_id"], because=f"offer {row['number']} was accepted")
    return made


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


def _head(row: Row | Mapping[str, Any]) -> dict[str, Any]:
    """Give an offer as items are priced by: its day stands for the order's."""
    return {**row, "ordered_on": row["offered_on"]}


def _write_items(work: Work, row: Row | Mapping[str, Any], items: Sequence[NewOfferItem]) -> list[UUID]:
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


def _its_opportunity(work: Work, new: NewOffer) -> Row | None:
    if new.opportunity_id is None:
        return None
    try:
        found = held(work, opportunity, Opportunity, "create_offer", new.opportunity_id, None).row
    except NotFound:
        found = None
    if found is None or found["account_id"] != new.account_id:
        message = "The account has no such opportunity."
        raise Invalid(Fault("opportunity_id", message, RULE, "Choose one of the account, or none."))
    return found


def _read(work: Work, account_id: UUID, given: Mapping[str, Any], before: Row | None = None) -> dict[str, Any]:
    values = fields.read(given, READERS, RULE)
    for name, table, what in (
        ("responsible_user_id", tenant_user, "user"),
        ("permission_rule_id", permission_rule, "permission rule"),
    ):
        require_known(work, table, name, values.get(name), what)
    its = (contact.c.tenant_id == work.tenant_id, contact.c.account_id == account_id)
    if values.get("contact_id") and not work.connection.scalar(
        sa.select(sa.exists().where(*its, contact.c.id == values["contact_id"]))
    ):
        message = "The account has no such contact."
        raise Invalid(Fault("contact_id", message, RULE, "Choose a contact of the account, or none."))
    whole = {**(before or {}), **values}
    if whole.get("valid_until") and whole["valid_until"] < whole["offered_on"]:
        raise Invalid(Fault("valid_until", "It ends before its own day.", RULE, "Give a later day, or none."))
    return values


def _require_same_currency(work: Work, order_id: UUID, currency: str) -> None:
    mine = (order.c.tenant_id == work.tenant_id, order.c.id == order_id)
    now = work.connection.scalar(sa.select(order.c.currency).where(*mine))
    if now != currency:
        raise Conflict(
            f"The offer is in {currency}; the account would buy in {now} today.",
            code="other-currency",
            rule=RULE,
            remedy="Make a new offer at today's prices.",
        )


def _is_open(work: Work, id: UUID) -> bool:
    mine = (opportunity.c.tenant_id == work.tenant_id, opportunity.c.id == id)
    return work.connection.scalar(sa.select(opportunity.c.status).where(*mine)) == "open"
