"""How accounts and what belongs to them are described."""

from tenantry.crm import fields
from tenantry.crm.history import HistoryLine
from tenantry.crm.new import NewAccount, NewActivity, NewAddress, NewContact
from tenantry.crm.queries import AccountView, ActivityView, AddressView, ContactView
from tenantry.provisioning.queries import SyncOptionView
from tenantry.provisioning.sync_options import EDITABLE, NewSyncOption
from tenantry.schema import catalog, crm
from tenantry.web.api.shapes import changed, shown, taken

NAMES = {
    "account_name": "Name of that account.",
    "responsible_user_name": "Name of that user.",
    "permission_rule_name": "Name of that rule.",
}

ADDRESS = shown(AddressView, crm.address)
CONTACT = shown(ContactView, crm.contact, **NAMES)
ACTIVITY = shown(ActivityView, crm.activity, **NAMES, about_name="What the record it relates to is called.")
ACCOUNT = shown(
    AccountView,
    crm.account,
    crm.address,
    crm.contact,
    **NAMES,
    parent_name="Name of that reseller.",
    bill_to_name="Name of who pays.",
    price_list_name="Name of that price list.",
    payment_method_name="Name of that payment method.",
    managed_by_account_id="The account of the reseller who manages it; null when nobody below does.",
    managed_by_name="Name of the reseller who manages it; null when nobody below does.",
    is_tenant_reseller="Whether it has a tenant of its own.",
    addresses="Its addresses, the first one first.",
    contacts="Its contacts, 50 at most; /contacts has them all.",
    counts="How many it has of what one may see.",
)
HISTORY_LINE = shown(
    HistoryLine, crm.history_line, field="Which field.", before="Its value before.", after="Its value after."
)
SYNC_OPTION = shown(SyncOptionView, catalog.sync_option, system_name="Name of the outside system.")

PARTS = {"addresses": "Its addresses, the first one first.", "contacts": "Its contacts."}
NEW_ACCOUNT = taken(NewAccount, crm.account, crm.address, crm.contact, **PARTS)
NEW_ADDRESS = taken(NewAddress, crm.address, name="NewAddressOfAccount")
NEW_CONTACT = taken(NewContact, crm.contact, name="NewContactOfAccount")
NEW_ACTIVITY = taken(NewActivity, crm.activity)
NEW_SYNC_OPTION = taken(NewSyncOption, catalog.sync_option)

ACCOUNT_CHANGES = changed("AccountChanges", crm.account, " ".join(fields.ACCOUNT))
ADDRESS_CHANGES = changed("AddressChanges", crm.address, " ".join(fields.ADDRESS))
CONTACT_CHANGES = changed("ContactChanges", crm.contact, " ".join(fields.CONTACT))
ACTIVITY_CHANGES = changed("ActivityChanges", crm.activity, " ".join(fields.ACTIVITY))
SYNC_OPTION_CHANGES = changed("SyncOptionChanges", catalog.sync_option, " ".join(EDITABLE))
