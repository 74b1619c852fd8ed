"""Make an offer of an account, by itself or of an opportunity (ORD-04)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.crm.records import governed, seen_account
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, NotFound, Refused
from tenantry.rules.policy import Account, Opportunity
from tenantry.sales.defaults import today
from tenantry.sales.offering import held
from tenantry.sales.offers.actions.given import READERS, RULE, read
from tenantry.sales.offers.actions.items import NewOfferItem, write_items
from tenantry.sales.prices import terms_of
from tenantry.schema.crm import opportunity
from tenantry.schema.sales import offer
from tenantry.tenancy import numbers, permissions, queries
from tenantry.tenancy.api_options import defaults_for_person


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
    values = read(work, buyer["id"], {**usual, "responsible_user_id": user, "permission_rule_id": rule, **given})
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
    write_items(work, row, new.items)
    history.write(work, "offer", row["id"], "Offer was created")
    if new.opportunity_id:
        history.write(work, "opportunity", new.opportunity_id, f"Offer {row['number']} was made of it")
    return UUID(str(row["id"]))


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
