"""What screens and the API show of accounts, addresses, contacts and activities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.kernel.problems import Verdict


@dataclass(frozen=True, kw_only=True)
class AddressView:
    """An address of an account."""

    id: UUID
    account_id: UUID
    position: int
    name: str
    street: str
    street_2: str
    city: str
    postcode: str
    state: str
    country: str
    phone: str
    is_billing: bool
    standing: str
    created_at: datetime
    version: int
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


@dataclass(frozen=True, kw_only=True)
class ContactView:
    """A person of an account."""

    id: UUID
    account_id: UUID
    account_name: str
    first_name: str
    last_name: str
    company_role: str
    email: str
    phone: str
    mobile: str
    fax: str
    language: str
    lead_source: str
    is_primary: bool
    bill_to_contact: bool
    opt_in: bool
    custom_fields: Mapping[str, Any]
    storefront_user: bool
    standing: str
    responsible_user_id: UUID
    responsible_user_name: str
    permission_rule_id: UUID
    permission_rule_name: str
    created_at: datetime
    version: int
    ribbon: str | None
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


@dataclass(frozen=True, kw_only=True)
class ActivityView:
    """An e-mail, task, event, document or case, and what it is about."""

    id: UUID
    kind: str
    subject: str
    body: str
    status: str
    due_at: datetime | None
    about: str
    about_id: UUID
    about_name: str
    account_id: UUID | None
    account_name: str
    responsible_user_id: UUID
    responsible_user_name: str
    permission_rule_id: UUID
    permission_rule_name: str
    created_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """A customer as this tenant knows it. `counts` are of what it has that the one who asks may see; 1,001
    stands for more than 1,000.
    """

    id: UUID
    number: int
    name: str
    accounting_no: str
    email: str
    phone: str
    fax: str
    website: str
    industry: str
    language: str
    vat_number: str
    source: str
    registration_number: str
    tax_authority: str
    trading_name: str
    business_activity: str
    description: str
    custom_fields: Mapping[str, Any]
    country: str
    state: str
    status: str
    standing: str
    ordering_enabled: bool
    own_ordering_options: bool
    reselling_enabled: bool
    parent_id: UUID | None
    parent_name: str | None
    bill_to_id: UUID
    bill_to_name: str
    price_list_id: UUID | None
    price_list_name: str | None
    payment_method_id: UUID | None
    payment_method_name: str | None
    currency: str
    credit_limit: Decimal
    prorate_billing: bool
    partial_charges_invoicing: str
    auto_invoice_notification: bool
    taxation: bool
    separate_invoices: bool
    billing_day: int
    responsible_user_id: UUID
    responsible_user_name: str
    permission_rule_id: UUID
    permission_rule_name: str
    created_at: datetime
    version: int
    managed_by_account_id: UUID | None
    managed_by_name: str | None
    is_tenant_reseller: bool
    ribbon: str | None
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]
    addresses: tuple[AddressView, ...]
    contacts: tuple[ContactView, ...]
    counts: Mapping[str, int]
