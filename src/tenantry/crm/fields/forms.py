"""Which fields a person may give, and what each holds; whatever is not named here is set by an act of its own."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tenantry.crm.fields.readers import (
    Reader,
    amount,
    billing_day,
    choice,
    country,
    currency,
    email,
    flag,
    language,
    mapping,
    moment,
    reference,
    text,
    website,
)
from tenantry.schema.crm import account, activity

PROSE = 20_000


def _among(column: sa.Column[Any]) -> Reader:
    return choice(column.info["values"])


_access: Mapping[str, Reader] = {
    "responsible_user_id": reference(needed=True),
    "permission_rule_id": reference(needed=True),
}

ACCOUNT: Mapping[str, Reader] = {
    "name": text(needed=True),
    "accounting_no": text(),
    "email": email,
    "phone": text(100),
    "fax": text(100),
    "website": website,
    "industry": text(),
    "language": language,
    "vat_number": text(40),
    "source": text(),
    "registration_number": text(),
    "tax_authority": text(),
    "trading_name": text(),
    "business_activity": text(),
    "description": text(PROSE, prose=True),
    "country": country,
    "state": text(),
    "ordering_enabled": flag,
    "own_ordering_options": flag,
    "reselling_enabled": flag,
    "parent_id": reference(),
    "bill_to_id": reference(needed=True),
    "price_list_id": reference(),
    "payment_method_id": reference(),
    "currency": currency,
    "credit_limit": amount,
    "prorate_billing": flag,
    "partial_charges_invoicing": _among(account.c.partial_charges_invoicing),
    "auto_invoice_notification": flag,
    "taxation": flag,
    "separate_invoices": flag,
    "billing_day": billing_day,
    "custom_fields": mapping,
    **_access,
}

ADDRESS: Mapping[str, Reader] = {
    "name": text(),
    "street": text(),
    "street_2": text(),
    "city": text(),
    "postcode": text(40),
    "state": text(),
    "country": country,
    "phone": text(100),
}

CONTACT: Mapping[str, Reader] = {
    "first_name": text(),
    "last_name": text(needed=True),
    "company_role": text(),
    "email": email,
    "phone": text(100),
    "mobile": text(100),
    "fax": text(100),
    "language": language,
    "lead_source": text(),
    "is_primary": flag,
    "bill_to_contact": flag,
    "opt_in": flag,
    "storefront_user": flag,
    "custom_fields": mapping,
    **_access,
}

ACTIVITY: Mapping[str, Reader] = {
    "kind": _among(activity.c.kind),
    "subject": text(needed=True),
    "body": text(PROSE, prose=True),
    "due_at": moment,
    **_access,
}
