"""What belongs to one account: addresses, contacts, activities, orders, ties to outside systems, and its history."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.crm import actions, history, queries
from tenantry.crm.lists import ACTIVITIES, ADDRESSES, CONTACTS
from tenantry.crm.new import NewAddress, NewContact
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.provisioning import queries as provisioning
from tenantry.provisioning.sync_options import NewSyncOption, add_sync_option, delete_sync_option, edit_sync_option
from tenantry.sales.lists import ORDERS
from tenantry.tenancy.listing import Listing, ListRequest
from tenantry.web.api import account_shapes as shapes
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, item_of, linked, page, page_of
from tenantry.web.api.short_lists import whole
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

account_parts = resource("What belongs to an account")


class Order(BaseModel):
    """The addresses of an account in an order."""

    model_config = ConfigDict(extra="forbid")
    ids: list[UUID] = Field(max_length=1000, description="All its addresses; the first gives the country (DN-23).")


@account_parts.get("/accounts/{id}/addresses", response_model=page_of("AccountAddress", item_of("Address", ADDRESSES)))
@may("accounts:view")
def list_its_addresses(work: Work, request: Request, id: Id, wanted: Wanted) -> Listed:
    """List the addresses of an account."""
    return _its(work, ADDRESSES, request, id, wanted)


@account_parts.post("/accounts/{id}/addresses", status_code=201, response_model=shapes.ADDRESS)
@may("accounts:edit")
def make_its_address(
    work: Work, id: Id, new: Annotated[NewAddress, body(shapes.NEW_ADDRESS, {"city": "Chania", "country": "GR"})]
) -> Made:
    """Give an account another address."""
    address = actions.add_address(work, id, new)
    return Made(queries.address(work, address), f"/api/v1/addresses/{address}")


@account_parts.put("/accounts/{id}/address-order", status_code=204)
@may("accounts:edit")
def order_its_addresses(work: Work, id: Id, order: Annotated[Order, body(Order, {"ids": [SOMEBODY]})]) -> None:
    """Put the addresses of an account in this order."""
    actions.reorder(work, id, order.ids)


@account_parts.get("/accounts/{id}/contacts", response_model=page_of("AccountContact", item_of("Contact", CONTACTS)))
@may("contacts:view")
def list_its_contacts(work: Work, request: Request, id: Id, wanted: Wanted) -> Listed:
    """List the contacts of an account by name."""
    return _its(work, CONTACTS, request, id, wanted)


@account_parts.post("/accounts/{id}/contacts", status_code=201, response_model=shapes.CONTACT)
@may("contacts:edit")
def make_its_contact(
    work: Work, id: Id, new: Annotated[NewContact, body(shapes.NEW_CONTACT, {"last_name": "Papadaki"})]
) -> Made:
    """Add a contact to an account, whoever manages it."""
    contact = actions.add_contact(work, id, new)
    return Made(queries.contact(work, contact), f"/api/v1/contacts/{contact}")


@account_parts.get(
    "/accounts/{id}/activities", response_model=page_of("AccountActivity", item_of("Activity", ACTIVITIES))
)
@may("activities:view")
def list_its_activities(work: Work, request: Request, id: Id, wanted: Wanted) -> Listed:
    """List the activities of an account and of its records, the latest first."""
    return _its(work, ACTIVITIES, request, id, wanted)


@account_parts.get("/accounts/{id}/orders", response_model=page_of("AccountOrder", item_of("Order", ORDERS)))
@may("orders:view")
def list_its_orders(work: Work, request: Request, id: Id, wanted: Wanted) -> Listed:
    """List the orders of an account, the latest first."""
    return _its(work, ORDERS, request, id, wanted)


@account_parts.get("/accounts/{id}/history", response_model=page_of("History", shapes.HISTORY_LINE))
@may("accounts:view")
def read_its_history(
    work: Work,
    request: Request,
    id: Id,
    limit: Annotated[int, Query(ge=1, le=200, description="Lines of a page.")] = 50,
    cursor: Annotated[str, Query(max_length=100, description="What `next` of another page said.")] = "",
) -> Linked:
    """Read what happened to an account, the latest first."""
    queries.account(work, id)
    found = history.lines(work, id, cursor or None, limit)
    lines = {"items": found.lines, "next": found.next, "previous": None, "total": None, "total_is_exact": None}
    return linked(request, lines)


@account_parts.get("/accounts/{id}/sync-options", response_model=page_of("SyncOption", shapes.SYNC_OPTION))
@may("accounts:view")
def list_its_sync_options(work: Work, request: Request, id: Id, wanted: Wanted) -> Linked:
    """List the ties of an account to outside systems."""
    return whole(request, wanted, provisioning.sync_options(work, id), shapes.SYNC_OPTION)


@account_parts.post(
    "/accounts/{id}/sync-options", status_code=201, response_model=page_of("SyncOption", shapes.SYNC_OPTION)
)
@may("accounts:edit")
def make_its_sync_option(
    work: Work,
    request: Request,
    id: Id,
    new: Annotated[NewSyncOption, body(shapes.NEW_SYNC_OPTION, {"system_id": SOMEBODY})],
) -> Made:
    """Tie an account to an outside system, at most once to each; gives all its ties."""
    add_sync_option(work, id, new)
    ties = whole(request, ListRequest(with_total=True), provisioning.sync_options(work, id), shapes.SYNC_OPTION)
    return Made(ties.record, f"/api/v1/accounts/{id}/sync-options")


@account_parts.patch("/accounts/{id}/sync-options/{option_id}", status_code=204)
@may("accounts:edit")
def change_its_sync_option(
    work: Work,
    id: Id,
    option_id: Id,
    fields: Annotated[Changes, changes(shapes.SYNC_OPTION_CHANGES, {"status": "synchronized"})],
    version: Version,
) -> None:
    """Change external id, status or system data of a tie."""
    _its_tie(work, id, option_id)
    edit_sync_option(work, option_id, fields, version=version)


@account_parts.delete("/accounts/{id}/sync-options/{option_id}", status_code=204)
@may("accounts:edit")
def remove_its_sync_option(work: Work, id: Id, option_id: Id, version: Version) -> None:
    """Untie an account from an outside system; nothing is changed over there."""
    _its_tie(work, id, option_id)
    delete_sync_option(work, option_id, version=version)


def _its_tie(work: Work, account_id: UUID, option_id: UUID) -> None:
    if all(tie.id != option_id for tie in provisioning.sync_options(work, account_id)):
        raise NotFound("sync option")


def _its(work: Work, listing: Listing, request: Request, account_id: UUID, wanted: ListRequest) -> Listed:
    """Give the records of a list that are this account's; NotFound for an account that is not to be seen."""
    queries.account(work, account_id)
    filters = {**wanted.filters, "account_id": [("eq", str(account_id))]}
    return page(work, listing, request, replace(wanted, filters=filters))
