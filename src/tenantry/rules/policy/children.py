"""What may be done with the addresses, contacts and sync options of an account (UP-03, UP-09, UP-14)."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules import mirror_up
from tenantry.rules.policy.account import AccountAct, handed_on, no_sync, transferred
from tenantry.rules.policy.base import Act, Policy, lock_list, no, yes

resellers_address = no(
    "UP-03",
    "The billing address is the reseller's; it is changed in his tenant and updated here automatically.",
    "Ask the reseller to change it, or add another address.",
)


@dataclass(frozen=True, kw_only=True)
class AddressAct(Act):
    """A verb on an address, with its verdict for every standing."""

    own: Verdict
    mirrored: Verdict


class Address(Policy):
    """What may be done with an address."""

    edit = AddressAct(label="Edit", own=yes, mirrored=resellers_address)
    delete = AddressAct(label="Delete", own=yes, mirrored=resellers_address, danger=True)
    make_billing = AddressAct(label="Make Billing Address", own=yes, mirrored=resellers_address)

    locked = {"mirrored": {**lock_list(mirror_up.BILLING_ADDRESS.locked), "is_billing": resellers_address}}


@dataclass(frozen=True, kw_only=True)
class ContactAct(Act):
    """A verb on a contact, with its verdict for every standing."""

    own: Verdict
    moved_out: Verdict = handed_on
    transferred_out: Verdict = transferred


class Contact(Policy):
    """What may be done with a contact."""

    edit = ContactAct(label="Edit", own=yes)
    delete = ContactAct(label="Delete", own=yes, danger=True)
    add_activity = ContactAct(label="Add Activity", own=yes)
    invite_to_shop = ContactAct(label="Invite to the Storefront", own=yes)


class SyncOption(Policy):
    """What may be done with a sync option; its standing is its account's."""

    live_reads_received_as_own = True
    edit = AccountAct(label="Edit", own=yes, handed_down=no_sync, mirrored=no_sync, received=yes)
    delete = AccountAct(label="Delete", own=yes, handed_down=no_sync, mirrored=no_sync, received=yes, danger=True)
