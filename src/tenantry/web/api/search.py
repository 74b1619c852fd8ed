"""Search over everything at once, as the field at the head of every page does (UI-03)."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from tenantry.crm.lists import ACCOUNTS, CONTACTS
from tenantry.database import Work
from tenantry.sales.lists import ORDERS
from tenantry.tenancy.listing import Listing, ListRequest
from tenantry.web.api.common import resource
from tenantry.web.api.lists import page_of
from tenantry.web.api.shapes import shown
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may


@dataclass(frozen=True)
class FoundView:
    """A record that was found."""

    kind: str
    id: UUID
    name: str
    href: str


@dataclass(frozen=True)
class Place:
    """Where is looked, and what the records there are called."""

    kind: str
    listing: Listing
    path: str


FOUND = shown(
    FoundView,
    kind="account, contact or order.",
    name="What the record is called.",
    href="Where the API has it.",
)
PLACES = (
    Place("account", ACCOUNTS, "/api/v1/accounts"),
    Place("contact", CONTACTS, "/api/v1/contacts"),
    Place("order", ORDERS, "/api/v1/orders"),
)

search = resource("Search")


@search.get("/search", response_model=page_of("Found", FOUND))
@may(ANYBODY_SIGNED_IN)
def find(
    work: Work,
    search: Annotated[str, Query(max_length=400, description="Words, or the number of an order.", examples=["acme"])],
    limit: Annotated[int, Query(ge=1, le=50, description="Records of each kind.")] = 10,
) -> dict[str, Any]:
    """Find accounts, contacts and orders that have these words, as far as one may see them."""
    words = search.strip()
    found = [one for place in PLACES if words for one in _in(work, place, words, limit)]
    return {"items": found, "next": None, "previous": None, "total": len(found), "total_is_exact": len(found) < limit}


def _in(work: Work, place: Place, words: str, limit: int) -> list[FoundView]:
    if not work.actor.may(place.listing.permission):
        return []
    items = place.listing.page(work, ListRequest(search=words, fields=("id", "name"), limit=limit)).items
    return [FoundView(place.kind, one["id"], one["name"], f"{place.path}/{one['id']}") for one in items]
