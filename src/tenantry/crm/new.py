"""New records, as whoever makes them gives them; what is left None gets the tenant's default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


class New:
    """What is given for a record that does not exist yet."""

    def given(self) -> dict[str, Any]:
        """Give the fields that were given, by name; its parts are records of their own."""
        return {name: value for name, value in vars(self).items() if value is not None and not isinstance(value, tuple)}


@dataclass(frozen=True, kw_only=True)
class NewAddress(New):
    """An address to be; the first of an account is its billing address unless another says so."""

    name: str = ""
    street: str = ""
    street_2: str = ""
    city: str = ""
    postcode: str = ""
    state: str = ""
    country: str = ""
    phone: str = ""
    is_billing: bool = False


@dataclass(frozen=True, kw_only=True)
class NewContact(New):
    """A contact to be."""

    last_name: str
    first_name: str = ""
    company_role: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    fax: str = ""
    language: str = ""
    lead_source: str = ""
    is_primary: bool = False
    bill_to_contact: bool = False
    opt_in: bool = False
    storefront_user: bool = False
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    responsible_user_id: UUID | None = None
    permission_rule_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NewAccount(New):
    """An account to be, with its addresses and contacts. With a `parent_id` alone it is a customer of that reseller,
    who pays.
    """

    name: str
    accounting_no: str = ""
    email: str = ""
    phone: str = ""
    fax: str = ""
    website: str = ""
    industry: str = ""
    language: str = ""
    vat_number: str = ""
    source: str = ""
    registration_number: str = ""
    tax_authority: str = ""
    trading_name: str = ""
    business_activity: str = ""
    description: str = ""
    country: str = ""
    state: str = ""
    ordering_enabled: bool = True
    own_ordering_options: bool = True
    reselling_enabled: bool = False
    parent_id: UUID | None = None
    bill_to_id: UUID | None = None
    price_list_id: UUID | None = None
    payment_method_id: UUID | None = None
    currency: str | None = None
    credit_limit: Decimal | int | str = 0
    prorate_billing: bool = False
    partial_charges_invoicing: str = "at_once"
    auto_invoice_notification: bool = False
    taxation: bool = True
    separate_invoices: bool = False
    billing_day: int | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    responsible_user_id: UUID | None = None
    permission_rule_id: UUID | None = None
    addresses: tuple[NewAddress, ...] = ()
    contacts: tuple[NewContact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewActivity(New):
    """An e-mail, task, event, document or case to be, about a record."""

    kind: str
    subject: str
    about: str = "account"
    about_id: UUID
    body: str = ""
    due_at: datetime | None = None
    responsible_user_id: UUID | None = None
    permission_rule_id: UUID | None = None
