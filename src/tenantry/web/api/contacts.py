"""Contacts, addresses and activities of all accounts (TEN-26, UP-03, UP-09)."""

from dataclasses import dataclass, fields as parts_of
from typing import Annotated, Any
from uuid import UUID

from starlette.requests import Request

from tenantry.crm import actions, queries
from tenantry.crm.lists import ACTIVITIES, ADDRESSES, CONTACTS
from tenantry.crm.new import NewActivity, NewAddress, NewContact
from tenantry.crm.queries import ActivityView, AddressView, ContactView
from tenantry.database import Work
from tenantry.schema import crm
from tenantry.web.api import account_shapes as shapes
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

contacts = resource("Contacts")
addresses = resource("Addresses")
activities = resource("Activities")


@dataclass(frozen=True, kw_only=True)
class ContactOf(NewContact):
    """A contact to be made, and whose it is."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class AddressOf(NewAddress):
    """An address to be made, and whose it is."""

    account_id: UUID


NEW_CONTACT = taken(ContactOf, crm.contact, name="NewContact")
NEW_ADDRESS = taken(AddressOf, crm.address, name="NewAddress")


@contacts.get(
    "/contacts", response_model=page_of("Contact", item_of("Contact", CONTACTS)), openapi_extra=filters_of(CONTACTS)
)
@may("contacts:view")
def list_contacts(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List contacts by name."""
    return page(work, CONTACTS, request, wanted)


@contacts.post("/contacts", status_code=201, response_model=shapes.CONTACT)
@may("contacts:edit")
def make_contact(
    work: Work, new: Annotated[ContactOf, body(NEW_CONTACT, {"account_id": SOMEBODY, "last_name": "Papadaki"})]
) -> Made:
    """Add a contact to an account, whoever manages it."""
    id = actions.add_contact(work, new.account_id, NewContact(**_without_account(new)))
    return Made(queries.contact(work, id), f"/api/v1/contacts/{id}")


@contacts.get("/contacts/{id}", response_model=shapes.CONTACT)
@may("contacts:view")
def read_contact(work: Work, id: Id) -> ContactView:
    """Read a contact."""
    return queries.contact(work, id)


@contacts.patch("/contacts/{id}", response_model=shapes.CONTACT)
@may("contacts:edit")
def change_contact(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(shapes.CONTACT_CHANGES, {"company_role": "Buyer"})],
    version: Version,
) -> ContactView:
    """Change fields of a contact."""
    actions.edit_contact(work, id, fields, version=version)
    return queries.contact(work, id)


@contacts.delete("/contacts/{id}", status_code=204)
@may("contacts:edit")
def remove_contact(work: Work, id: Id, version: Version) -> None:
    """Delete a contact whom no order names."""
    actions.delete_contact(work, id, version=version)


@addresses.get(
    "/addresses",
    response_model=page_of("Address", item_of("Address", ADDRESSES)),
    openapi_extra=filters_of(ADDRESSES),
)
@may("accounts:view")
def list_addresses(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List addresses of all accounts."""
    return page(work, ADDRESSES, request, wanted)


@addresses.post("/addresses", status_code=201, response_model=shapes.ADDRESS)
@may("accounts:edit")
def make_address(
    work: Work, new: Annotated[AddressOf, body(NEW_ADDRESS, {"account_id": SOMEBODY, "city": "Chania"})]
) -> Made:
    """Give an account another address."""
    id = actions.add_address(work, new.account_id, NewAddress(**_without_account(new)))
    return Made(queries.address(work, id), f"/api/v1/addresses/{id}")


@addresses.get("/addresses/{id}", response_model=shapes.ADDRESS)
@may("accounts:view")
def read_address(work: Work, id: Id) -> AddressView:
    """Read an address."""
    return queries.address(work, id)


@addresses.patch("/addresses/{id}", response_model=shapes.ADDRESS)
@may("accounts:edit")
def change_address(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(shapes.ADDRESS_CHANGES, {"city": "Heraklion"})],
    version: Version,
) -> AddressView:
    """Change fields of an address; those of one that the reseller manages are refused (UP-03)."""
    actions.edit_address(work, id, fields, version=version)
    return queries.address(work, id)


@addresses.delete("/addresses/{id}", status_code=204)
@may("accounts:edit")
def remove_address(work: Work, id: Id, version: Version) -> None:
    """Delete an address; when it was the billing one, the first of the others becomes it."""
    actions.delete_address(work, id, version=version)


@addresses.put("/addresses/{id}/billing", response_model=shapes.ADDRESS)
@may("accounts:edit")
def make_billing_address(work: Work, id: Id, version: Version) -> AddressView:
    """Make it the billing address of its account."""
    actions.make_billing(work, id, version=version)
    return queries.address(work, id)


@activities.get(
    "/activities",
    response_model=page_of("Activity", item_of("Activity", ACTIVITIES)),
    openapi_extra=filters_of(ACTIVITIES),
)
@may("activities:view")
def list_activities(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List activities, the latest first."""
    return page(work, ACTIVITIES, request, wanted)


@activities.post("/activities", status_code=201, response_model=shapes.ACTIVITY)
@may("activities:edit")
def make_activity(
    work: Work,
    new: Annotated[
        NewActivity, body(shapes.NEW_ACTIVITY, {"kind": "task", "subject": "Call back", "about_id": SOMEBODY})
    ],
) -> Made:
    """Relate an activity to an account, a contact, an order or a subscription."""
    id = actions.add_activity(work, new)
    return Made(queries.activity(work, id), f"/api/v1/activities/{id}")


@activities.get("/activities/{id}", response_model=shapes.ACTIVITY)
@may("activities:view")
def read_activity(work: Work, id: Id) -> ActivityView:
    """Read an activity."""
    return queries.activity(work, id)


@activities.patch("/activities/{id}", response_model=shapes.ACTIVITY)
@may("activities:edit")
def change_activity(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(shapes.ACTIVITY_CHANGES, {"subject": "Call back on Monday"})],
    version: Version,
) -> ActivityView:
    """Change fields of an activity."""
    actions.edit_activity(work, id, fields, version=version)
    return queries.activity(work, id)


@activities.put("/activities/{id}/completion", response_model=shapes.ACTIVITY)
@may("activities:edit")
def finish_activity(work: Work, id: Id, version: Version) -> ActivityView:
    """Mark an activity as done."""
    actions.finish(work, id, version=version)
    return queries.activity(work, id)


@activities.delete("/activities/{id}/completion", response_model=shapes.ACTIVITY)
@may("activities:edit")
def reopen_activity(work: Work, id: Id, version: Version) -> ActivityView:
    """Mark an activity as open again."""
    actions.reopen(work, id, version=version)
    return queries.activity(work, id)


@activities.delete("/activities/{id}", status_code=204)
@may("activities:edit")
def remove_activity(work: Work, id: Id, version: Version) -> None:
    """Delete an activity; its record's history keeps a line."""
    actions.delete_activity(work, id, version=version)


def _without_account(new: ContactOf | AddressOf) -> dict[str, Any]:
    return {one.name: getattr(new, one.name) for one in parts_of(new) if one.name != "account_id"}
