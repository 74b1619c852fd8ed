"""Accept an offer: it becomes an order (ORD-04)."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Fault, Invalid, Refused
from tenantry.rules.policy import Offer, no
from tenantry.sales.actions import NewItem, NewOrder, create_order
from tenantry.sales.actions.copy import usable_list
from tenantry.sales.defaults import today
from tenantry.sales.offering import held
from tenantry.sales.offers.actions.given import RULE
from tenantry.sales.offers.actions.items import OFFERED
from tenantry.sales.offers.items import items_of
from tenantry.sales.opportunities.actions import win_opportunity
from tenantry.schema.crm import opportunity
from tenantry.schema.sales import offer, order
from tenantry.tenancy import records


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
