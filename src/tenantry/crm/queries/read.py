"""Read a record and present it with its ribbon, its acts and its locks (API-07)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenantry.crm.queries import statements as s
from tenantry.crm.queries.views import AccountView, ActivityView, AddressView, ContactView
from tenantry.crm.records import Governed, governed
from tenantry.crm.ribbon import ribbon
from tenantry.database import Ready, Work
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Account, Address, Contact
from tenantry.tenancy import permissions, queries

Row = dict[str, Any]


def account(work: Work, account_id: UUID) -> AccountView:
    """Give an account with all its addresses and its first 50 contacts; NotFound for one that is not to be seen."""
    permissions.require(work, "accounts:view")
    row = _one(work, s.ACCOUNT, account_id, "account")
    live, record = queries.is_live(work), governed(row)
    contacts = _many(work, s.CONTACTS, account_id) if work.actor.may("contacts:view") else []
    return AccountView(
        **row,
        ribbon=ribbon(row["managed_by_name"]),
        actions=Account.offers(record, live=live),
        locked_fields=Account.locks(record, live=live),
        addresses=tuple(_address(one, record, live=live) for one in _many(work, s.ADDRESSES, account_id)),
        contacts=tuple(_contact(one, live=live) for one in contacts),
        counts=_one(work, s.COUNTS, account_id, "account"),
    )


def address(work: Work, address_id: UUID) -> AddressView:
    """Give an address of an account that may be seen."""
    permissions.require(work, "accounts:view")
    row = _one(work, s.ADDRESS, address_id, "address")
    owner = Governed(row.pop("owner_standing"), row.pop("owner_status"))
    return _address(row, owner, live=queries.is_live(work))


def addresses(work: Work, account_id: UUID) -> tuple[AddressView, ...]:
    """Give the addresses of an account, the first one first."""
    return account(work, account_id).addresses


def contact(work: Work, contact_id: UUID) -> ContactView:
    """Give a contact."""
    permissions.require(work, "contacts:view")
    return _contact(_one(work, s.CONTACT, contact_id, "contact"), live=queries.is_live(work))


def activity(work: Work, activity_id: UUID) -> ActivityView:
    """Give an activity."""
    permissions.require(work, "activities:view")
    return ActivityView(**_one(work, s.ACTIVITY, activity_id, "activity"))


def activities_about(work: Work, subject_id: UUID) -> tuple[ActivityView, ...]:
    """Give the last 50 activities about a record, those of an account's own records too, what is open first."""
    permissions.require(work, "activities:view")
    return tuple(ActivityView(**row) for row in _many(work, s.ACTIVITIES_ABOUT, subject_id))


def _address(row: Mapping[str, Any], owner: Governed, *, live: bool) -> AddressView:
    record = governed(row)
    editing = Account.verdict("edit", owner, live=live)
    actions = {name: verdict and editing for name, verdict in Address.offers(record).items()}
    return AddressView(**row, actions=actions, locked_fields=Address.locks(record))


def _contact(row: Mapping[str, Any], *, live: bool) -> ContactView:
    values = dict(row)
    owner = Governed(values.pop("owner_standing"), values.pop("owner_status"))
    adding = {"add_activity": Account.verdict("add_activity", owner, live=live)}
    editing = Account.verdict("add_contact", owner, live=live)
    offers: dict[str, Verdict] = Contact.offers(governed(row))
    return ContactView(
        **{name: value for name, value in values.items() if name != "managed_by_name"},
        ribbon=ribbon(values["managed_by_name"]),
        actions={name: verdict and adding.get(name, editing) for name, verdict in offers.items()},
        locked_fields=Contact.locks(governed(row)),
    )


def _one(work: Work, statement: Ready, id_: UUID, what: str) -> Row:
    row = statement.first(work.connection, _about(work, id_))
    if row is None:
        raise NotFound(what)
    return row


def _many(work: Work, statement: Ready, id_: UUID) -> list[Row]:
    return statement.all(work.connection, _about(work, id_))


def _about(work: Work, id_: UUID) -> dict[str, Any]:
    rules = work.actor.readable
    return {"tenant": work.tenant_id, "id": id_, "rules": sorted(rules or ()), "every": rules is None}
