"""Contacts: the people of an account; above and below each tenant has its own (UP-14, UP-22, DN-30)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import defaults, history
from tenantry.crm.custom import OwnFields
from tenantry.crm.fields import known, reading
from tenantry.crm.new import NewContact
from tenantry.crm.records import governed, held_account, held_contact, require_owned
from tenantry.crm.storefront_users import invitations
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid, Refused
from tenantry.rules.policy import Account, Contact, no
from tenantry.schema.crm import activity, contact
from tenantry.schema.sales import order
from tenantry.tenancy import permissions, queries, records

on_orders = no("TEN-24", "Orders name this contact; they say whom they were agreed with.")


def add_contact(work: Work, account_id: UUID, new: NewContact) -> UUID:
    """Add a contact to an account, whoever manages it."""
    permissions.require(work, "contacts:edit")
    owner = held_account(work, account_id)
    Account.require("add_contact", governed(owner), live=queries.is_live(work))
    values, faults = reading.contact(defaults.access(work, "contact") | new.given(), known(work))
    values["custom_fields"], wrong = OwnFields(work, "contact").read(values.get("custom_fields") or {})
    if faults or wrong:
        raise Invalid(*faults, *wrong)
    if values["is_primary"]:
        _only_primary(work, account_id)
    id_ = new_id()
    row = {"tenant_id": work.tenant_id, "id": id_, "account_id": account_id, "created_at": work.at, **values}
    work.connection.execute(sa.insert(contact), [row])
    history.write(work, "contact", id_, "Contact was created")
    history.write(work, "account", account_id, f"Contact {_called(values)} was added")
    return id_


def edit_contact(work: Work, contact_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of a contact."""
    permissions.require(work, "contacts:edit")
    owner, row = held_contact(work, contact_id, version)
    Account.require("add_contact", governed(owner), live=queries.is_live(work))
    Contact.require("edit", governed(row))
    values, faults = reading.contact(changes, known(work), before=row)
    if "custom_fields" in values:
        own_fields = OwnFields(work, "contact")
        values["custom_fields"], wrong = own_fields.read(values["custom_fields"], row["custom_fields"])
        faults += wrong
    if faults:
        raise Invalid(*faults)
    changed = history.edits(row, values)
    if not changed:
        return
    if "permission_rule_id" in changed:
        require_owned(work, row)
    if values.get("is_primary") and not row["is_primary"]:
        _only_primary(work, row["account_id"])
    records.write(work, contact, contact_id, {name: values[name] for name in changed})
    history.write(work, "contact", contact_id, "Contact was edited", changes=changed)


def delete_contact(work: Work, contact_id: UUID, *, version: int | None = None) -> None:
    """Delete a contact whom no order names; what was noted about him stays with the account."""
    permissions.require(work, "contacts:edit")
    owner, row = held_contact(work, contact_id, version)
    Account.require("add_contact", governed(owner), live=queries.is_live(work))
    Contact.require("delete", governed(row))
    require_owned(work, row)
    named = sa.exists().where(order.c.tenant_id == work.tenant_id, order.c.contact_id == contact_id)
    if work.connection.scalar(sa.select(named)):
        raise Refused(on_orders, remedy="Give those orders another contact first.")
    work.connection.execute(
        sa.update(activity)
        .values(about="account", about_id=row["account_id"], version=activity.c.version + 1)
        .where(activity.c.tenant_id == work.tenant_id, activity.c.about_id == contact_id)
    )
    invitations.forget(work, contact_id)
    records.remove(work, contact, contact.c.id == contact_id)
    history.write(work, "account", row["account_id"], f"Contact {_called(row)} was deleted")


def _only_primary(work: Work, account_id: UUID) -> None:
    """Let no other contact of the account be the primary one."""
    work.connection.execute(
        sa.update(contact)
        .values(is_primary=False, version=contact.c.version + 1)
        .where(contact.c.tenant_id == work.tenant_id, contact.c.account_id == account_id, contact.c.is_primary)
    )


def _called(row: Mapping[str, Any]) -> str:
    return f"{row['first_name']} {row['last_name']}".strip()
