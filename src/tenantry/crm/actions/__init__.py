"""What can be done with accounts, addresses, contacts and activities: one function per verb."""

from tenantry.crm.actions.activities import add_activity, delete_activity, edit_activity, finish, reopen
from tenantry.crm.actions.addresses import add_address, delete_address, edit_address, make_billing, reorder
from tenantry.crm.actions.contacts import add_contact, delete_contact, edit_contact
from tenantry.crm.actions.create import ReadAccount, create, create_many, read_many
from tenantry.crm.actions.delete import delete
from tenantry.crm.actions.edit import edit, set_bill_to
from tenantry.crm.actions.status import close, reactivate, suspend

__all__ = [
    "ReadAccount",
    "add_activity",
    "add_address",
    "add_contact",
    "close",
    "create",
    "create_many",
    "delete",
    "delete_activity",
    "delete_address",
    "delete_contact",
    "edit",
    "edit_activity",
    "edit_address",
    "edit_contact",
    "finish",
    "make_billing",
    "reactivate",
    "read_many",
    "reopen",
    "reorder",
    "set_bill_to",
    "suspend",
]
